"""What the text formats say, and what the registry loads."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace

import pytest

from stratlint.report import FORMATS, RenderOptions, render
from stratlint.report.evidence import reading
from stratlint.report.outcome import DocumentReport, Report
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


@pytest.mark.parametrize("name", ["full", "concise", "grouped", "github"])
def test_the_summary_is_always_there(name: str) -> None:
    coverage = Coverage(73, 48, 31, 5, 2, {"no rule relates it": 16, "unit unknown": 3}, consistent=4, operands=7, names=5)
    text = render(name, Report((DocumentReport("a.md", coverage=coverage),)), RenderOptions())
    assert "no findings in 1 document" in text
    assert (
        "36 numbers recomputed: 31 verified, 5 contradicted; 4 consistent, 2 implausible; "
        "48 of 61 understood (78 %); apart: 7 operands, 5 names"
    ) in text


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
    assert "21 for other reasons" in render("full", report, RenderOptions())
    assert "1 × reason 1\n" in render("full", report, RenderOptions(verbose=True))


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
