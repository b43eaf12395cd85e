"""Who speaks, and of when: whether a statement asserts anything about the plan as it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from stratlint.claims.grammar import words as grammar_words
from stratlint.meaning.nodes import Node, equation_words
from stratlint.meaning.raw import Raw
from stratlint.meaning.statement import Item, ItemKind
from stratlint.resources import data_folder, read_yaml

# So many words tell that a sentence repeats something.
_LONGEST_OPENING = 3


def voice_of(items: Sequence[Item]) -> tuple[bool, bool]:
    """Whether a statement is asserted at all, and whether it speaks of the present."""
    tags = frozenset[str]().union(*(item.tags for item in items))
    return "denied" not in tags, "other_time" not in tags


def denied_heading(path: Sequence[str]) -> bool:
    """Whether any heading above says that nothing under it is asserted."""
    return any(_speaks(title, "headings") for title in path)


def set_aside(path: Sequence[str]) -> bool:
    """Whether any heading above says that what stands under it is not, or no longer, the plan."""
    return any(_speaks(title, "set_aside") for title in path)


def recaps(path: Sequence[str]) -> bool:
    """Whether the heading right above says that what stands under it was said elsewhere."""
    return bool(path) and _speaks(path[-1], "recaps")


def repeats(items: Sequence[Item]) -> bool:
    """`In summary: …`: whether a sentence begins with saying that it only says something again."""
    opening: list[str] = []
    for item in items:
        if not item.word or len(opening) == _LONGEST_OPENING:
            break
        opening += item.word.split()
    words = [word for word in opening if word[:1].isalnum()]
    return any(" ".join(words[:length]) in _titles("repeating") for length in range(1, len(words) + 1))


@lru_cache(maxsize=1024)
def _speaks(title: str, of: str) -> bool:
    words = "".join(letter if letter.isalnum() else " " for letter in title.lower()).split()
    return _holds(" ".join(words), _titles(of))


@cache
def _titles(of: str) -> frozenset[str]:
    return frozenset(map(str, read_yaml(data_folder("grammar") / "lexicon" / "voice.yaml")[of]))


def mistaken(title: str, raws: Sequence[Raw | Node]) -> bool:
    """Whether the heading or the label of a row, or the row itself, calls its computation a mistake."""
    colon = next((at for at, raw in enumerate(raws) if raw.kind is ItemKind.COLON), 0)
    words = [raw.word for raw in raws[colon:] if raw.is_word]
    label = [raw.word for raw in raws[:colon] if raw.is_word]
    known = equation_words()
    if any(_announces(part) for part in (title.lower(), " ".join(label))) or " ".join(label) in known["denied_labels"]:
        return True
    return _holds(" ".join(words), known["denied"])


def asks(row: Sequence[Node]) -> bool:
    """`Is 7 × 12 = 80?`: it gives names their amounts like any other sentence, but states no result."""
    return bool(row) and row[-1].text in equation_words()["questions"]


def crossed_out(row: Sequence[Node]) -> bool:
    """`❌ 7 × 12 = 80`: nothing but the computation stands behind the mark, so that it is what fails."""
    return len(row) > 1 and fails(row[0]) and row[1].is_number


def fails(node: Node | None) -> bool:
    """Whether an item is a sign of failure."""
    return node is not None and node.kind is ItemKind.MARK and node.text in grammar_words()["verdict_fail"]


def denied_by(before: Sequence[Node], *, in_words: bool) -> bool:
    """Whether what stands before a computation in its sentence denies it, or only supposes it.

    `never write 7 × 12 = 80`; *in_words*: its relation is a verb, which an "if" makes a condition ("if 7 × 12 were 80").
    """
    known = equation_words()
    for node in reversed(before):
        if not node.is_word:
            return False
        if node.word in known["denying"]:
            return True
        if "condition" in node.tags or node.word in known["supposing"]:
            return in_words
        if node.word in known.separators or "therefore" in node.tags:
            return False
    return False


@lru_cache(maxsize=4096)
def _announces(title: str) -> bool:
    """Whether a title or a label is a phrase of mistakes, begins or ends with one; numbers aside."""
    known = equation_words()
    words = [word.strip(":.,()\"'#") for word in title.split()]
    words = [word for word in words if word and not word.isdigit()]
    for at, word in enumerate(words):
        follows = at + 1 == len(words) or words[at + 1] in known["mistaken_goes_on"]
        if word in known["mistaken_alone"] and follows and not known["measured_errors"].intersection(words[at - 1 : at] if at else ()):
            return True
    text = " ".join(words)
    return any(text == phrase or text.endswith(f" {phrase}") or text.startswith(f"{phrase} ") for phrase in known["mistaken"])


def _holds(text: str, phrases: frozenset[str]) -> bool:
    padded = f" {text} "
    return any(f" {phrase} " in padded if phrase.isascii() else phrase in padded for phrase in phrases)
