"""The other commands, and what all of them share."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tomllib

import pytest

from stratlint.cli.commands import COMMAND_NAMES
from stratlint.cli.parser import build


def test_importing_the_command_line_is_cheap():
    """Neither it nor its parser imports the engine: `--help` and completion must not wait for pint."""
    heavy = ("pint", "lark", "rich", "markdown_it", "yaml", "concurrent.futures", "stratlint.checking")
    code = (
        "import sys; import stratlint.cli, stratlint.cli.parser; stratlint.cli.parser.build();"
        f"print([each for each in {heavy!r} if each in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def option_names(parser, words=()):
    """The options of every level of the command line: `()`, `("check",)`, `("config", "show")`."""
    yield words, {name for action in parser._actions for name in action.option_strings}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield from option_names(inner, (*words, name))


def test_each_option_is_declared_once():
    """No option stands on a command and above it, where one of them would be lost; every command has a summary."""
    seen = dict(option_names(build()))
    for words, names in seen.items():
        for above in range(len(words)):
            assert {"-h", "--help"} >= names & seen[words[:above]]
    assert set(COMMAND_NAMES) == {words[0] for words in seen if len(words) == 1}


def test_claims(run, project):
    """The ledger: place, text, kind, status, reason and the coverage, as text and as data."""
    (project / "a.md").write_text("There are 8 GPUs and 3? x.\n")
    result = run("claims", "a.md")
    lines = result.out.splitlines()

    assert result.code == 0 and lines[0] == "a.md"
    assert re.match(r"1:11 +8 +\? +not checked: alone$", lines[2])
    assert lines[-1].endswith("1 of 2 understood (50 %)")
    (row,) = json.loads(run("claims", "a.md", "--unknown", "--output-format", "json").out)
    assert (row["text"], row["understood"], row["line"], row["column"], row["end_column"]) == ("3?", False, 1, 22, 24)
    assert len(run("claims", "a.md", "--output-format", "jsonl").out.splitlines()) == 2


def test_claims_of_a_missing_file_is_2(run, project):
    """The same exit codes as `check`; findings do not matter."""
    (project / "a.md").write_text("It is 1 WRONG.\n")

    assert run("claims", "absent.md").code == 2
    assert run("claims", "a.md").code == 0


def test_claims_are_printed_safely(run, project):
    """Document text in the table moves no cursor."""
    (project / "a.md").write_text("\x1b[31m8 \u202e9\n")

    assert not {"\x1b", "\u202e"} & set(run("claims", "a.md").out)


def test_a_defect_outside_of_any_document(run, monkeypatch):
    """One line and 2, no traceback."""
    rules = sys.modules["stratlint.rules.registry"].load_rules()
    monkeypatch.setattr(type(rules), "explain", lambda self, name, width: 1 / 0)
    result = run("explain", "product-mismatch")

    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("stratlint: error: internal error: ZeroDivisionError: division by zero at test_")


def test_explain(run):
    """A rule's page; an unknown name is answered with the nearest."""
    assert run("explain", "product-mismatch").out == "product-mismatch: two numbers disagree\n"
    assert "silences nothing" in run("explain", "unused-suppression").out
    result = run("explain", "product-mismach")
    assert (result.code, result.out) == (2, "") and 'did you mean "product-mismatch"?' in result.err


def test_rules(run):
    """All of them with severity and family, in three forms; those about suppressions included."""
    assert re.search(r"^product-mismatch +error +arithmetic +two numbers disagree$", run("rules").out, re.MULTILINE)
    rows = json.loads(run("rules", "--output-format", "json").out)
    assert {"product-mismatch", "unused-suppression"} <= {row["name"] for row in rows}
    assert "| `product-mismatch` |  | error | arithmetic |" in run("rules", "--output-format", "markdown").out


def test_config(run, project):
    """Show, schema and init; a starter never overwrites."""
    (project / "stratlint.toml").write_text('fail-on = "info"\n')
    shown = run("config", "show")
    assert 'fail-on = "info"  # from stratlint.toml:1' in shown.out and "configuration: " in shown.err
    assert tomllib.loads(shown.out)["fail-on"] == "info"
    over = run("config", "show", "--config", 'fail-on = "never"')
    assert 'fail-on = "never"  # from --config' in over.out
    assert 'fail-on = "error"  # default' in run("config", "show", "--isolated").out
    assert json.loads(run("config", "schema").out)["properties"]["fail-on"]
    assert run("config", "init", "stratlint.toml").code == 2
    assert run("config", "init", "new.toml").code == 0
    assert (project / "new.toml").read_text() == run("config", "init").out
    assert run("config", "init", "pyproject.toml").code == 0
    assert tomllib.loads((project / "pyproject.toml").read_text()) == {"tool": {"stratlint": {}}}
    assert run("config").code == 2


def test_config_sources(run, project, monkeypatch):
    """`--config FILE` replaces the nearest, the environment names a default one, `--isolated` forgets all."""
    (project / "stratlint.toml").write_text('fail-on = "info"\n')
    (project / "ci.toml").write_text('fail-on = "never"\n')

    def fail_on(*options: str) -> str:
        return tomllib.loads(run("config", "show", *options).out)["fail-on"]

    assert fail_on("--config", "ci.toml") == "never"
    assert fail_on("--config", "ci.toml", "--config", "fail-on='warning'") == "warning"
    monkeypatch.setenv("STRATLINT_CONFIG", "ci.toml")
    assert fail_on() == "never"
    assert fail_on("--isolated") == "error"
    monkeypatch.setenv("STRATLINT_CONFIG", "absent.toml")
    assert run("config", "show").code == 2
    assert run("check", "--config", "absent.toml").code == 2
    assert run("check", "--config", "ci.toml", "--config", "stratlint.toml").code == 2


def test_each_document_has_the_settings_of_its_folder(run, project):
    """The nearest file holds for each document, its `fail-on` and excludes included."""
    for folder in ("strict", "lax"):
        (project / folder).mkdir()
        (project / folder / "a.md").write_text("It is 3 ODD.\n")
    (project / "strict" / "stratlint.toml").write_text('fail-on = "warning"\n')
    (project / "lax" / "stratlint.toml").write_text('exclude = ["a.md"]\n')

    assert run("check", "strict").code == 1
    assert run("check", "lax/a.md").code == 0
    assert run("check", "--show-files").out == "strict/a.md\n"


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ('select = ["arithmetc"]', 'stratlint.toml:1: unknown rule "arithmetc"; did you mean "arithmetic"?'),
        ('ignore = [\n  "remark",\n  "remrak"]', 'stratlint.toml:3: unknown rule "remrak"; did you mean "remark"?'),
        ('[severity]\nx = "info"', 'stratlint.toml:2: unknown rule "x"'),
        ('[per-file-ignores]\n"*" = ["y"]', 'stratlint.toml:2: unknown rule "y"'),
        ('[[waivers]]\nrule="z"\npath="*"\nreason="r"', 'stratlint.toml:2: unknown rule "z"'),
        ('output-format = "fulll"', 'unknown format "fulll"; did you mean "full"?'),
    ],
)
def test_rules_in_the_configuration_must_exist(run, project, config, message):
    """A typo in a rule's name would otherwise switch it off, or on, unnoticed."""
    (project / "a.md").write_text("1")
    (project / "stratlint.toml").write_text(config)
    result = run("check", "a.md")

    assert (result.code, result.out) == (2, "") and message in result.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions(run, shell):
    """Scripts name every command and option and, where the shell is there, parse."""
    script = run("completions", shell).out
    assert all(name in script for name in (*COMMAND_NAMES, "min-coverage", "diff-base"))
    if program := shutil.which(shell):
        subprocess.run([program, "-n"], input=script.encode(), check=True)


COMPLETED = [
    ("stratlint ch", {"check"}),
    ("stratlint check --min", {"--min-coverage"}),
    ("stratlint config s", {"show", "schema"}),
    ("stratlint check --fail-on w", {"warning"}),
    ("stratlint check --fail-on error --diff-f", {"--diff-fixes"}),
    ("stratlint completions z", {"zsh"}),
    ("stratlint check --output-format sa", {"sarif"}),
    ("stratlint rules --output-format j", {"json"}),
    ("stratlint explain wrong-prod", {"wrong-product"}),
    ("stratlint explain unused-", {"unused-suppression"}),
    ("stratlint check --ignore arith", {"arithmetic"}),
    ("stratlint check pl", {"plan.md"}),
    ("stratlint check --baseline pl", {"plan.md"}),
    ("stratlint model pl", {"plan.md"}),
]


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
@pytest.mark.parametrize(("line", "expected"), COMPLETED)
def test_bash_completes(run, project, line, expected):
    """Commands, options, their values, rules by name, and files where files are meant."""
    (project / "plan.md").write_text("# Plan\n")
    words = line.split(" ")
    script = run("completions", "bash").out + (
        f'COMP_WORDS=({" ".join(words)}); COMP_CWORD={len(words) - 1}; _shtab_stratlint; echo "${{COMPREPLY[@]}}"'
    )
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)

    assert expected == set(done.stdout.split())


@pytest.mark.skipif(not shutil.which("fish"), reason="needs fish")
@pytest.mark.parametrize(("line", "expected"), COMPLETED)
def test_fish_completes(run, project, line, expected):
    """The same; fish says what each is for, after a tab."""
    (project / "plan.md").write_text("# Plan\n")
    (project / "c.fish").write_text(run("completions", "fish").out)
    done = subprocess.run(["fish", "-N", "-c", f"source c.fish; complete -C '{line}'"], capture_output=True, text=True, check=True)

    assert expected == {each.split("\t")[0] for each in done.stdout.splitlines()}


def test_model(run, project):
    """A model's own configuration, counted; what cannot be used is 2."""
    (project / "c.json").write_text(
        json.dumps(
            {
                "architectures": ["LlamaForCausalLM"],
                "hidden_size": 4096,
                "num_hidden_layers": 32,
                "num_attention_heads": 32,
                "num_key_value_heads": 8,
                "intermediate_size": 14336,
                "vocab_size": 128256,
            }
        )
    )
    assert "8,030,261,248" in run("model", "c.json").out
    assert json.loads(run("model", "c.json", "--output-format", "json").out)["total"] == 8030261248
    for text in ("", "[]", "{}", "{", '{"architectures": ["Nope"]}', "[" * 100_000):
        (project / "d.json").write_text(text)
        result = run("model", "d.json")
        assert (result.code, result.out) == (2, "") and result.err.startswith("stratlint: error: d.json: ")
    assert run("model", "absent.json").code == 2
    assert run("model", "c.json", "--precision", "fp1").code == 2


def test_module_and_pipe(project):
    """`python -m stratlint` works, and a reader that leaves causes no noise."""
    done = subprocess.run(f"{sys.executable} -m stratlint config schema | head -1", shell=True, capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("{\n", "")
