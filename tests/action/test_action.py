"""`action.yml`: its steps on a scratch repository, and what must never be in it."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from stratlint.document import parse
from stratlint.readers.blocks import page_blocks
from stratlint.readers.file import BlockReadings, Objection, ReadingsFile, save_file

ACTION = yaml.safe_load((Path(__file__).parents[2] / "action.yml").read_text("utf-8"))
STEPS = ACTION["runs"]["steps"]
WRONG = "# Plan\n\nWeights: 30B × 2 bytes = 80 GB\n"
RIGHT = "# Plan\n\nWeights: 30B × 2 bytes = 60 GB\n"


# -- the file ---------------------------------------------------------------------------------------------------------
def test_no_expression_stands_in_a_script() -> None:
    assert not [each["name"] for each in STEPS if "${{" in each.get("run", "")]


def test_every_input_is_used_and_described() -> None:
    text = json.dumps(STEPS)
    for name, declared in ACTION["inputs"].items():
        assert f"inputs.{name}" in text
        assert declared["description"] and "default" in declared


def test_the_token_goes_to_the_review_alone() -> None:
    holders = [each["name"] for each in STEPS if "inputs.token" in json.dumps(each)]
    assert holders == ["Review"]


def test_the_readers_key_is_blank_but_for_the_review() -> None:
    """It comes from the environment of the job; whatever is installed or checked has no use for it."""
    blank = [each["name"] for each in STEPS if each.get("env", {}).get("OPENAI_API_KEY") == ""]
    assert blank == ["Install stratlint", "Check"]
    assert "secrets." not in json.dumps(ACTION)


def test_other_actions_are_pinned_by_commit() -> None:
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", each["uses"]) for each in STEPS if "uses" in each)


def test_scripts_name_their_shell_and_parse() -> None:
    for step in STEPS:
        if "run" in step:
            assert step["shell"] == "bash"
            subprocess.run(["bash", "-n"], input=step["run"], text=True, check=True)


# -- the check --------------------------------------------------------------------------------------------------------
def test_findings_fail_the_step_and_are_annotated(action) -> None:
    (action.workspace / "plan.md").write_text(WRONG)
    (action.workspace / "right.md").write_text(RIGHT)
    outcome = action.run(sarif="out/report.sarif" if (action.workspace / "out").mkdir() is None else "")
    assert outcome.code == 1, outcome.log
    assert re.search(r"^::error file=plan\.md,line=3,.*title=stratlint", outcome.log, re.MULTILINE)
    assert outcome.outputs == {
        "exit-code": "1",
        "errors": "1",
        "sarif": str(action.workspace / "out/report.sarif"),
    }
    sarif = json.loads((action.workspace / "out/report.sarif").read_text())
    assert len(sarif["runs"][0]["results"]) == 1
    assert outcome.summary.startswith("## stratlint") and "80 GB" in outcome.summary
    assert outcome.ran == ["Check", "Result"]


def test_a_clean_repository(action) -> None:
    (action.workspace / "plan.md").write_text(RIGHT)
    outcome = action.run()
    assert outcome.code == 0, outcome.log
    assert outcome.outputs == {"exit-code": "0", "errors": "0", "sarif": ""}


def test_accepted_findings_do_not_become_alerts(action) -> None:
    """Code scanning opens one for every result, suppressed or not."""
    (action.workspace / "plan.md").write_text(WRONG.replace("80 GB", "80 GB <!-- stratlint: ignore[wrong-product]: x -->"))
    outcome = action.run(sarif="report.sarif")
    assert outcome.code == 0, outcome.log
    assert "1 silenced" in outcome.summary
    assert json.loads((action.workspace / "report.sarif").read_text())["runs"][0]["results"] == []


def test_what_a_pull_request_objects_lowers_only_with_the_base(action) -> None:
    """Its own objections are shown; those of the base branch count; an unknown base has none."""

    def git(*arguments: str) -> str:
        identity = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
        command = ["git", "-C", str(action.workspace), *identity, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def commit() -> str:
        git("add", ".")
        git("commit", "-q", "-m", "x")
        return git("rev-parse", "HEAD")

    (action.workspace / "plan.md").write_text(WRONG)
    (action.workspace / "stratlint.toml").write_text('disputed = "warning"\n')
    before = commit()
    block = page_blocks(parse(WRONG))[0]
    objected = BlockReadings(block.hash, block.first, (), (Objection(3, "80 GB", "quoted"),))
    save_file(ReadingsFile((objected,)), action.workspace / ".stratlint/readings/plan.md.yaml")
    after = commit()
    outcomes = {base: action.run(base=base) for base in ("", before, after, "0" * 40)}
    assert {base: outcome.code for base, outcome in outcomes.items()} == {"": 0, before: 1, after: 0, "0" * 40: 1}
    assert all("disputed by" in outcome.log for outcome in outcomes.values())


def test_nothing_to_read_is_an_error(action) -> None:
    outcome = action.run()
    assert outcome.code == 2
    assert outcome.outputs["exit-code"] == "2"


def test_inputs(action) -> None:
    (action.workspace / "docs").mkdir()
    (action.workspace / "docs/a plan.md").write_text(WRONG)
    (action.workspace / "docs/-x.md").write_text(WRONG)
    (action.workspace / "docs/other.md").write_text(WRONG)
    outcome = action.run(
        working_directory="docs",
        paths="a plan.md\r\n-x.md\n",
        fail_on="never",
        annotations="false",
        args="--statistics -v",
    )
    assert outcome.code == 0, outcome.log
    assert outcome.outputs["errors"] == "2"
    assert "::error" not in outcome.log
    assert "wrong-product" in outcome.log


HOSTILE = (
    "$(touch pwned)",
    "`touch pwned`",
    "; touch pwned",
    "x\ntouch pwned",
    "' ; touch pwned ; '",
    '" ; touch pwned ; "',
    "&& touch pwned",
    "| touch pwned",
    "${IFS}touch${IFS}pwned",
    "x\nexit-code=0",
)


@pytest.fixture
def listening(action):
    """The action with a stand-in for stratlint that writes down the words it is called with, and finds something."""
    tools = action.temp / "bin"
    tools.mkdir()
    (tools / "stratlint").write_text('#!/bin/bash\nprintf "%s\\0" "$@" > "$RUNNER_TEMP/called"\nexit 1\n')
    (tools / "stratlint").chmod(0o755)
    return replace(action, installed={"bin": str(tools)})


@pytest.mark.parametrize("value", HOSTILE)
def test_inputs_are_never_code(listening, value: str) -> None:
    """They arrive as the words they are: `fail-on` and `sarif` as one, a path a line, arguments split at blanks."""
    sarif = {} if "\n" in value else {"sarif": value}
    outcome = listening.run(paths=value, args=value, fail_on=value, **sarif)
    assert outcome.code == 1 and outcome.outputs["exit-code"] == "1"
    words = called(listening)
    assert words[words.index("--fail-on") + 1] == value
    assert words[words.index("--") + 1 :] == value.split("\n")
    assert all(part in words for part in value.split())
    assert not sarif or f"sarif={value}" in words
    assert not list(listening.workspace.rglob("pwned"))


@pytest.mark.parametrize("value", [each for each in HOSTILE if "\n" in each])
def test_a_report_is_no_file_of_two_lines(listening, value: str) -> None:
    outcome = listening.run(sarif=value)
    assert outcome.code == 2 and "is not a file name" in outcome.log
    assert outcome.outputs["exit-code"] == ""
    assert not list(listening.workspace.rglob("pwned"))


def test_hostile_inputs_are_an_error_of_stratlint_itself(action) -> None:
    (action.workspace / "plan.md").write_text(WRONG)
    outcome = action.run(fail_on="$(touch pwned)")
    assert outcome.code == 2 and outcome.outputs["exit-code"] == "2", outcome.log
    assert not list(action.workspace.rglob("pwned"))


def test_a_version_that_is_none(action) -> None:
    from action_runner import Runner

    runner = Runner(action.folder, action.workspace, action.temp, action.environment)
    for version in (*HOSTILE, "1.0; touch pwned", "--index-url=http://evil.example/", "../x", "git+https://evil.example/x"):
        outcome = runner.run({"version": version})
        assert outcome.code == 2 and "is not a version" in outcome.log
        assert outcome.ran == ["Install stratlint"]
    assert not list(action.workspace.rglob("pwned"))


def test_arguments_are_not_globbed(action) -> None:
    (action.workspace / "plan.md").write_text(RIGHT)
    (action.workspace / "wrong.md").write_text(WRONG)
    outcome = action.run(paths="plan.md", args="--exclude *")
    assert outcome.code == 0, outcome.log


def test_modules_of_the_checked_repository_are_not_imported(action) -> None:
    (action.workspace / "plan.md").write_text(RIGHT)
    for name in ("json.py", "stratlint.py", "argparse.py", "sitecustomize.py"):
        (action.workspace / name).write_text("raise SystemExit('code of the checked repository was run')\n")
    outcome = action.run()
    assert outcome.code == 0 and "was run" not in outcome.log, outcome.log


def test_a_summary_stays_below_githubs_limit(action) -> None:
    """With a stand-in for stratlint that has a lot to say."""
    tools = action.temp / "bin"
    tools.mkdir()
    (tools / "stratlint").write_text(
        "#!/bin/bash\n"
        'for each in "$@"; do\n'
        '  if [[ "$each" == markdown=* ]]; then yes "é summary" | head -c 3000000 > "${each#*=}"; fi\n'
        "done\n"
        "exit 1\n"
    )
    (tools / "stratlint").chmod(0o755)
    outcome = replace(action, installed={"bin": str(tools)}).run()
    assert outcome.code == 1, outcome.log
    assert 500_000 < (action.temp / "summary").stat().st_size < 1 << 20


# -- the review -------------------------------------------------------------------------------------------------------
@pytest.fixture
def github(installation):
    """A GitHub with a pull request (see `tests/review`)."""
    python = Path(installation["bin"]) / "python"
    if subprocess.run([str(python), "-c", "import github"], capture_output=True, check=False).returncode:
        pytest.skip("the extra `github` of pyproject.toml does not install PyGithub")
    from github_server import GitHub, Server

    state = GitHub()
    server = Server(state)
    state.url = server.url
    yield state
    server.close()
    assert state.violations == []


def on_pull_request(action, github) -> dict[str, str]:
    event = action.temp / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 7}}))
    return {"GITHUB_API_URL": github.url, "GITHUB_REPOSITORY": "octo/plans", "GITHUB_EVENT_PATH": str(event)}


def test_a_review_is_posted(action, github) -> None:
    from github_server import TOKEN

    github.set("plan.md", "# Plan\n", WRONG)
    (action.workspace / "plan.md").write_text(WRONG)
    outcome = action.run(TOKEN, on_pull_request(action, github), review="true")
    assert outcome.code == 1, outcome.log
    assert outcome.ran == ["Check", "Review", "Result"]
    assert [each["line"] for each in github.comments] == [3]
    assert TOKEN not in outcome.log + outcome.summary


def test_a_review_that_cannot_be_posted_is_exit_code_2(action, github) -> None:
    from github_server import TOKEN

    github.permissions = "read"
    github.set("plan.md", "# Plan\n", WRONG)
    (action.workspace / "plan.md").write_text(WRONG)
    outcome = action.run(TOKEN, on_pull_request(action, github), review="true")
    assert outcome.code == 2 and outcome.outputs["exit-code"] == "2"
    assert "pull-requests: write" in outcome.log


# -- its reader -------------------------------------------------------------------------------------------------------
@pytest.fixture
def recorded(action):
    """The action with a stand-in for stratlint that writes down how the review is called, and whether it has a key."""
    tools = action.temp / "bin"
    tools.mkdir()
    (tools / "stratlint").write_text(
        '#!/bin/bash\nif [[ "$1" == review ]]; then printf "%s\\0" "$OPENAI_API_KEY" "$@" > "$RUNNER_TEMP/called"; fi\n'
        'if [[ "$1" == check && -n "$OPENAI_API_KEY" ]]; then exit 2; fi\n'
    )
    (tools / "stratlint").chmod(0o755)
    return replace(action, installed={"bin": str(tools)})


def called(action) -> list[str]:
    return (action.temp / "called").read_text("utf-8").split("\0")[:-1]


def test_nobody_reads_by_default(recorded) -> None:
    outcome = recorded.run(review="true", reader_base_url="https://example.com", reader_max_tokens="5")
    assert outcome.code == 0, outcome.log
    assert called(recorded) == ["", "review", "--", "."]


@pytest.mark.parametrize(
    "value", ["openai:some-model", "--exit-zero", "$(touch pwned)", "x y", "`touch pwned`", "' ; touch pwned ; '", "a\nb"]
)
def test_a_reader_is_one_word_whatever_is_in_it(recorded, value: str) -> None:
    more = {"OPENAI_API_KEY": "sk-test-0"}
    outcome = recorded.run(review="true", reader=value, reader_base_url=value, reader_max_tokens=value, more=more)
    assert outcome.code == 0, outcome.log
    assert called(recorded) == ["sk-test-0", "review", f"--reader={value}", f"--base-url={value}", f"--max-tokens={value}", "--", "."]
    assert not list(recorded.workspace.rglob("pwned"))


def test_without_the_secret_the_review_is_posted_and_says_so(action, github) -> None:
    """As for a pull request from a fork."""
    from github_server import TOKEN

    github.set("plan.md", "# Plan\n", WRONG)
    (action.workspace / "plan.md").write_text(WRONG)
    outcome = action.run(TOKEN, on_pull_request(action, github) | {"OPENAI_API_KEY": ""}, review="true", reader="openai:some-model")
    assert outcome.code == 1, outcome.log
    assert outcome.log.count("Blocks of plan.md were not read: the environment has no OPENAI_API_KEY") == 1
    assert [each["line"] for each in github.comments] == [3]
    assert "were not read" in github.reviews[0]["body"]


def test_what_a_reader_reads_is_offered(action, github) -> None:
    from github_server import TOKEN

    right = '{"line": 3, "claim": "60 GB", "op": "=", "expr": "30B × 2 bytes", "kind": "product", "why": "weights"}'
    (action.workspace / "answer.json").write_text(f'{{"readings": [{right}], "objections": []}}', "utf-8")
    (action.workspace / "plan.md").write_text(RIGHT)
    github.set("plan.md", "# Plan\n", RIGHT)
    outcome = action.run(TOKEN, on_pull_request(action, github), review="true", reader="command:cat answer.json")
    assert outcome.code == 0, outcome.log
    assert "<code>.stratlint/readings/plan.md.yaml</code>: 1 new reading" in github.reviews[0]["body"]
