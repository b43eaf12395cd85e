"""Recording places changes nothing about what markdown-it recognises."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from stratlint.document.markdown import MAX_COMPLETED_CELLS, Recording, block_tokens

STOCK = MarkdownIt("commonmark", {"maxNesting": 1000}).enable("table")

pieces = st.sampled_from(
    [
        *"\n\t >-*+#|`~[]()<:.=a1",
        *(
            "\n\n",
            "- ",
            "1. ",
            "> ",
            "    ",
            "```",
            "~~~\n",
            "---",
            "===",
            "|--|\n",
            "| a \\| b |\n|:-:|--:|\n",
            "| 1 |\n",
        ),
        *(
            "| a | b | c |\n|--|--|:-|\n",
            "<!-- ",
            "-->",
            "<td>",
            "<details>\n",
            "[a]: b\n",
            "# ",
            "\x0b",
            "\u00a0",
            "\\|",
        ),
    ]
)


def comparable(tokens: list[Token]) -> list[object]:
    """Tokens as tuples, a table as the contents of its rows."""
    result: list[object] = []
    inside = False
    for token in tokens:
        if token.type == "table_open":
            inside = True
            result.append(("table", token.map, token.level))
        elif token.type == "table_close":
            inside = False
        elif not inside:
            # Link targets are not normalised, but no token holds one.
            result.append((token.type, token.map, token.level, token.content, token.info, token.markup, token.hidden))
        elif token.type == "inline":
            result.append(("cell", token.map, token.content))
        elif token.type in ("th_open", "td_open"):
            result.append(str(token.attrs.get("style", "")).removeprefix("text-align:"))
    return result


def ours(text: str) -> list[object]:
    tokens, recording = block_tokens(text)
    result: list[object] = []
    for index, token in enumerate(tokens):
        if token.type == "table":
            result.append(("table", token.map, token.level))
            result += table(recording, index)
        else:
            result.append((token.type, token.map, token.level, token.content, token.info, token.markup, token.hidden))
    return result


def table(recording: Recording, index: int) -> list[object]:
    raw = recording.tables[index]
    result: list[object] = []
    for row in raw.rows:
        cells = [cell.raw.replace("\\|", "|") for cell in row.cells]
        cells = (cells + [""] * len(raw.alignments))[: len(raw.alignments)]
        for cell, alignment in zip(cells, raw.alignments, strict=True):
            result += [alignment, ("cell", [row.line, row.line + 1], cell)]
    return result


def stock(text: str) -> list[object]:
    tokens: list[Token] = []
    STOCK.block.parse(text, STOCK, {}, tokens)
    return comparable(tokens)


def test_same_blocks_in_all_documents(corpus: list[tuple[str, str]]) -> None:
    compared = 0
    for name, text in corpus:
        normal = text.replace("\r\n", "\n").replace("\r", "\n").replace("[^", "[")  # footnotes differ on purpose
        assert ours(normal) == stock(normal), name
        compared += 1
    assert compared


@settings(max_examples=600, deadline=None)
@given(st.lists(pieces, max_size=40).map("".join))
def test_same_blocks_in_any_markdown(text: str) -> None:
    assert ours(text) == stock(text)


def test_same_limit_on_completed_cells() -> None:
    columns = 400
    text = "|a" * columns + "|\n" + "|-" * columns + "|\n" + "|1|\n" * (MAX_COMPLETED_CELLS // columns + 5)
    assert ours(text) == stock(text)
