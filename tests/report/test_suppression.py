"""Suppressions in comments: every position, every way to get them wrong."""

from __future__ import annotations

import re
import time

import pytest

from stratlint.config.settings import Settings
from stratlint.document import Document, parse
from stratlint.report.suppression import apply, mentions
from stratlint.rules.finding import Finding, Location, Severity

KNOWN = frozenset({"sum", "product", "ratio", "unused-suppression", "unknown-suppression", "unreasoned-suppression"})


def place(document: Document, text: str, role: str = "claim") -> Location:
    """Where *text* stands first."""
    start = document.text.index(text)
    line, column = document.position(start)
    end_line, end_column = document.position(start + len(text))
    return Location(document.path, start, start + len(text), line, column, end_line, end_column, role, text)


def finding(document: Document, text: str, *related: str, rule: str = "sum") -> Finding:
    """A finding at *text* with premises."""
    return Finding(
        rule,
        Severity.ERROR,
        "high",
        f"claims {text}",
        place(document, text),
        claimed=text,
        related=tuple(place(document, each, "premise") for each in related),
    )


def outcome(source: str, *findings: tuple[str, ...], rule: str = "sum", **options: object) -> tuple[list[str], list[str]]:
    """Claims that stand (own findings as `rule: message`) and claims that are silenced."""
    document = parse(source, "plan.md")
    made = [finding(document, *each, rule=rule) for each in findings]
    kept, gone = apply(document, made, KNOWN, Settings(**options))  # type: ignore[arg-type]
    shown = [each.claimed if each in made else f"{each.rule}: {each.message}" for each in kept]
    return shown, [each.claimed for each in gone]


@pytest.mark.parametrize(
    "source",
    [
        "It is 11 GB. <!-- stratlint: ignore[sum]: measured -->\n\nIt is 22 GB.\n",
        "- It is 11 GB. <!-- stratlint: ignore[sum]: measured -->\n- It is 22 GB.\n",
        "# It is 11 GB <!-- stratlint: ignore[sum]: measured -->\n\nIt is 22 GB.\n",
        "one\nIt is 11 GB <!-- stratlint: ignore[sum]: measured -->\nIt is 22 GB.\n",
        "| a | b |\n|---|---|\n| x | 11 GB <!-- stratlint: ignore[sum]: measured --> |\n| y | 22 GB |\n",
        "<!-- stratlint: ignore[sum]: measured -->\nIt is\n11 GB.\n\nIt is 22 GB.\n",
        "<!-- stratlint: ignore[sum]: measured -->\n\nIt is 11 GB.\n\nIt is 22 GB.\n",
        "<!-- stratlint: ignore[sum]: measured -->\n| a | b |\n|---|---|\n| x | 1 |\n| x | 11 GB |\n\nIt is 22 GB.\n",
        "<!-- stratlint: ignore[sum]: measured -->\n```\na = 11 GB\n```\n\nIt is 22 GB.\n",
        "- a\n\n  <!-- stratlint: ignore[sum]: measured -->\n  It is 11 GB.\n- It is 22 GB.\n",
        "> <!-- stratlint: ignore[sum]: measured -->\n> It is 11 GB.\n\nIt is 22 GB.\n",
        "<!-- stratlint: ignore[product, sum]:\n  measured\n  twice -->\nIt is 11 GB.\n\nIt is 22 GB.\n",
        "<!-- stratlint: disable[sum]: x -->\n\nIt is 11 GB.\n\n<!-- stratlint: enable[sum] -->\n\nIt is 22 GB.\n",
        "It is 11 GB. <!--stratlint:ignore[sum]:measured-->\r\n\r\nIt is 22 GB.\r\n",
        "\ufeffIt is 11 GB. <!-- stratlint: ignore[sum]: measured -->\n\nIt is 22 GB.\n",
    ],
)
def test_positions(source):
    """At a line's end, in a cell, before a block, over a range: what is covered is silenced, what is not is not."""
    shown, gone = outcome(source, ("11 GB",), ("22 GB",))

    assert gone == ["11 GB"]
    assert "22 GB" in shown and [each for each in shown if each != "22 GB" and "[product]" not in each] == []


def test_the_whole_file():
    """`file-ignore` stands anywhere and covers everything."""
    assert outcome("It is 11 GB.\n\nIt is 22 GB.\n\n<!-- stratlint: file-ignore[sum]: measured -->\n", ("11 GB",), ("22 GB",)) == (
        [],
        ["11 GB", "22 GB"],
    )


def test_any_location_of_the_evidence():
    """A contradiction lies between lines: a suppression at the premise silences it, too."""
    source = "We have 8 GPUs. <!-- stratlint: ignore[sum]: see the order -->\n\nIt is 11 GB.\n"

    assert outcome(source, ("11 GB", "8 GPUs")) == ([], ["11 GB"])


def test_a_location_in_another_file_is_none_of_this_comment():
    """Offsets of a premise elsewhere mean nothing here."""
    document = parse("x 11 GB\n\n8 GPUs <!-- stratlint: ignore[sum]: y -->\n", "plan.md")
    other = Location("other.md", 9, 15, 3, 1, 3, 7, "premise", "8 GPUs")
    made = Finding("sum", Severity.ERROR, "high", "m", place(document, "11 GB"), related=(other,))

    kept, gone = apply(document, [made], KNOWN, Settings())
    assert ((), [made]) == (gone, [each for each in kept if each.rule == "sum"])


def test_only_the_named_rule():
    """Another rule's finding on that line stands, and the suppression is unused."""
    assert outcome("It is 22 GB. <!-- stratlint: ignore[sum]: measured -->\n", ("22 GB",), rule="product") == (
        ["22 GB", "unused-suppression: `ignore[sum]` silences nothing"],
        [],
    )


def test_range_to_the_end_and_stray_enable():
    """Without `enable` a range lasts; `enable` without a range is unused."""
    assert outcome("<!-- stratlint: disable[sum]: x -->\n\nIt is 11 GB.\n", ("11 GB",)) == ([], ["11 GB"])
    shown, _ = outcome("<!-- stratlint: enable[sum] -->\n\nIt is 11 GB.\n", ("11 GB",))
    assert shown == ["unused-suppression: `enable[sum]` ends no `disable[sum]`", "11 GB"]


def test_ranges_end_rule_by_rule():
    """Two rules disabled together may be enabled apart."""
    source = (
        "<!-- stratlint: disable[sum, product]: x -->\n\nIt is 11 GB.\n\n<!-- stratlint: enable[sum] -->\n\n"
        "It is 22 GB.\n\n<!-- stratlint: enable[product] -->\n\nIt is 33 GB.\n"
    )

    assert [each for each in outcome(source, ("11 GB",), ("22 GB",), ("33 GB",))[0] if "GB" in each] == [
        "22 GB",
        "33 GB",
    ]
    assert [each for each in outcome(source, ("11 GB",), ("22 GB",), ("33 GB",), rule="product")[0] if "GB" in each] == ["33 GB"]


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("ignore[sum]", "unreasoned-suppression: `ignore[sum]` gives no reason"),
        ("ignore[sum]:  ", "unreasoned-suppression: `ignore[sum]` gives no reason"),
        ("ignore[smu]: x", 'unknown-suppression: `smu` is no rule; did you mean "sum"?'),
        ("ignore: x", "unknown-suppression: suppression `ignore` has to name its rules: ignore[rule-name]: reason"),
        (
            "ignore[]: x",
            "unknown-suppression: suppression `ignore[]` names no rule; there is no suppression of everything",
        ),
        ("ignroe[sum]: x", 'unknown-suppression: suppression `ignroe` is no suppression; did you mean "ignore"?'),
        ("please be quiet", "unknown-suppression: suppression not understood; write ignore[rule-name]: reason"),
        ("ignore[sum]@: x", "unknown-suppression: suppression `@` without the value that the suppression is bound to"),
        ("ignore[ratio]: x", "unused-suppression: `ignore[ratio]` silences nothing"),
    ],
)
def test_mistakes_are_findings(comment, message):
    """Unused, unknown, malformed and unreasoned ones are warnings at the comment."""
    shown, gone = outcome(f"It is 11 GB. <!-- stratlint: {comment} -->\n", ("11 GB",))

    assert message in shown
    assert (["11 GB"] if "unreasoned" in message else []) == gone


@pytest.mark.parametrize("comment", ["stratlint ignore[sum]: x", "stratlint-disable sum", "Stratlint ignore this file"])
def test_a_comment_without_the_colon_is_told(comment):
    """It silences nothing, and its author hears why."""
    shown, gone = outcome(f"It is 11 GB. <!-- {comment} --> of stratlint\n", ("11 GB",))

    assert gone == []
    assert shown == [
        "11 GB",
        "unknown-suppression: suppression lacks its colon: write `stratlint: ignore[rule-name]: reason`",
    ]


def test_own_findings_are_warnings_at_the_comment():
    """Their place, severity and section are those of the comment."""
    document = parse("# T\n\nIt is 1. <!-- stratlint: ignore[sum]: x -->\n", "plan.md")
    (only,), _ = apply(document, [], KNOWN, Settings())

    assert (only.severity, only.location.line, only.location.column, only.section) == (Severity.WARNING, 3, 10, ("T",))
    assert only.location.text == "<!-- stratlint: ignore[sum]: x -->"


def test_reasons_may_be_optional():
    """`require-reason = false`."""
    assert outcome("It is 11 GB. <!-- stratlint: ignore[sum] -->\n", ("11 GB",), require_reason=False) == (
        [],
        ["11 GB"],
    )


def test_switched_off():
    """`--no-ignores` shows everything and complains about nothing."""
    assert outcome("It is 11 GB. <!-- stratlint: ignore[sum, smu] -->\n", ("11 GB",), ignores=False) == (["11 GB"], [])


def test_a_suppression_of_a_rule_that_was_not_evaluated_is_not_unused():
    """`--select` does not make half of the comments wrong."""
    document = parse("It is 1. <!-- stratlint: ignore[sum]: x -->\n", "plan.md")

    assert apply(document, [], KNOWN, Settings(), KNOWN - {"sum"}) == ((), ())
    assert apply(document, [], KNOWN, Settings(), KNOWN - {"unused-suppression"}) == ((), ())


def test_findings_about_suppressions_can_be_suppressed():
    """A template may keep one that is not used everywhere."""
    source = "<!-- stratlint: file-ignore[unused-suppression]: template -->\n\nIt is 1. <!-- stratlint: ignore[sum]: x -->\n"

    assert outcome(source) == ([], [])


def test_not_for_us_and_not_comments():
    """Other tools' comments, and ours inside code, are text."""
    source = (
        "It is 11 GB. <!-- markdownlint: ignore[sum] --> `<!-- stratlint: ignore[sum]: x -->`\n\n"
        "```\n<!-- stratlint: ignore[sum]: x -->\n```\n"
    )

    assert outcome(source, ("11 GB",)) == (["11 GB"], [])


@pytest.mark.parametrize("value", ["76.11GB", "76.11 GB", "76.11"])
def test_bound_to_a_value(value):
    """It holds while the number is in the evidence and lapses when it changes."""
    source = f"It needs **76.11** GB. <!-- stratlint: ignore[sum]@{value}: offload -->\n"
    assert outcome(source, ("**76.11** GB",)) == ([], ["**76.11** GB"])
    changed = source.replace("**76.11**", "**80.5**")
    assert (
        ["**80.5** GB", f"unused-suppression: the suppression of `sum` was bound to {value} and has lapsed"],
        [],
    ) == outcome(changed, ("**80.5** GB",))


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("76.11 GB", "76.11GB", True),
        ("76.11\u00a0GB", "76.11 GB", True),
        ("1,024 GPUs", "1024", True),
        ("1 024 GPUs", "1,024 GPUs", True),
        ("1024", "1,024", True),
        ("176.11 GB", "76.11GB", False),
        ("76.112 GB", "76.11", False),
        ("76.11 GBps", "76.11GB", False),
        ("76.11 Gb", "76.11GB", False),
        ("0.76", "76", False),
        ("1,024", "024", False),
        ("8, 16", "816", False),
        ("8 16", "816", False),
        ("2.5", "2", False),
        ("2.", "2", True),
        ("(2)", "2", True),
        ("50 %", "50%", True),
        ("~5 GB", "~5GB", True),
        ("", "5", False),
        ("a+b", "a+b", True),
        ("$5", "$5", True),
    ],
)
def test_mentions(text, value, expected):
    """Numbers are compared whole, whatever their spaces and separators."""
    assert expected is mentions(text, value)


def test_many_suppressions_over_many_findings_stay_linear():
    """4,000 lines with a suppression and a finding each."""
    source = "".join(f"It is {i}.5 GB. <!-- stratlint: ignore[sum]: x -->\n\n" for i in range(4_000))
    document = parse(source, "plan.md")
    made = []
    for match in re.finditer(r"[\d.]+ GB", source):
        line, column = document.position(match.start())
        at = Location("plan.md", match.start(), match.end(), line, column, line, column, "claim", match[0])
        made.append(Finding("sum", Severity.ERROR, "high", "m", at))
    started = time.process_time()
    kept, gone = apply(document, made, KNOWN, Settings())

    assert (len(kept), len(gone)) == (0, 4_000)
    assert time.process_time() - started < 4


@pytest.mark.parametrize(
    "source",
    [
        "It is 11 GB. " + "<!-- stratlint: ignore[sum]: x -->" * 5_000,
        "It is 11 GB. <!-- stratlint: ignore[sum]: x -->" + "<!--" * 50_000,
        "It is 11 GB. <!-- stratlint: ignore[sum]" + " " * 50_000 + "x -->",
        "It is 11 GB. <!-- stratlint: ignore[sum]@" + " " * 50_000 + "] -->",
        "It is 11 GB. <!-- stratlint: ignore[" + "sum," * 25_000 + "]: x -->",
        "It is 11 GB.\n\n" + "<!-- stratlint: disable[sum]: x -->\n\n" * 2_500,
        "It is 11 GB.\n\n" + "<!-- stratlint: enable[sum]: x -->\n\n" * 2_500,
        "<!-- stratlint: " * 12_000 + " 11 GB",
    ],
)
def test_hostile_comments_take_linear_time(source):
    """No comment and no number of comments makes a document slow."""
    started = time.process_time()
    document = parse(source, "plan.md")
    parsed = time.process_time()
    apply(document, [finding(document, "11 GB")] * 500, KNOWN, Settings())

    assert time.process_time() - parsed < max(0.5, 3 * (parsed - started))


def test_a_former_name_still_silences_and_the_new_one_is_told():
    """Rules that went mean their successors; the comment gets a remark, never a warning."""
    source = "It is 5 GB. <!-- stratlint: ignore[list-total-mismatch]: measured -->\n"
    document = parse(source, "plan.md")
    known = {"wrong-sum", "renamed-suppression"}
    kept, gone = apply(document, [finding(document, "5 GB", rule="wrong-sum")], known, Settings())

    assert [each.claimed for each in gone] == ["5 GB"]
    assert [(each.rule, each.severity, each.message) for each in kept] == [
        ("renamed-suppression", Severity.INFO, 'rule "list-total-mismatch" is now `wrong-sum`')
    ]
