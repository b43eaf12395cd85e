"""Which lines a diff changes, and where a finding shows in it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

import stratlint
from stratlint.report import RenderOptions, render
from stratlint.report.before import Before
from stratlint.report.change import anchored, in_changes
from stratlint.report.difference import Changes, MalformedDiff, changed_lines, changes
from stratlint.report.fingerprint import fingerprints
from stratlint.report.outcome import DocumentReport, Report
from stratlint.rules.finding import Finding, LedgerEntry, Location, Severity, Status

MODIFIED = """\
diff --git a/plan.md b/plan.md
index 1..2 100644
--- a/plan.md
+++ b/plan.md
@@ -1,4 +1,5 @@ # heading +++ b/no.md
 one
-two
+TWO
+two and a half
 three
 four
@@ -19,0 +21 @@
+twenty-one
"""


def lines(diff: str) -> list[tuple[str, int]]:
    """All added lines."""
    return list(changed_lines(diff))


def test_hunks():
    """Added lines count in the new file; context and removed ones do not."""
    assert lines(MODIFIED) == [("b/plan.md", 2), ("b/plan.md", 3), ("b/plan.md", 21)]


def test_lines_that_look_like_headers():
    """Inside a hunk the counts decide: `--- x` is a removed line, `+++ y` an added one, `@@` context."""
    diff = "--- a/x.md\n+++ b/x.md\n@@ -1,3 +1,3 @@\n @@ -1 +1 @@\n--- x\n+++ y\n diff --git\n"

    assert lines(diff) == [("b/x.md", 2)]


def test_new_deleted_renamed_and_binary():
    """New files are all added, deleted ones nothing, renames count under the new name, binaries have no lines."""
    diff = (
        "diff --git a/new.md b/new.md\nnew file mode 100644\n--- /dev/null\n+++ b/new.md\n@@ -0,0 +1,2 @@\n+a\n+b\n"
        "diff --git a/old.md b/old.md\ndeleted file mode 100644\n--- a/old.md\n+++ /dev/null\n"
        "diff --git a/i.png b/i.png\nBinary files a/i.png and b/i.png differ\n"
        "diff --git a/from.md b/to.md\nsimilarity index 90%\nrename from from.md\nrename to to.md\n"
        "--- a/from.md\n+++ b/to.md\n@@ -3 +3 @@\n-x\n+y\n"
        "diff --git a/m.md b/m.md\nold mode 100644\nnew mode 100755\n"
    )

    assert lines(diff) == [("b/new.md", 1), ("b/new.md", 2), ("b/to.md", 3)]


def test_deleted_file_with_its_lines():
    """A hunk against /dev/null adds nothing and is no mistake."""
    diff = "--- a/old.md\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n"

    assert lines(diff) == []


def test_no_newline_and_crlf():
    r"""`\ No newline at end of file` is no line; CR belongs to the document, or to a diff that went through Windows."""
    diff = "--- a/x.md\n+++ b/x.md\n@@ -1 +1,2 @@\n-a\n\\ No newline\n+a\r\n+b\n\\ No newline at end of file\n"

    assert lines(diff) == [("b/x.md", 1), ("b/x.md", 2)]
    assert lines(MODIFIED.replace("\n", "\r\n")) == [("b/plan.md", 2), ("b/plan.md", 3), ("b/plan.md", 21)]


def test_line_ends_that_are_none():
    """Form feeds and U+2028 inside a line do not end it."""
    assert lines("--- a/x.md\n+++ b/x.md\n@@ -0,0 +1 @@\n+a\x0cb\u2028c\x85d\re\n") == [("b/x.md", 1)]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("b/plan.md", "b/plan.md"),
        ("plan.md\t2026-11-20 18:00:00 +0000", "plan.md"),
        ("b/with blank.md\t", "b/with blank.md"),
        (r'"b/\303\244 \"q\" \\ \t\n.md"', 'b/ä "q" \\ \t\n.md'),
        (r'"b/caf\351.md"', os.fsdecode(b"b/caf\xe9.md")),
    ],
)
def test_names(header, name):
    """Names with blanks, time stamps, and as git quotes them."""
    assert [(name, 1)] == lines(f"--- a/x\n+++ {header}\n@@ -0,0 +1 @@\n+x\n")


@pytest.mark.parametrize(
    "diff",
    [
        "hello\n",
        "+++ b/x\n@@ -1,2 +1,2 @@\n a\n",
        "@@ -1 +1 @@\n-a\n+b\n",
        "+++ b/x\n@@ what @@\n",
        "+++ b/x\n@@ -1 +1 @@\nno\n",
    ],
)
def test_what_is_no_diff(diff):
    """A mistake is not taken for an empty diff, under which nothing would be reported."""
    with pytest.raises(MalformedDiff):
        lines(diff)


def test_an_empty_diff_changes_nothing():
    """`git diff` without changes prints nothing."""
    assert [] == lines("") == lines("\n")


def test_prefixes(tmp_path):
    """`b/` is taken off unless the name with it exists."""
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "real.md").write_text("x")
    plain = "--- b/real.md\n+++ b/real.md\n@@ -0,0 +1 @@\n+x\n"

    assert changes(plain, tmp_path).touches(str(tmp_path / "b" / "real.md"), 1, 1)
    assert changes(MODIFIED, tmp_path).touches(str(tmp_path / "plan.md"), 1, 2)
    assert not changes(MODIFIED, tmp_path).touches(str(tmp_path / "plan.md"), 4, 20)
    assert changes(MODIFIED, tmp_path).touches(str(tmp_path / "plan.md"), 4, 21)
    assert not changes(MODIFIED, tmp_path).touches(str(tmp_path / "other.md"), 1, 99)


def at(path: str, line: int, role: str = "claim") -> Location:
    """A place."""
    return Location(path, line * 10, line * 10 + 3, line, 1, line, 4, role, f"text {line}")


def changed(tmp_path: Path, *places: tuple[str, int]) -> Changes:
    """Changes of single lines."""
    return Changes({os.path.realpath(path): ((line, line),) for path, line in places})


FINDING = Finding("sum", Severity.ERROR, "high", "claims 5", at("plan.md", 78), related=(at("", 0), at("plan.md", 20, "premise")))


def test_a_finding_in_the_diff_stays_as_it_is(tmp_path, monkeypatch):
    """Nothing to move."""
    monkeypatch.chdir(tmp_path)

    assert FINDING is anchored(FINDING, changed(tmp_path, ("plan.md", 78), ("x", 1)))


def test_a_premise_in_the_diff_takes_the_finding(tmp_path, monkeypatch):
    """It is shown where the change is, says what the change does, and keeps its claim as evidence."""
    monkeypatch.chdir(tmp_path)
    moved = anchored(FINDING, changed(tmp_path, ("plan.md", 20)), Before.ABSENT)

    assert moved is not None
    assert moved.message == "this change of line 20 makes line 78 false: claims 5"
    assert at("plan.md", 20, "premise") == moved.location
    assert (at("plan.md", 78), at("", 0)) == moved.related


def test_severity_and_other_files_in_the_message(tmp_path, monkeypatch):
    """A warning is not called false; a premise elsewhere is named with its file."""
    monkeypatch.chdir(tmp_path)
    finding = replace(FINDING, severity=Severity.WARNING, related=(at("spec.md", 3),))
    moved = anchored(finding, changed(tmp_path, ("spec.md", 3)), Before.ABSENT)

    assert moved is not None
    assert moved.message == "this change of spec.md:3 makes plan.md:78 implausible: claims 5"


@pytest.mark.parametrize(
    ("was", "message"),
    [
        (Before.UNKNOWN, "line 20 was changed and does not fit line 78: claims 5"),
        (Before.ACCEPTED, "line 20 was changed; line 78 was false already, but accepted until now: claims 5"),
        (Before.OTHERWISE, "line 20 was changed and does not fit line 78 either, which was false already: claims 5"),
    ],
)
def test_only_what_was_not_false_is_made_false(was, message, tmp_path, monkeypatch):
    """The words follow from what the base says of the claim."""
    monkeypatch.chdir(tmp_path)
    moved = anchored(FINDING, changed(tmp_path, ("plan.md", 20)), was)

    assert moved is not None and moved.message == message


def test_untouched_findings_are_left_out_and_the_ledger_follows(tmp_path, monkeypatch):
    """Indexes in the ledger point to the same finding as before, or to none."""
    monkeypatch.chdir(tmp_path)
    other = Finding("sum", Severity.ERROR, "high", "x", at("plan.md", 5))
    ledger = tuple(
        LedgerEntry(at("plan.md", line), True, "", "", "", "", "", "", Status.CONTRADICTED, "", finding=index)
        for line, index in ((5, 0), (78, 1), (9, -1))
    )
    report = Report((DocumentReport("plan.md", findings=(other, FINDING), ledger=ledger),))
    (document,) = in_changes(report, changed(tmp_path, ("plan.md", 20))).documents

    assert [each.message for each in document.findings] == ["line 20 was changed and does not fit line 78: claims 5"]
    assert [each.finding for each in document.ledger] == [-1, 0, -1]


def test_a_claim_over_several_lines(tmp_path, monkeypatch):
    """Any of its lines counts; a place that ends at column 1 does not reach into that line."""
    monkeypatch.chdir(tmp_path)
    wide = replace(FINDING, location=replace(FINDING.location, line=10, end_line=12, end_column=1), related=())

    assert anchored(wide, changed(tmp_path, ("plan.md", 11)))
    assert not anchored(wide, changed(tmp_path, ("plan.md", 12)))


def test_what_was_computed_stays_with_the_claim(tmp_path: Path) -> None:
    """The changed premise is pointed at as such; what the total should be stands in the headline and is not said of the nodes."""
    path = tmp_path / "plan.md"
    path.write_text("- Nodes: 4\n- GPUs per node: 8\n- Total GPUs: 64\n")
    report = stratlint.check(path)
    (premise,) = [each for each in report.findings[0].related if each.line == 1]
    changed = Changes({os.path.realpath(path): ((1, 1),)})
    shown = render("full", in_changes(report, changed), RenderOptions())
    assert f"{' ' * premise.column}^ nodes\n" in shown
    assert "have 32\n" in shown and "computed: 32" not in shown
    assert "^ claim" not in shown and "-- claim\n" in shown


def test_a_finding_that_is_shown_at_a_premise_keeps_its_identity(tmp_path: Path) -> None:
    """The alert of a pull request is the alert of the branch."""
    moved = anchored(FINDING, changed(tmp_path, ("plan.md", 20)))
    assert moved is not None and moved.location != FINDING.location
    assert fingerprints([moved]) == fingerprints([FINDING])
