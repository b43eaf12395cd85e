"""The small parts: globs, selection, versions, descriptions."""

from __future__ import annotations

import random
import shutil
import subprocess
import tomllib
from pathlib import Path

import jsonschema
import pytest

from stratlint.config import describe, loading
from stratlint.config.errors import ConfigError
from stratlint.config.patterns import matches
from stratlint.config.selection import active_rules, check_selectors, families_of, severity_of
from stratlint.config.settings import Settings, options
from stratlint.config.version import satisfies
from stratlint.rules.finding import Severity

FAMILIES = families_of({"a-1": "a", "a-2": "a", "b-1": "b"})


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("*.md", ["x.md", "a/b/x.md", "x.md/y"], ["x.mdx", "md"]),
        ("docs", ["docs/x", "a/docs/x", "docs"], ["docs2/x", "adocs"]),
        ("docs/", ["docs/x"], ["docs2", "docs"]),
        ("/docs", ["docs/x"], ["a/docs/x"]),
        ("a/*.md", ["a/x.md"], ["a/b/x.md", "c/a/x.md"]),
        ("a/**/*.md", ["a/x.md", "a/b/c/x.md"], ["x.md"]),
        ("**/x.md", ["x.md", "a/b/x.md"], ["ax.md"]),
        ("a/**", ["a/b", "a/b/c"], ["b/a"]),
        ("./a/b", ["a/b"], ["x/a/b"]),
        ("[ab].md", ["a.md"], ["c.md", "ab.md"]),
        ("[!ab].md", ["c.md"], ["a.md"]),
        ("a?.md", ["ab.md"], ["a.md", "a/.md"]),
        ("a\\[.md", ["a[.md"], ["a.md"]),
        ("a[.md", [], ["a[.md", "a.md"]),
        ("a(b|c)$.md", ["a(b|c)$.md"], ["ab.md"]),
        ("new\nline", ["new\nline"], ["new"]),
        ("[]-a]", ["]"], ["-"]),
    ],
)
def test_globs(pattern, yes, no):
    """Globs as .gitignore reads them."""
    assert all(matches(path, [pattern]) for path in yes)
    assert not any(matches(path, [pattern]) for path in no)


def test_the_last_pattern_that_speaks_of_a_path_decides():
    """`!` takes back what an earlier pattern takes."""
    assert matches("docs/a.md", ["docs", "!docs/keep.md"])
    assert not matches("drafts/keep.md", ["drafts/*.md", "!keep.md"])
    assert not matches("docs/a.md", ["!docs"]) and not matches("docs/a.md", [])


def test_a_slash_at_the_end_is_for_folders():
    """`old/` leaves a file of that name alone, and takes a folder with all that is in it."""
    assert not matches("old", ["old/"])
    assert matches("old", ["old/"], folder=True) and matches("a/old/x.md", ["old/"])


@pytest.mark.parametrize("pattern", ["!", "docs\\", "[z-a].md", "[[:alpha:]].md"])
def test_a_pattern_that_cannot_be_read_is_refused(pattern):
    """And named: one that silently matches nothing would hide a mistake."""
    with pytest.raises(ConfigError) as refused:
        matches("a.md", ["*.txt", pattern])
    assert f'"{pattern}"' in str(refused.value)


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_git_says_the_same(tmp_path):
    """Whatever is put together of names, stars and slashes: what git ignores under a pattern is what matches it."""
    chance = random.Random(7)
    names = ["a", "b", "docs", "x.md", "a.md", "[a].md", ".hidden", "é.md", "a b.md"]
    pieces = [*names, "*", "**", "*.md", "?", "a*", "[ab]*", "[!a]*", "**.md", "a**b"]
    files = sorted({"/".join(chance.choice(names) for _ in range(chance.randint(1, 4))) for _ in range(80)})
    real = [file for file in files if _made(tmp_path / file)]
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    for _ in range(40):
        pattern = "/".join(chance.choice(pieces) for _ in range(chance.randint(1, 3)))
        pattern = chance.choice(["", "", "/"]) + pattern + chance.choice(["", "", "/"])
        (tmp_path / ".gitignore").write_text(f"{pattern}\n", "utf-8")
        asked = ["git", "-C", str(tmp_path), "check-ignore", "--no-index", "-z", "--stdin"]
        said = subprocess.run(asked, input="\0".join(real).encode(), capture_output=True, check=False).stdout.decode()
        assert {file for file in real if matches(file, [pattern])} == {each for each in said.split("\0") if each}, pattern


def _made(path: Path) -> bool:
    """Whether a file could be made there: the place may be a folder already, or below a file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(exist_ok=False)
    except OSError:
        return False
    return True


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (Settings(), {"a-1", "a-2", "b-1"}),
        (Settings(select=("a",)), {"a-1", "a-2"}),
        (Settings(select=("a",), ignore=("a-1",)), {"a-2"}),
        (Settings(select=("a-1",), ignore=("a",)), {"a-1"}),
        (Settings(select=("a-1",), ignore=("a-1",)), set()),
        (Settings(ignore=("ALL",), extend_select=("b",)), {"b-1"}),
        (Settings(per_file_ignores={"x/**": ("a",), "*.md": ("b-1",)}), {"a-1", "a-2"}),
        (Settings(select=("a-1",), per_file_ignores={"*.md": ("ALL",)}), set()),
    ],
)
def test_selection(settings, expected):
    """By name beats by family beats ALL; at equal rank ignore wins; per-file ignores always do."""
    own = families_of({}).keys()

    assert expected == active_rules(settings, "doc.md", FAMILIES) - own


def test_a_configuration_may_still_name_what_was_a_rule_once():
    """`internal-error` can be ignored or selected as before; nothing has that name any more."""
    check_selectors([("internal-error", "f", 1)], FAMILIES)

    assert "internal-error" not in active_rules(Settings(extend_select=("internal-error",)), "doc.md", FAMILIES)


def test_patterns_are_relative_to_the_configuration(tmp_path, monkeypatch):
    """`per-file-ignores` mean the same from every working directory."""
    (tmp_path / "x").mkdir()
    monkeypatch.chdir(tmp_path / "x")
    settings = Settings(per_file_ignores={"x/*.md": ("a",)}, root=str(tmp_path))

    assert "a-1" not in active_rules(settings, "doc.md", FAMILIES)
    assert "a-1" in active_rules(settings, "../doc.md", FAMILIES)


def test_severity():
    """By rule, else by family, else the finding's own."""
    settings = Settings(severity={"a": Severity.INFO, "a-1": Severity.WARNING})

    assert [severity_of(settings, rule, FAMILIES[rule], Severity.ERROR) for rule in ("a-1", "a-2", "b-1")] == [
        Severity.WARNING,
        Severity.INFO,
        Severity.ERROR,
    ]


def test_unknown_selectors():
    """Refused with file, line and the nearest name."""
    check_selectors([("ALL", "f", 1), ("a", "f", 1), ("b-1", "f", 1), ("unused-suppression", "f", 1)], FAMILIES)
    with pytest.raises(ConfigError, match=r'f:7: unknown rule "b-2"; did you mean "b-1"\?'):
        check_selectors([("b-2", "f", 7)], FAMILIES)


@pytest.mark.parametrize(
    ("version", "requirement", "met"),
    [
        ("0.1.0", ">=0.1", True),
        ("0.1.0", "==0.1", True),
        ("0.1.0", "0.1", True),
        ("0.10.0", ">0.9", True),
        ("0.1.0", "<0.1", False),
        ("0.1.5", "~=0.1.2", True),
        ("0.2.0", "~=0.1.2", False),
        ("0.2.0", "!=0.2", False),
        ("1.0rc1", ">=1", True),
        ("0.1.0", ">= 0.1, < 1", True),
        ("0.1.0", ">=0.1 <1", None),
        ("0.1", "", None),
    ],
)
def test_versions(version, requirement, met):
    """Requirements as in packaging, the part that is needed."""
    assert met is satisfies(version, requirement)


def test_schema_accepts_what_is_accepted_and_refuses_the_rest():
    """The JSON schema is a valid one and agrees with the reader."""
    schema = describe.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)

    assert validator.is_valid({"select": ["a"], "assumptions": {"gigabyte": "binary"}, "hardware": {"x": {"memory": "1"}}})
    assert not validator.is_valid({"selct": []})
    assert not validator.is_valid({"waivers": [{"rule": "a"}]})
    assert {option.key for option in options(Settings)} == schema["properties"].keys()


def test_starter_is_a_configuration(tmp_path, monkeypatch):
    """As printed it changes nothing; with every line uncommented it is still read."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    text = describe.starter()
    (tmp_path / "stratlint.toml").write_text(text)
    assert tomllib.loads(text) == {}
    active = [line[2:] for line in text.splitlines() if line.startswith("# ") and (" = " in line or line[2] == "[")]
    keep = [line for line in active if not line.startswith(("extend =", "required-version"))]
    assert all(option.key in text for option in options(Settings))
    (tmp_path / "stratlint.toml").write_text("\n".join(keep).replace('"waivers"', "x"))
    raw = tomllib.loads("\n".join(keep))
    assert {"assumptions", "hardware", "waivers", "severity", "per-file-ignores"} <= raw.keys()


def test_effective_settings_are_a_configuration_again(tmp_path, monkeypatch):
    """`config show` can be saved and used: the same settings come out."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    path = Path("stratlint.toml")
    path.write_text(
        'fail-on = "info"\n[severity]\n"a-1" = "info"\n[hardware."x y"]\nmemory = "64 \\u001b GB"\n'
        '[[waivers]]\nrule = "a"\npath = "b"\nreason = "c"\nexpires = 2027-01-31\n'
    )
    first = loading.discover(tmp_path)
    shown = describe.effective(first)
    assert 'fail-on = "info"  # from stratlint.toml:1' in shown and 'select = ["ALL"]  # default' in shown
    path.write_text(shown)
    again = loading.discover(tmp_path).settings

    assert first.settings.waivers[0].expires == again.waivers[0].expires
    assert (first.settings.severity, first.settings.hardware) == (again.severity, again.hardware)
    assert "\x1b" not in shown
