"""What the text formats say, and what the registry loads."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.color import Color
from rich.text import Text

from stratlint.report import FORMATS, RenderOptions, render
from stratlint.report.console import BLUE, CYAN, GREEN, GREY, ORANGE, RED, wrapped
from stratlint.report.evidence import reading
from stratlint.report.excerpt import Pointer
from stratlint.report.outcome import DocumentReport, Report
from stratlint.report.pointers import pointer_rows
from stratlint.rules.finding import Coverage, ReadingTried


def test_listing_the_formats_loads_none() -> None:
    code = (
        "import sys, stratlint; before = set(sys.modules); import stratlint.report\n"
        "new = {name for name in sys.modules if name not in before}\n"
        "assert not [name for name in new if name.split('.')[0] in ('rich', 'json', 'lxml', 'xml')], new\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"html"}))
def test_each_format_loads_alone(name: str) -> None:
    code = f"from stratlint.report import *; from stratlint.report.outcome import Report\nrender({name!r}, Report(), RenderOptions())"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_unknown_formats_are_refused() -> None:
    with pytest.raises(KeyError):
        render("pdf", Report(), RenderOptions())


COVERAGE = Coverage(73, 48, 31, 5, 2, {"no rule relates it": 16, "unit unknown": 3}, consistent=4, operands=7, names=5)


@pytest.mark.parametrize("name", ["full", "grouped", "github"])
def test_the_summary_leads_with_what_was_recomputed_and_ends_with_what_was_found(name: str) -> None:
    text = render(name, Report((DocumentReport("a.md", coverage=COVERAGE),)), RenderOptions())
    assert text == (
        "36 numbers recomputed: 31 verified, 5 contradicted; 4 consistent, 2 implausible\n"
        "48 of 61 understood (78 %); apart: 7 operands, 5 names\n"
        "19 not checked (`stratlint claims` lists each):\n"
        "  16 × no rule relates it\n"
        "   3 × unit unknown\n"
        "no findings in 1 document\n"
    )


def test_the_concise_summary_is_one_line() -> None:
    assert render("concise", Report((DocumentReport("a.md", coverage=COVERAGE),)), RenderOptions()) == (
        "no findings in 1 document; 36 numbers recomputed: 31 verified, 5 contradicted; 4 consistent, 2 implausible; "
        "48 of 61 understood (78 %); apart: 7 operands, 5 names\n"
    )


def test_unknown_words_are_named(sample: Report) -> None:
    """What a reader can do about a number depends on the word that nobody knew; that of a number that was understood is none."""
    document = sample.documents[0]
    unknown = [
        replace(each, understood=False, derivation="", words="spare \x1b[1mnodes") if each.reason == "unit unknown" else each
        for each in document.ledger
    ]
    known = [replace(each, words="limit") if each.reason == "no rule relates it" else each for each in unknown]
    text = render("grouped", Report((replace(document, ledger=tuple(known)),)), RenderOptions())
    assert '  1 × unit unknown; unknown are "spare \\x1b[1mnodes"\n' in text
    assert "  1 × no rule relates it\n" in text


def test_a_share_is_never_rounded_up_to_all() -> None:
    text = render("full", Report((DocumentReport("a.md", coverage=Coverage(1000, 999)),)), RenderOptions())
    assert "(99 %)" in text


def test_quiet_leaves_findings_only(sample: Report, options: RenderOptions) -> None:
    for name in ("full", "concise", "grouped"):
        text = render(name, sample, replace(options, quiet=True))
        assert "numbers seen" not in text and "product-mismatch" in text


def test_many_reasons_are_cut_unless_verbose() -> None:
    coverage = Coverage(70, 0, not_checked={f"reason {number}": number for number in range(1, 12)})
    report = Report((DocumentReport("a.md", coverage=coverage),))
    assert "\n  21 × for other reasons (--verbose lists them)\n" in render("full", report, RenderOptions())
    assert "\n   1 × reason 1\n" in render("full", report, RenderOptions(verbose=True))


def test_premises_stand_in_line_order_with_gaps(sample: Report, options: RenderOptions) -> None:
    text = render("full", sample, options)
    block = text.split("\n\n")[1]
    assert re.findall(r"^ *(\d+) \|", block, re.MULTILINE) == ["11", "14", "17"]
    assert block.count("\n...\n") == 2
    assert "= given: 80 GB (limit elsewhere), other plan.md:1:3" in block
    assert "= reading: sharded: 76.11 GB / 8 -> 9.51 GB (fits) [line 5]" in block


def test_without_the_text_there_are_still_the_premises(sample: Report, options: RenderOptions) -> None:
    blind = Report(tuple(replace(document, document=None) for document in sample.documents))
    text = render("full", blind, options)
    assert "= given: TP=8 (tensor parallel), docs/50% plan" in text
    for name in sorted(set(FORMATS) - {"html"}):
        render(name, blind, options)


def test_rule_names_link_to_their_page_in_colour_only(sample: Report, options: RenderOptions) -> None:
    linked = render("full", sample, replace(options, color=True, hyperlinks=True))
    assert "\x1b]8;;https://stratlint.example/rules/product-mismatch\x1b\\" in linked
    assert "see https://stratlint.example/rules/product-mismatch" in render("full", sample, options)


def test_a_reading_says_its_value_once() -> None:
    """Where its formula is an equation, the result stands in it already."""
    assert reading(ReadingTried("all", "4 × 16 = 64", "64", False)) == "all: 4 × 16 = 64 (does not fit)"
    assert reading(ReadingTried("all", "4 × 16", "64", True, "a book")) == "all: 4 × 16 -> 64 (fits) [a book]"


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("name", ["full", "grouped"])
def test_on_a_terminal_only_paths_are_wider(name: str, width: int, sample: Report, options: RenderOptions) -> None:
    """Headlines, labels, evidence and summary are wrapped; a path is whole, so that it can be copied."""
    loud = replace(options, width=width, wrap=True, verbose=True, statistics=True)
    wide = [line for line in render(name, sample, loud).splitlines() if cell_len(line) > width]
    assert [line for line in wide if "--> " not in line and not line.startswith(("docs/50%", "./::error"))] == []


def test_wrapping_loses_nothing(sample: Report, options: RenderOptions) -> None:
    """Wrapped text is the text, with line ends for blanks."""
    whole, wrapped = (render("grouped", sample, replace(options, wrap=wrap, width=60)).split() for wrap in (False, True))
    assert wrapped == whole


def test_a_number_and_its_unit_stay_in_one_line() -> None:
    (line, *_) = wrapped(Text("claims 7.43 GB, but the parts of it add up to 6.43 GB, which is off by 16 %"), 48)
    assert line.plain == "claims 7.43 GB, but the parts of it add up to"
    assert [each.plain for each in wrapped(Text("a" * 30 + " by 16 %"), 34)] == ["a" * 30 + " by", "16 %"]


def test_words_longer_than_a_line_are_broken() -> None:
    assert [line.plain for line in wrapped(Text("x" * 50), 40, "  ")] == ["  " + "x" * 38, "  " + "x" * 12]


def test_colours_are_readable_on_dark_and_on_light() -> None:
    """As WCAG 2 counts contrast; large text needs 3, ours is small and has nearly 4 on black and on white."""

    def luminance(name: str) -> float:
        red, green, blue = (value / 255 for value in Color.parse(name).get_truecolor())
        linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in (red, green, blue)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for name in (RED, ORANGE, GREEN, CYAN, BLUE, GREY):
        assert min(1.05 / (luminance(name) + 0.05), (luminance(name) + 0.05) / 0.05) > 3.9, name


def test_marks_that_do_not_overlap_share_a_row() -> None:
    pointers = [Pointer(0, 4, "EP", False), Pointer(5, 3, "TP", False), Pointer(9, 3, "PP", True)]
    assert [row.plain for row in pointer_rows(pointers, 60, "", "")] == ["---- --- ^^^ PP", "EP   TP"]
    assert [row.plain for row in pointer_rows(pointers, 13, "", "")] == ["---- --- ^^^", "EP   TP  PP"]
    over = [Pointer(0, 4, "a label", False), Pointer(2, 2, "within", True)]
    assert [row.plain for row in pointer_rows(over, 60, "", "")] == ["---- a label", "  ^^ within"]


def test_labels_that_do_not_fit_under_their_marks_are_wrapped() -> None:
    rows = [
        row.plain for row in pointer_rows([Pointer(2, 3, "first", False), Pointer(26, 4, "the amount of every part", True)], 34, "", "")
    ]
    assert rows == ["  ---                     ^^^^", "          the amount of every part", "  first"]
    assert max(map(len, rows)) <= 34
