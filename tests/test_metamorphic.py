"""Changes that mean nothing change nothing: the same findings whatever the wrapping, line ends and separators."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import stratlint

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
DOCUMENTS = {
    path.name: path
    for folder, pattern in ((ROOT / "fixtures", "*.md"), (SHARED / "seeds", "*.txt"), (SHARED / "bench" / "written", "*.md"))
    for path in sorted(folder.glob(pattern))
}
Findings = Counter[tuple[str, str, str]]
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)")
_PROSE = re.compile(r"^(?![ \t]*(?:[#>|*+\-=~`:<]|\d+[.)]|$|\[|!|---|\$\$|[✅❌✓✔✗✘⚠]))")
_PRODUCT = re.compile(r"(?<=[\w)%}])( ?)×( ?)(?=[\d(])")
_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3}(?:,\d{3})+)(?![\d,])")


def findings(text: str) -> Findings:
    """What was found, whatever its place. Separators and signs of products are printed as in the document."""
    return Counter((finding.rule, finding.severity.value, _plain(finding.claimed)) for finding in stratlint.check_text(text).findings)


def _plain(claimed: str) -> str:
    """Its beginning: whole sentences are cut to a length that counts the separators."""
    return " ".join(re.sub(r"(?<=\d),(?=\d{3})", "", re.sub(r"(?<=\d) ?[×*x·] ?(?=\d)", " × ", claimed)).split())[:40]


@cache
def original(name: str) -> tuple[str, Findings]:
    text = DOCUMENTS[name].read_text(encoding="utf-8")
    return text, findings(text)


def lines_outside_fences(text: str, change: Callable[[str], str]) -> str:
    out, fenced = [], False
    for line in text.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        out.append(line if fenced else change(line))
    return "\n".join(out)


def paragraphs(text: str, rewrite: Callable[[str], list[str]]) -> str:
    """Plain paragraphs (no list, table, heading, quote or fence) rewritten; lines that end in a hard break are left."""
    out: list[str] = []
    gathered: list[str] = []
    fenced = front = False

    def flush() -> None:
        if gathered and not any(line.endswith(("  ", "\\")) or "**" in line.strip()[:3] for line in gathered):
            out.extend(rewrite(" ".join(line.strip() for line in gathered)))
        else:
            out.extend(gathered)
        gathered.clear()

    for number, line in enumerate(text.split("\n")):
        if line == "---" and (number == 0 or front):
            front = number == 0
        fence = bool(_FENCE.match(line))
        previous_blank = not out or not out[-1].strip()
        plain = not (fenced or fence or front) and bool(_PROSE.match(line)) and (bool(gathered) or previous_blank)
        if plain:
            gathered.append(line)
        else:
            flush()
            out.append(line)
        fenced = fenced != fence
    flush()
    return "\n".join(out)


def wrapped(width: int) -> Callable[[str], str]:
    """Re-wrapped, but never so that a line begins with what Markdown takes for a list, a heading or a rule."""

    def rewrite(paragraph: str) -> list[str]:
        lines = textwrap.wrap(paragraph, width, break_long_words=False, break_on_hyphens=False)
        return lines if all(_PROSE.match(line) for line in lines) else [paragraph]

    return lambda text: paragraphs(text, rewrite)


def list_to_table(text: str) -> str:
    """`- Label: value` lists become tables of two columns, where every item has that form and holds no computation."""
    item = re.compile(r"^- (?:\*\*)?([A-Z][\w /()-]{2,40}?)(?:\*\*)?: ([^:|=≈→]*\d[^:|=≈→]*)$")
    out: list[str] = []
    run: list[re.Match[str]] = []
    for line in [*text.split("\n"), ""]:
        match = item.match(line)
        if match:
            run.append(match)
            continue
        whole = len(run) >= 2 and not line.strip() and (not out or not out[-1].strip())
        if whole:
            out += ["| Item | Value |", "|---|---|", *(f"| {each[1]} | {each[2]} |" for each in run)]
        else:
            out += [each[0] for each in run]
        run = []
        out.append(line)
    return "\n".join(out[:-1])


CHANGES: dict[str, Callable[[str], str]] = {
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "CR": lambda text: text.replace("\n", "\r"),
    "byte order mark": lambda text: "\ufeff" + text,
    "no final line end": lambda text: text.rstrip("\n"),
    "blank lines at the end": lambda text: text + "\n\n\n",
    "one line a paragraph": wrapped(100_000),
    "wrapped at 60": wrapped(60),
    "wrapped at 97": wrapped(97),
    "x for ×": lambda text: lines_outside_fences(text, lambda line: _PRODUCT.sub(r"\1x\2", line)),
    "* for ×": lambda text: lines_outside_fences(text, lambda line: _PRODUCT.sub(" \\* ", line)),
    "· for ×": lambda text: lines_outside_fences(text, lambda line: _PRODUCT.sub(r"\1·\2", line)),
    "no separators": lambda text: _THOUSANDS.sub(lambda match: match[1].replace(",", ""), text),
    "emphasis": lambda text: lines_outside_fences(text, lambda line: re.sub(r"(?<= )(\d[\d,.]*)(?= GPUs)", r"**\1**", line)),
}


# Every change is in one of them; a document is checked three times instead of once a change.
TOGETHER = (
    ("no final line end", "one line a paragraph", "· for ×", "CRLF"),
    ("no separators", "wrapped at 60", "x for ×", "CR"),
    ("emphasis", "wrapped at 97", "* for ×", "blank lines at the end", "byte order mark"),
)


def changed(text: str, changes: tuple[str, ...]) -> str:
    for change in changes:
        text = CHANGES[change](text)
    return text


@pytest.mark.parametrize("changes", TOGETHER, ids=", ".join)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_changes_without_meaning_change_no_finding(name: str, changes: tuple[str, ...]) -> None:
    text, before = original(name)
    if findings(changed(text, changes)) != before:
        # Which of them it is, or none alone.
        guilty = {change: (before - after, after - before) for change in changes if (after := findings(CHANGES[change](text))) != before}
        pytest.fail(f"{guilty or 'only all of them together'}")


def test_a_list_of_labelled_values_says_the_same_as_a_table() -> None:
    tried = 0
    for name in (name for name in DOCUMENTS if (ROOT / "fixtures" / name).exists() or name.endswith(".txt")):
        text, before = original(name)
        if (tabled := list_to_table(text)) != text:
            tried += 1
            after = findings(tabled)
            assert (name, before - after, after - before) == (name, Counter(), Counter())
    assert tried


def test_the_order_of_independent_documents_in_one_file_does_not_matter() -> None:
    """Sections that share nothing: each says the same in whatever order they stand."""
    sections = [
        "## Sums\n\nOn each card 29.4 + 5 + 37.6 = 94.0 GB are in use.\n\n",
        "## Work\n\n- Attention: 2 × 64 × 4096 × 4096 × 4 = 8.6 TFLOP\n\n",
        "## Times\n\n| Metric | Value |\n|---|---|\n| Decode latency | 0.00 ms |\n\n",
        "## Shares\n\nThe bubble is (4 - 1) / (8 + 4 - 1) = 37.3 %.\n\n",
    ]
    expected = findings("".join(sections))
    assert len(expected) == 4
    for order in ([3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]):
        assert findings("".join(sections[index] for index in order)) == expected


def test_every_change_is_tried_on_some_document() -> None:
    """A change that never applies tests nothing."""
    assert {change for changes in TOGETHER for change in changes} == set(CHANGES)
    for change, apply in CHANGES.items():
        assert any(apply(original(name)[0]) != original(name)[0] for name in DOCUMENTS), change
