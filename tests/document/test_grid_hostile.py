"""Any page has its grids in time linear in its length, with every place inside its block."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratlint.document import parse
from stratlint.document.grid import grids

N = 30_000

HOSTILE: dict[str, Callable[[int], str]] = {
    "items": lambda n: "- a: 1\n" * (n // 8),
    "nested items": lambda n: "\n".join("  " * (k % 50) + "- a: 1" for k in range(n // 60)),
    "pairs in an item": lambda n: "- a: " + "b=1, " * (n // 5),
    "tight pairs": lambda n: "- " + "a=1/" * (n // 4),
    "colons": lambda n: "- " + ": " * (n // 2),
    "equals": lambda n: "- a " + "= b " * (n // 4),
    "dots in an item": lambda n: "- a" + " ." * (n // 2),
    "brackets in an item": lambda n: "- a: " + "(" * n,
    "lines": lambda n: "a: 1\n" * (n // 5),
    "strong lines": lambda n: "**a**: 1\n\n" * (n // 10),
    "definitions": lambda n: "a\n: 1\n" * (n // 6),
    "section rows": lambda n: "| a | b |\n|---|---|\n" + "| **s** | |\n| x | 1 |\n" * (n // 22),
    "indented rows": lambda n: "| a | b |\n|---|---|\n" + "| &nbsp;x | 1 |\n" * (n // 15),
    "compound cells": lambda n: "| a / b | c / d |\n|---|---|\n" + "| 1 / 2 | 3 / 4 |\n" * (n // 18),
    "compound label": lambda n: "| " + "a / " * (n // 8) + " | " + "1 / " * (n // 8) + "|\n|---|---|\n|1|2|",
    "rows of a wide table": lambda n: "|a" * 900 + "|\n" + "|-" * 900 + "|\n" + "|1\n" * (n // 40),
    "HTML rows": lambda n: "<table>" + "<tr><td>a<td>1</tr>" * (n // 19) + "</table>",
    "HTML tables in tables": lambda n: "<table>" * (n // 7),
    "HTML spans": lambda n: "<table>" + "<tr><td rowspan=999 colspan=999>a<td>1" * (n // 38) + "</table>",
    "HTML tags left open": lambda n: "<table><tr><td " * (n // 15),
    "HTML comments left open": lambda n: "<table>" + "<!-- " * (n // 5),
    "HTML tags before a text": lambda n: "<table><tr><td>" + "<i>" * (n // 3) + "</table>",
    "a wide HTML row above narrow ones": lambda n: "<table><tr>" + "<td>1" * 900 + "<tr><td>1" * (n // 9) + "</table>",
    "HTML items": lambda n: "<ul>" + "<li>a: 1" * (n // 8) + "</ul>",
    "JSON open objects": lambda n: "```json\n" + '{"a":' * (n // 5) + "\n```",
    "JSON open arrays": lambda n: "```json\n" + "[" * n + "\n```",
    "JSON lines": lambda n: "```json\n" + '{"a":1}\n' * (n // 8) + "```",
    "JSON array of objects": lambda n: '```json\n{"k":[' + '{"a":1,"b":[1,2]},' * (n // 18) + "]}\n```",
    "JSON open strings": lambda n: '```json\n{"a":' + '"x' * (n // 2) + "\n```",
    "JSON open comments": lambda n: "```json\n{" + "/*" * (n // 2) + "\n```",
    "YAML deep": lambda n: "```yaml\n" + "".join(" " * depth + "a:\n" for depth in range(int((2 * n) ** 0.5))) + "```",
    "YAML dashes": lambda n: "```yaml\n" + "- " * (n // 2) + "\n```",
    "YAML open flows": lambda n: "```yaml\n" + "a: {b: \n" * (n // 9) + "```",
    "YAML elements": lambda n: "```yaml\na:\n" + "  - name: x\n    b: 1\n" * (n // 20) + "```",
    "YAML open quotes": lambda n: "```yaml\n" + 'a: "' * (n // 4) + "\n```",
    "YAML colons": lambda n: "```yaml\n" + ":" * n + "\n```",
    "YAML blanks": lambda n: "```yaml\na" + " " * n + "\n```",
    "TOML sections": lambda n: "```toml\n" + "[a.b.c]\nx=1\n" * (n // 12) + "```",
    "front matter": lambda n: "---\n" + "a: 1\n" * (n // 5) + "---\n",
    "commands": lambda n: "```bash\n" + "run --a 1 \\\n" * (n // 11) + "```",
    "options": lambda n: "```bash\nrun " + "--a 1 " * (n // 6) + "\n```",
    "environment": lambda n: "```bash\n" + "A=1\n" * (n // 4) + "```",
    "backslashes": lambda n: "```bash\n" + "\\\n" * (n // 2) + "```",
    "code": lambda n: "```python\n" + "a = 1 # x\n" * (n // 10) + "```",
    "code of one call": lambda n: "```python\nf(" + "a=1, " * (n // 5) + ")\n```",
    "code and blanks": lambda n: "```python\na" + " " * n + "\n```",
    "aligned": lambda n: "```\n" + "aaa  1  2\n" * (n // 10) + "```",
    "aligned with gaps": lambda n: "```\n" + ("a  " * 190 + "1\n") * 2 + "a\n" * (n // 2) + "```",
    "bars": lambda n: "```\n" + "a | 1\n" * (n // 6) + "```",
    "a line of bars": lambda n: "```\n" + "a|" * (n // 2) + "\n```",
    "tabs": lambda n: "```\n" + "a\t1\n" * (n // 4) + "```",
    "commas": lambda n: "```\n" + "," * n + "\n```",
    "dots": lambda n: "```\na " + "." * n + " 1\n```",
    "indented lines": lambda n: "```\n" + "".join(" " * (k % 100) + "a: 1\n" for k in range(n // 60)) + "```",
    "a value that goes on": lambda n: "```\na = 1\n" + "= 2\n" * (n // 4) + "```",
    "rules": lambda n: "```\n" + "|\n" * (n // 2) + "```",
}


def seconds(text: str) -> float:
    document = parse(text)
    start = time.process_time()
    grids(document)
    return time.process_time() - start


@pytest.mark.parametrize("name", HOSTILE)
def test_time_is_linear(name: str) -> None:
    make = HOSTILE[name]
    # Quadratic would be 16 times, and so every time; what a busy machine adds is not there three times.
    for attempt in (1, 2, 3):
        once, fourfold = seconds(make(N // 4)), seconds(make(N))
        if fourfold < min(8 * once + 0.3, 5):
            break
        assert attempt < 3, f"{once:.2f} s, {fourfold:.2f} s for four times as much"


PIECES = st.sampled_from(
    ["- ", "  - ", "a", "TP", "Total", ": ", " = ", "=", "8", "1,024 GB", " / ", "×", "\n", "\n\n", "```\n", "```yaml\n", "```json\n",
     "```bash\n", "```python\n", "| a | b |\n|---|---|\n", "| ", " | ", "|\n", "**", "<table>", "<tr><td>", "<td colspan=2>", "</table>",
     "<dl><dt>", "<dd>", "{", "}", "[", "]", '"', "'", ",", "#", "--a", " ", "\t", "    ", "....", "---\n",
     "é", "😀", "：", "&nbsp;", "\\", "`"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_every_place_stands_in_its_block_and_every_record_in_its_grid(text: str) -> None:
    document = parse(text)
    found = grids(document)
    assert [grid.index for grid in found] == list(range(len(found)))
    for grid in found:
        assert grid.cells
        assert all(-1 <= outer < record for record, outer in enumerate(grid.outer))
        for cell in grid.cells:
            block = document.blocks[cell.block]
            assert 0 <= cell.start < cell.end <= len(block.content)
            assert block.text[cell.start : cell.end] == block.text[cell.start : cell.end].strip()
            assert 0 <= cell.label_start <= cell.label_end <= len(document.blocks[cell.label_block].content)
            assert 0 <= cell.record < len(grid.outer)
            assert 0 <= cell.part < cell.parts
            for place in (cell.holder_at, cell.unit_at):
                assert place is None or 0 <= place.start < place.end <= len(document.blocks[place.block].content)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_its_grids(text: str) -> None:
    grids(parse(text))
    grids(parse(f"```\n{text}\n```"))
    grids(parse(f"```yaml\n{text}\n```"))
