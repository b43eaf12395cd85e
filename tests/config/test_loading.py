"""Configuration files: which one holds, what they may say, and where a mistake stands."""

from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path

import pytest

from stratlint.config import loading
from stratlint.config.errors import ConfigError
from stratlint.config.settings import HouseDevice, Settings
from stratlint.rules.finding import Severity


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, below a repository's root."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(project: Path, text: str) -> Settings:
    """The settings of a file with this text."""
    (project / "stratlint.toml").write_text(text, "utf-8")
    return loading.discover(project).settings


def failure(project: Path, text: str) -> str:
    """The error of a file with this text."""
    with pytest.raises(ConfigError) as caught:
        settings(project, text)
    return str(caught.value)


def test_everything_at_once(project):
    """Each kind of option is read into its type."""
    read = settings(
        project,
        """
select = ["memory"]
extend-select = ["zero-latency"]
fail-on = "warning"
min-coverage = 80
max-file-size = "1 MiB"
force-exclude = true
baseline = "base.json"
givens = ["config.json"]
rule-pages = "https://example.com/{rule}"
rules = ["our"]
[severity]
zero-latency = "info"
[per-file-ignores]
"drafts/**" = ["ALL"]
[assumptions]
gigabyte = "decimal"
world-size = ["folded"]
approx-tolerance = 0.2
[hardware."house-gpu"]
memory = "64 GB"
[[waivers]]
rule = "capacity-exceeded"
path = "docs/plan.md"
claim = "76.11 GB"
reason = "host offload"
expires = 2027-01-31
""",
    )

    assert read.select == ("memory",) and read.extend_select == ("zero-latency",)
    assert (read.fail_on, read.min_coverage, read.max_file_size, read.force_exclude) == ("warning", 80.0, 1 << 20, True)
    assert str(project / "base.json") == read.baseline and (str(project / "config.json"),) == read.givens
    assert read.rule_pages == "https://example.com/{rule}"
    assert read.severity == {"zero-latency": Severity.INFO}
    assert read.per_file_ignores == {"drafts/**": ("ALL",)}
    assert (read.assumptions.gigabyte, read.assumptions.world_size, read.assumptions.approx_tolerance) == (
        "decimal",
        ("folded",),
        0.2,
    )
    assert {"house-gpu": HouseDevice(memory="64 GB")} == read.hardware
    assert ("76.11 GB", date(2027, 1, 31), "stratlint.toml:22") == (
        read.waivers[0].claim,
        read.waivers[0].expires,
        read.waivers[0].where,
    )
    assert read == pickle.loads(pickle.dumps(read))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('selct = ["x"]', 'stratlint.toml:1: unknown key "selct"; did you mean "select"?'),
        ("\n\nfail_on = 'error'", 'stratlint.toml:3: unknown key "fail_on"; did you mean "fail-on"?'),
        (
            "[assumptions]\ngigabyt = 'either'",
            'stratlint.toml:2: unknown key "gigabyt" in "assumptions"; did you mean "gigabyte"?',
        ),
        (
            "# x\nassumptions.gigabyte = 'decimel'",
            'stratlint.toml:2: "assumptions.gigabyte" must be one of either, decimal, binary, not \'decimel\'; did you mean "decimal"?',
        ),
        ("select = 'all'", "stratlint.toml:1: \"select\" must be a list of strings, not 'all'"),
        ("select = ['a',\n 3]", 'stratlint.toml:1: "select" must be a list of strings, not 3'),
        ("min-coverage = 101", 'stratlint.toml:1: "min-coverage" must be a percentage from 0 to 100, not 101'),
        ("min-coverage = true", 'stratlint.toml:1: "min-coverage" must be a percentage from 0 to 100, not true'),
        ("force-exclude = 'yes'", "stratlint.toml:1: \"force-exclude\" must be true or false, not 'yes'"),
        ("max-file-size = 'big'", '"max-file-size" must be a size such as 1000000 or "64 MiB", not \'big\''),
        ("rule-pages = 'javascript:{rule}'", '"rule-pages" must be an address such as "https://example.com/rules/{rule}"'),
        ("rule-pages = 'https://a.b/c'", '"rule-pages" must be an address such as "https://example.com/rules/{rule}"'),
        ("assumptions = 3", "stratlint.toml:1: assumptions must be a table, not a number"),
        ("[hardware]\nx = 3", "stratlint.toml:2: hardware.x must be a table, not a number"),
        ("[hardware.x]\nmemory = 64", 'stratlint.toml:2: "hardware.x.memory" must be a string, not 64'),
        (
            "[severity]\na = 'warn'",
            'stratlint.toml:2: "severity.a" must be one of error, warning, info, not \'warn\'; did you mean "warning"?',
        ),
        (
            "[[waivers]]\nrule = 'a'\npath='x'\nreason='y'\n[[waivers]]\nrule = 'b'",
            'stratlint.toml:5: "path" is missing in "waivers.2"',
        ),
        (
            "[[waivers]]\nrule='a'\npath='x'\nreason='y'\nexpires='2027'",
            'stratlint.toml:5: "waivers.1.expires" must be a date',
        ),
        ("[assumptions]\nworld-size = [\n 'folded',\n 'foldd']", "stratlint.toml:4: "),
        (
            "[assumptions]\napprox-tolerance = inf",
            '"assumptions.approx-tolerance" must be a number that is not negative',
        ),
        ("x = ", "stratlint.toml:1: not valid TOML"),
        ("[a\n", "stratlint.toml:1: not valid TOML"),
        ("extend = 'absent.toml'", 'stratlint.toml:1: "extend" names absent.toml, which is not a file'),
        ("extend = 'stratlint.toml'", "`extend` goes in a circle"),
        ("required-version = '>=99'", "stratlint.toml:1: this is stratlint "),
        ("required-version = 'new'", 'stratlint.toml:1: "new" is not a version requirement'),
    ],
)
def test_mistakes(project, text, message, monkeypatch):
    """Unknown keys, wrong types and wrong values are errors with file, line and the nearest right name."""
    monkeypatch.setattr("stratlint.config.version.installed_version", lambda: "0.1.0")

    assert message in failure(project, text)


def test_lines_behind_traps(project):
    """Lines are right below multi-line strings, quoted and dotted keys, comments and arrays of tables."""
    assert failure(project, '[hardware."a.b"] # x\nsource = """\n[x]\nmemory = 3\n"""\nmemory = 3').startswith(
        'stratlint.toml:6: "hardware.a.b.memory"'
    )
    assert failure(project, '[hardware]\n"a b".memory = "1"\n"a b".wrong = 1\n').startswith("stratlint.toml:3: ")
    assert failure(project, '[hardware]\nx = { memory = "1", wrong = 2 }\n').startswith("stratlint.toml:2: ")


def test_nearest_file_wins_and_the_search_ends_at_the_repository(project):
    """No merge: the nearest file holds alone; a file above `.git` never."""
    (project.parent / "stratlint.toml").write_text('fail-on = "info"')
    inner = project / "a" / "b"
    inner.mkdir(parents=True)
    assert Settings() == loading.discover(inner).settings
    (project / "pyproject.toml").write_text("[tool.stratlint]\nfail-on = 'never'\nforce-exclude = true")
    assert loading.discover(inner).settings.fail_on == "never"
    (project / "a" / "pyproject.toml").write_text("[tool.other]\nx = 1")
    assert loading.discover(inner).settings.fail_on == "never"
    (project / "a" / ".stratlint.toml").write_text("fail-on = 'warning'")
    (project / "a" / "stratlint.toml").write_text("fail-on = 'info'")
    found = loading.discover(inner)
    assert ("warning", False, str(project / "a")) == (
        found.settings.fail_on,
        found.settings.force_exclude,
        found.settings.root,
    )
    (project.parent / "stratlint.toml").unlink()


def test_pyproject_lines(project):
    """Lines count from the top of pyproject.toml."""
    (project / "pyproject.toml").write_text("[project]\nname = 'x'\n\n[tool.stratlint.assumptions]\nwrong = 1\n")

    with pytest.raises(ConfigError, match=r'pyproject.toml:5: unknown key "wrong" in "assumptions"'):
        loading.discover(project)


def test_extend(project):
    """Keys of the file win, tables are merged key by key, paths belong to the file that says them."""
    (project / "base").mkdir()
    (project / "base" / "b.toml").write_text(
        "select = ['memory']\nbaseline = 'x.json'\n[severity]\na = 'info'\nb = 'info'\n[assumptions]\ngigabyte = 'binary'\n"
    )
    read = settings(project, "extend = 'base/b.toml'\n[severity]\nb = 'error'\n[assumptions]\nmodel = 'm'\n")

    assert read.select == ("memory",) and str(project / "base" / "x.json") == read.baseline
    assert read.severity == {"a": Severity.INFO, "b": Severity.ERROR}
    assert (read.assumptions.gigabyte, read.assumptions.model) == ("binary", "m")
    assert str(project) == read.root
    loaded = loading.discover(project)
    assert loaded.origins["select"] == "base/b.toml:1" and loaded.origins["severity.b"] == "stratlint.toml:3"
    assert sorted(each for each in loaded.selectors if len(each[0]) == 1) == [
        ("a", "base/b.toml", 4),
        ("b", "base/b.toml", 5),
        ("b", "stratlint.toml", 3),
    ]


def test_override_and_overlay(project):
    """`--config 'key = value'` and a document's front matter go on top; the latter may set assumptions only."""
    loaded = loading.override(loading.Loaded(), "assumptions.gigabyte = 'binary'", "--config")
    assert loaded.settings.assumptions.gigabyte == "binary"
    with pytest.raises(ConfigError, match=r"--config: `x` is not `key = value` in TOML"):
        loading.override(loading.Loaded(), "x", "--config")
    over = loading.overlay(loaded.settings, {"assumptions": {"model": "m"}, "hardware": {"h": {"memory": "1 GB"}}}, "a.md")
    assert (over.assumptions.gigabyte, over.assumptions.model, over.hardware["h"].memory) == ("binary", "m", "1 GB")
    with pytest.raises(ConfigError, match=r'a.md: "ignore" cannot be set here, only assumptions, hardware'):
        loading.overlay(Settings(), {"ignore": ["ALL"]}, "a.md")
    with pytest.raises(ConfigError, match="must be a table, not a string"):
        loading.overlay(Settings(), "x", "a.md")


@pytest.mark.parametrize("data", [b"\xff\xfe", b"x" * (5 << 20), b"a = " + b"[" * 5000])
def test_unreadable_files(project, data):
    """No bytes of a configuration crash the run."""
    (project / "stratlint.toml").write_bytes(data)

    with pytest.raises(ConfigError, match=r"^(?!$)"):
        loading.discover(project)
    assert str(failure_of(project)).startswith("stratlint.toml:")


def failure_of(project: Path) -> ConfigError:
    """The error of the file that is there."""
    with pytest.raises(ConfigError) as caught:
        loading.discover(project)
    return caught.value
