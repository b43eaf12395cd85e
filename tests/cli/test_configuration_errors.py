"""What a configuration names and what the real engine cannot use: told with file and line before anything is read."""

from __future__ import annotations

import pytest

from stratlint.cli import examine


@pytest.fixture(autouse=True)
def engine():
    """The real one, with nothing left over from another test."""
    examine.rule_set.cache_clear()
    examine.families.cache_clear()


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ('rules = ["absent.yaml"]\n', 'stratlint.toml:1: "rules" names absent.yaml, which does not exist'),
        ('givens = ["absent.json"]\n', 'stratlint.toml:1: "givens" names absent.json, which does not exist'),
        (
            '[hardware.house]\nsource = "x"\nmemory = "48 apples"\n',
            "stratlint.toml:3: `hardware.house.memory`: cannot read `48 apples` as one number with a unit",
        ),
        (
            '[hardware.house]\nmemory = "48 TB/s"\n',
            "stratlint.toml:2: `hardware.house.memory`: `48 TB/s` is not of its dimension; write it like `64 GB`",
        ),
        ('baseline = "absent.json"\n', "no baseline: no such file or directory; `stratlint baseline` writes one"),
    ],
)
def test_a_wrong_value_is_told_with_its_line(run, project, config, said):
    (project / "plan.md").write_text("2 × 3 = 7\n")
    (project / "stratlint.toml").write_text(config)
    result = run("check", "plan.md")

    assert result.code == 2 and result.out == ""
    assert said in result.err


def test_a_wrong_value_of_the_command_line_has_no_line(run, project):
    (project / "plan.md").write_text("2 × 3 = 7\n")
    result = run("check", "--config", 'hardware.house.memory = "48 apples"', "plan.md")

    assert result.code == 2
    assert "--config: `hardware.house.memory`: cannot read `48 apples`" in result.err
