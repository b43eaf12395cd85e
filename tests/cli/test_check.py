"""`stratlint check`: exit codes, streams and options."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture
def documents(project: Path) -> Path:
    """One document of each kind."""
    (project / "clean.md").write_text("There are 8 GPUs.\n")
    (project / "wrong.md").write_text("There are 8 PREMISE GPUs.\n\nThe sum is 12 WRONG of course.\n")
    (project / "odd.md").write_text("It takes 3 ODD seconds.\n")
    (project / "remark.md").write_text("It takes 3 REMARK seconds.\n")
    return project


def test_clean_document_is_0(run, documents):
    """A document without findings exits with 0 and says so on standard output."""
    result = run("check", "clean.md")

    assert (result.code, result.err) == (0, "")
    assert "no findings in 1 document" in result.out


def test_an_error_is_1_on_standard_output(run, documents):
    """Findings go to standard output only."""
    result = run("check", "--output-format", "concise", "wrong.md")

    assert result.code == 1
    assert "wrong.md:3:12: error[product-mismatch] claims 12" in result.out.splitlines()
    assert result.err == ""


@pytest.mark.parametrize(
    ("document", "fail_on", "code"),
    [
        ("odd.md", None, 0),
        ("odd.md", "warning", 1),
        ("odd.md", "info", 1),
        ("odd.md", "never", 0),
        ("remark.md", "warning", 0),
        ("remark.md", "info", 1),
        ("wrong.md", "never", 0),
        ("wrong.md", "info", 1),
    ],
)
def test_fail_on(run, documents, document, fail_on, code):
    """`--fail-on` is the mildest severity that fails."""
    option = ["--fail-on", fail_on] if fail_on else []

    assert code == run("check", document, *option).code


def test_exit_zero(run, documents):
    """`--exit-zero` reports and succeeds."""
    result = run("check", "--exit-zero", "wrong.md")

    assert result.code == 0 and "product-mismatch" in result.out


def test_exit_zero_does_not_hide_an_unreadable_file(run, documents):
    """2 means that something was not checked, whatever findings are worth."""
    assert run("check", "--exit-zero", "wrong.md", "absent.md").code == 2


def test_missing_file_is_2_and_the_others_are_checked(run, documents):
    """2 wins over 1, all readable files are reported, the problem is on standard error."""
    result = run("check", "--output-format", "jsonl", "absent.md", "wrong.md")

    assert result.code == 2
    assert json.loads(result.out)["rule"] == "product-mismatch"
    assert "stratlint: error: absent.md: no such file or directory\n" in result.err


@pytest.mark.parametrize(
    "argv",
    [
        ("check", "--nope"),
        ("check", "--fail-on", "x"),
        ("nope",),
        ("-x",),
        ("check", "-j", "x"),
        ("check", "--min-coverage", "120"),
        ("check", "--diff-base", "a", "--diff", "b"),
        ("--config", "x", "check"),
        ("check", "--fail", "error"),
    ],
)
def test_bad_usage_is_2(run, argv):
    """Every mistake on the command line is 2 with a message, and nothing on standard output."""
    result = run(*argv)

    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("stratlint: error: ")


@pytest.mark.parametrize("argv", [(), ("config",)])
def test_without_a_command_there_is_help(run, argv):
    """On standard error and with 2: nothing was done, and a script that forgot the command must not go on."""
    result = run(*argv)

    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(" ".join(("usage: stratlint", *argv)))
    assert "check" in result.err or "show" in result.err


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("check", "--ouput-format", "json"), 'unknown option "--ouput-format"; did you mean "--output-format"?'),
        (("claims", "--unkown"), 'unknown option "--unkown"; did you mean "--unknown"?'),
        (("read", "--readr", "x"), 'unknown option "--readr"; did you mean "--reader"?'),
        (("explain", "wrong-sum", "--isolatd"), 'unknown option "--isolatd"; did you mean "--isolated"?'),
        (("rules", "--outputformat=json"), 'unknown option "--outputformat"; did you mean "--output-format"?'),
        (("config", "show", "--isolatd"), 'unknown option "--isolatd"; did you mean "--isolated"?'),
        (("baseline", "--exclud", "x"), 'unknown option "--exclud"; did you mean "--exclude"?'),
        (("model", "--sequense", "4"), 'unknown option "--sequense"; did you mean "--sequence"?'),
        (("review", "--dry-rnu"), 'unknown option "--dry-rnu"; did you mean "--dry-run"?'),
        (("mcp", "--roott"), 'unknown option "--roott"'),
        (("completions", "bsh"), 'unknown value "bsh" (there are bash, zsh, fish); did you mean "bash"?'),
        (("check", "--fail-on", "eror"), 'unknown value "eror" (there are error, warning, info, never); did you mean "error"?'),
        (("config", "shwo"), 'unknown command "shwo" (there are show, schema, init); did you mean "show"?'),
        (("model", "a", "b"), 'one argument too many: "b"'),
        (("--vesion",), 'unknown option "--vesion"; did you mean "--version"?'),
        (("--select", "x", "check"), 'unknown option "--select"; the options of a command stand behind it: stratlint check --help'),
        (("check", "-Z"), 'unknown option "-Z"'),
    ],
)
def test_what_is_mistyped_is_answered_with_what_is_near(run, argv, message):
    """Commands, options and values of every command."""
    result = run(*argv)

    assert (result.code, result.out) == (2, "")
    assert message in result.err


def test_mistyped_command_and_format_are_answered_with_the_right_one(run, documents):
    """`did you mean` for whatever has a fixed set of names."""
    assert 'did you mean "check"?' in run("chek").err
    assert "to check a file: stratlint check wrong.md" in run("wrong.md").err
    assert 'did you mean "sarif"?' in run("check", "--output-format", "sarfi", "wrong.md").err
    assert 'did you mean "product-mismatch"?' in run("check", "--select", "product-mismach", "wrong.md").err


def test_directory_without_documents_is_2(run, project):
    """Nothing read is never a success."""
    result = run("check")

    assert result.code == 2 and "no document in it (searched for *.md, *.markdown, *.mdx, *.qmd, *.Rmd, *.rmd)" in result.err


def test_selection(run, documents):
    """Rules are selected by name, family and ALL; by name beats by family."""

    def rules(*options: str) -> list[str]:
        out = run("check", "--output-format", "jsonl", "wrong.md", "odd.md", "remark.md", *options).out
        return [json.loads(line)["rule"] for line in out.splitlines()]

    assert rules() == ["product-mismatch", "odd-number", "remark"]
    assert rules("--select", "latency") == ["odd-number"]
    assert rules("--select", "product-mismatch,style") == ["product-mismatch", "remark"]
    assert rules("--ignore", "odd-number") == ["product-mismatch", "remark"]
    assert rules("--ignore", "ALL", "--extend-select", "odd-number") == ["odd-number"]
    assert rules("--select", "latency", "--ignore", "latency") == []


def test_min_coverage(run, project):
    """Coverage below the floor is 1 with the figures on standard error."""
    (project / "a.md").write_text("There are 1 and 2? and 3? and 4? apples.\n")

    assert run("check", "--min-coverage", "25", "a.md").code == 0
    result = run("check", "--min-coverage", "25.5", "a.md")

    assert result.code == 1
    assert "1 of 4 numbers were understood (25.0 %), required are 25.5 %" in result.err


def test_a_document_without_understood_numbers_is_loud(run, project):
    """No findings over unread numbers do not look like all correct."""
    (project / "a.md").write_text("There are 2? apples.\n")
    (project / "b.md").write_text("No apples.\n")

    assert "1 number seen, none understood: nothing was checked" in run("check", "a.md").err
    assert "no number found: nothing was checked" in run("check", "b.md").err
    assert run("check", "-q", "b.md").err == ""


def test_standard_input(run, project):
    """`-` reads standard input under its given name."""
    result = run("check", "-", "--stdin-filename", "docs/x.md", "--output-format", "concise", stdin=b"A 2 WRONG b")

    assert result.code == 1 and result.out.startswith("docs/x.md:1:3: error")
    assert "<stdin>:1:3" in run("check", "-", "--output-format", "concise", stdin=b"A 2 WRONG b").out


def test_output_files(run, documents):
    """`-o` and any number of `--report`s write files; standard output keeps the rest."""
    result = run("check", "wrong.md", "--output-format", "concise", "--report", "jsonl=f.jsonl", "--report", "json=f.json")

    assert "wrong.md:3:12" in result.out
    assert json.loads((documents / "f.jsonl").read_text())["line"] == 3
    assert json.loads((documents / "f.json").read_text())
    quiet = run("check", "wrong.md", "--output-format", "jsonl", "-o", "g.jsonl")
    assert quiet.out == "" and (documents / "g.jsonl").read_text() == (documents / "f.jsonl").read_text()


def test_an_unwritable_report_is_2_and_the_rest_is_written(run, documents):
    """A file that cannot be written does not take standard output with it."""
    result = run("check", "wrong.md", "--report", "json=absent/f.json")

    assert result.code == 2 and "absent/f.json: cannot be written" in result.err
    assert "product-mismatch" in result.out


@pytest.mark.parametrize("report", ["json", "json=", "jason=x"])
def test_malformed_reports(run, documents, report):
    """`--report` is checked before anything is read."""
    assert run("check", "wrong.md", "--report", report).code == 2


def test_machine_formats_put_the_summary_on_standard_error(run, documents):
    """Standard output stays parseable, the summary is not lost."""
    result = run("check", "--output-format", "json", "wrong.md", "--statistics")

    json.loads(result.out)
    assert "note: 1 error in 1 document" in result.err and "note: product-mismatch: 1" in result.err


def test_color(run, documents, monkeypatch):
    """Colour: never in pipes, unless the environment or, above it, the command line wants it."""
    assert "\x1b" not in run("check", "wrong.md").out
    assert "\x1b" in run("check", "--color", "always", "wrong.md").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" in run("check", "wrong.md").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run("check", "wrong.md").out
    assert "\x1b" in run("check", "--color", "always", "wrong.md").out


def test_show_files(run, documents):
    """`--show-files` lists and checks nothing."""
    result = run("check", "--show-files")

    assert (result.code, result.out) == (0, "clean.md\nodd.md\nremark.md\nwrong.md\n")


def test_the_same_bytes_with_any_number_of_processes(run, project):
    """`-j` changes nothing but the time."""
    for number in range(30):
        (project / f"{number:02}.md").write_text(f"# T\n\nIt is {number} WRONG and {number} ODD.\n" * (number % 3 + 1))
    (project / "31.md").write_text("CRASH")
    outputs = {(each.out, each.code, each.err) for each in (run("check", "-j", n, ".") for n in ("1", "2", "7"))}

    assert len(outputs) == 1


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("trouble", ["CRASH", "RECURSE", "MEMORY"])
def test_trouble_in_one_document_is_2_and_the_others_are_checked(run, documents, trouble, jobs):
    """An exception is that document's error, without a traceback or an escape of its message."""
    (documents / "trouble.md").write_text(trouble)
    result = run("check", "-j", jobs, "--output-format", "concise", "trouble.md", "wrong.md")

    assert result.code == 2
    assert "wrong.md:3:12" in result.out
    assert "trouble.md: internal error: " in result.err and "Traceback" not in result.err and "\x1b" not in result.err


def test_a_process_that_is_killed_is_that_documents_error(run, documents):
    """The pool breaks; the others are checked again, each alone."""
    (documents / "dead.md").write_text("DIE")
    result = run("check", "-j", "2", "--output-format", "concise", "dead.md", "wrong.md", "odd.md")

    assert result.code == 2
    assert "wrong.md:3:12" in result.out and "odd.md:1:10" in result.out
    assert "dead.md: internal error: the process that checked it was killed" in result.err


def test_a_rule_that_raised_is_2(run, project):
    """Told on standard error with its name, its file and the document's; the other rules' findings stand, and it is none."""
    (project / "a.md").write_text("BROKENRULE 1 WRONG")
    result = run("check", "a.md", "--exit-zero", "--output-format", "json")
    (document,) = json.loads(result.out)["documents"]

    assert result.code == 2
    assert "stratlint: error: a.md: rule `odd-number` (latency.yaml) failed with TypeError: no" in result.err
    assert "please report it" in result.err and "\x1b" not in result.err
    assert [each["rule"] for each in document["findings"]] == ["product-mismatch"]
    assert document["failures"] == [{"rule": "odd-number", "source": "latency.yaml", "problem": "TypeError: no \x1b[31m"}]
    assert run("claims", "a.md").code == run("baseline", "a.md").code == run("check", "-q", "a.md").code == 2


def test_diff_fixes(run, project):
    """Repairs come as a patch that keeps line ends and says when the last one is missing."""
    (project / "a.md").write_bytes(b"x\r\nIt is 12 WRONG(14) now.\r\nlast 1 WRONG(2)")
    result = run("check", "--diff-fixes", "a.md")

    assert result.code == 1
    assert result.out == (
        "--- a/a.md\n+++ b/a.md\n@@ -1,3 +1,3 @@\n x\r\n-It is 12 WRONG(14) now.\r\n-last 1 WRONG(2)\n"
        "\\ No newline at end of file\n+It is 14 WRONG(14) now.\r\n+last 2 WRONG(2)\n\\ No newline at end of file\n"
    )


def test_a_document_named_twice_is_checked_once(run, documents):
    """`.` and its file, or a file in two spellings, count once."""
    assert (
        run("check", "--output-format", "jsonl", "wrong.md", "./wrong.md", ".", "--select", "arithmetic").out.count('product-mismatch",')
        == 1
    )


def test_a_closed_pipe_is_quiet(run, documents, monkeypatch):
    """`| head` gets 141 and no traceback."""
    from stratlint.cli.streams import Streams

    def closed(self: Streams, text: str) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(Streams, "write", closed)
    monkeypatch.setattr(Streams, "abandon", lambda self: None)

    assert (lambda r: (r.code, r.out, r.err))(run("check", "wrong.md")) == (141, "", "")


def test_an_interrupt_is_130(run, documents, monkeypatch):
    """Ctrl-C is quiet, too."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("stratlint.cli.run.examine_all", interrupted)

    assert run("check", "wrong.md").code == 130


def test_version_and_help(run):
    """Both are results, not problems."""
    assert run("--version").out.startswith("stratlint ")
    result = run("check", "--help")
    assert (result.code, result.err) == (0, "") and "--min-coverage" in result.out
