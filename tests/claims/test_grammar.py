"""One total LALR grammar: every text of every document parses, nothing raises, nothing is cached on disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stratlint.claims import extract as extraction
from stratlint.claims.extract import extract
from stratlint.claims.grammar import parser
from stratlint.claims.prepare import balance
from stratlint.claims.syntax import atoms_of, read
from stratlint.document import parse

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
# Of the many real documents every eighth: enough to meet every layout, and quick.
CORPORA = {
    "fixtures": sorted((ROOT / "fixtures").glob("*.md")),
    "seeds": sorted((SHARED / "seeds").glob("*.txt")),
    "written": sorted((SHARED / "bench" / "written").glob("*.md")),
    "real": sorted((SHARED / "bench" / "real" / "files").glob("*"))[::8],
}
TOKENS = st.sampled_from(
    ["64", "1,024", "3.5", "1e9", "10^25", ".5", "-", "–", "×", "x", "*", "/", "÷", "+", "=", "≈", "→", "<", "(", ")",
        "[", "]", "GB", "TB/s",
     "tokens", "per", "second", "B", "K", "M", "%", "$", "~", "GPUs", "EP64-TP8", "A100-80GB", "✅", "❌", ",", ";",
     ":",
     ".", "and", "is",
     "i.e.", "约", "卡", "字节", "\n", "  ", "|", "`", "**", "_", "{", "}", "\ue000", "\ue001", "\x00", "\u202e", "２",
     "²",
     "x86", "0x1F"]
)  # fmt: skip


@pytest.mark.parametrize("name", CORPORA)
def test_every_block_of_every_document_parses(name: str) -> None:
    if not CORPORA[name]:
        pytest.skip("no ../shared beside the checkout")
    failed = []
    for path in CORPORA[name]:
        claims = extract(parse(path.read_bytes().decode("utf-8", "replace"), path.name))
        failed += [(path.name, claims.document.blocks[index].content[:80]) for index in claims.unparsed]
    assert failed == []


@pytest.mark.parametrize("name", ["fixtures", "seeds", "written"])
def test_every_number_is_where_its_claim_says(name: str) -> None:
    """`source[start:end]` is the number, with its unit, as it was printed."""
    for path in CORPORA[name]:
        text = path.read_bytes().decode("utf-8", "replace")
        claims = extract(parse(text, path.name))
        for number in claims.numbers:
            printed = claims.document.text[number.span.start : number.span.end]
            assert any(character.isdigit() for character in printed), (path.name, number.text)
            if number.quantity is not None and not number.quantity.currency:
                assert printed[0] == number.text.lstrip("~≈-")[0], (path.name, number.text)


@pytest.mark.parametrize(
    "text",
    [
        "", "64", "= 1,024", "× 58 layers", "8 × × 8", "8 = = 8", "+ - / * =", "22-21-21", "2025-12-31-10-57-02",
        "req-123-456-789",
        "4-8-12-16 GPUs", "1–2–3", "~~5~6", "(((8)))", "()", "8 (", ") 8", "[1](2)", "5 5 5", "$", "$$5", "%", "5%%",
        "1/2/3/4",
        "(1)\ue0002) 3", "(1)\ue0002) x = 3 y", "8\ue0018", "1e5e5", "1..2", "1,2,3", "1,,2", "5×", "×5", "5x5x5", "x",
        "8 x", "0x", "²", "二", "64~~64", "15-~20 ms", "15–≈20", "1.5 ×", "5 ×.",
    ],
)  # fmt: skip
def test_odd_lines_parse(text: str) -> None:
    assert read(balance(text)) is not None


@given(st.lists(TOKENS, max_size=40).map(" ".join))
def test_any_line_of_claims_parses(text: str) -> None:
    assert read(balance(text)) is not None


@given(st.lists(TOKENS, max_size=40).map("".join))
def test_any_line_of_glued_claims_parses(text: str) -> None:
    assert read(balance(text)) is not None


@settings(max_examples=200)
@given(st.text(max_size=300))
def test_any_text_parses_and_no_atom_overlaps_another(text: str) -> None:
    tree = read(balance(text))
    assert tree is not None
    starts = [atom.start for atom in atoms_of(tree)]
    assert starts == sorted(starts)


@given(st.text(max_size=300))
def test_extraction_never_raises(text: str) -> None:
    extract(parse(text))


def test_no_earley_and_no_cache() -> None:
    """Earley reads a kilobyte a second; a cached parser is unpickled from a predictable temporary file."""
    options = parser().options
    assert options.parser == "lalr"
    assert not options.cache


def test_no_source_asks_for_earley_or_a_cache() -> None:
    for path in (ROOT / "stratlint").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert 'parser="earley"' not in text, path
        assert "cache=True" not in text, path
        assert "import pickle" not in text, path


def test_blocks_without_a_digit_are_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: str) -> None:
        raise AssertionError("parsed a block without a digit")

    monkeypatch.setattr(extraction, "read", refuse)
    assert extract(parse("# Words\n\nNothing to count here.")).numbers == ()


def test_the_parser_is_built_without_writing_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    parser.cache_clear()
    parser()
    assert list(tmp_path.iterdir()) == []
