"""Whatever a configuration says, it is read or refused with its file, and nothing else happens."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stratlint.config import describe, loading
from stratlint.config.errors import ConfigError
from stratlint.config.positions import line_of
from stratlint.config.settings import Settings, options

KEYS = [option.key for option in options(Settings)] + ["wrong", "a.b", '"quoted key"', "assumptions.gigabyte"]
VALUES = [
    "1",
    "-1",
    "true",
    '"x"',
    "[]",
    '["ALL"]',
    "[1]",
    "{}",
    "{ a = 1 }",
    "2027-01-31",
    "nan",
    "inf",
    '"""\n[x]\n"""',
]
TABLES = [
    "[severity]",
    "[assumptions]",
    "[hardware.x]",
    "[[waivers]]",
    "[waivers]",
    "[per-file-ignores]",
    "[a.b]",
    "# c",
]
LINES = st.lists(
    st.one_of(st.builds("{} = {}".format, st.sampled_from(KEYS), st.sampled_from(VALUES)), st.sampled_from(TABLES)),
    max_size=6,
)


@given(LINES)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_toml(tmp_path, lines):
    """Settings, or a `ConfigError` at a line that exists."""
    path = tmp_path / "stratlint.toml"
    text = "\n".join(lines)
    path.write_text(text, "utf-8")
    problem = _problem(path)
    assert problem is None or (problem.path and 0 <= problem.line <= text.count("\n") + 1)


def _problem(path: Path) -> ConfigError | None:
    try:
        tomllib.loads(describe.effective(loading.load(path)))
    except ConfigError as problem:
        return problem
    return None


@given(st.text(alphabet="[]\"=.\n #ab'\\", max_size=60), st.lists(st.sampled_from(["a", "b", "", 0, 1]), max_size=3))
@settings(max_examples=300, deadline=None)
def test_any_line(text, steps):
    """Places are found in any text, even one that is no TOML."""
    assert 1 <= line_of(text, steps) <= max(1, len(text.splitlines()))


def test_positions_of_a_key_that_is_absent():
    """The nearest table that holds it, or the first line."""
    assert line_of("a = 1\n[b]\nc = 1\n", ["b", "x"]) == 2
    assert line_of("", ["b"]) == 1
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads("=")
