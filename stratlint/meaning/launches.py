"""Whose a command or a configuration is: that of the plan, of a part of it, of another run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from stratlint.claims.units import load_lexicon
from stratlint.document import Block, BlockKind, Document
from stratlint.meaning.axes import axes, split_words
from stratlint.meaning.keys import only_where
from stratlint.meaning.lexicon import lexicon, singular
from stratlint.resources import data_folder, read_yaml

_COMMENT = re.compile(r"(?m)^[ \t]*(?:#(?!SBATCH|PBS|BSUB)|//)(.*)$")
_TOKEN = re.compile(r"\w+")
_QUOTES = "\"'`,:;()[]{}="
# A paragraph of more than that is no introduction of the fence below it.
_LONGEST_BEFORE = 400


class Standing(StrEnum):
    """What the words around a command make of it."""

    PLAN = "plan"  # nothing but that something is started or set
    OPEN = "open"  # its heading says more
    PART = "part"  # a part of the deployment with a layout of its own
    ASIDE = "aside"  # another run, or an option


@dataclass(frozen=True, slots=True)
class _Words:
    aside: frozenset[str]
    roles: frozenset[str]
    modes: frozenset[str]
    starting: frozenset[str]
    serving: frozenset[str]
    training: frozenset[str]


@cache
def _known() -> _Words:
    data = read_yaml(data_folder("grammar") / "lexicon" / "launches.yaml")
    return _Words(*(frozenset(map(str, data[name])) for name in ("aside", "roles", "modes", "starting", "serving", "training")))


def standing_of(document: Document, block: Block, titled: frozenset[str], paths: Iterable[Sequence[str]]) -> Standing:
    """The standing of what a block of code sets; *titled*: the words of its headings, *paths*: the keys around its degrees."""
    known = _known()
    keys = {word for path in paths for key in path for word in split_words(key.replace("_", " "))}
    around = {word for text in _around(document, block) for word in split_words(text)}
    modes = {word.strip(_QUOTES).lower() for word in block.text.split()}
    serves = not known.serving.isdisjoint(_TOKEN.findall(block.text.lower()))
    if (titled | keys | around) & known.aside or (serves and _trains(document.text)):
        return Standing.ASIDE
    if (titled | keys | around) & known.roles or modes & known.modes:
        return Standing.PART
    before = _before(document, block).rstrip()
    introduced = split_words(before.lower()) if before.endswith((":", "：")) else []
    further = {word for word in (*titled, *introduced) if not word.isdecimal()} - known.starting - lexicon().function_words
    plain = all(singular(word) in axes().neutral or only_where(singular(word)) for word in further)
    return Standing.PLAN if plain else Standing.OPEN


@lru_cache(maxsize=2)
def _trains(text: str) -> bool:
    """Whether a page speaks of training."""
    lowered = text.lower()
    return not _known().training.isdisjoint(_TOKEN.findall(lowered)) or any(
        not word.isascii() and word in lowered for word in _known().training
    )


def _around(document: Document, block: Block) -> Iterable[str]:
    """The comments of a block, and the paragraph right above it."""
    yield from (comment[1] for comment in _COMMENT.finditer(block.text))
    yield _before(document, block)


def _before(document: Document, block: Block) -> str:
    """The short paragraph right above a block; "" without one."""
    before = document.blocks[block.index - 1] if block.index else None
    near = before is not None and before.section == block.section and before.kind is BlockKind.PARAGRAPH
    return before.text if near and before is not None and len(before.text) < _LONGEST_BEFORE else ""


def role_in(texts: Iterable[str]) -> str:
    """The one part of a deployment that labels or keys name: "decode" of "Decode, EP48"; "" for none, or several."""
    named = {singular(word) for text in texts for word in split_words(text.replace("_", " "))} & _known().modes
    return named.pop() if len(named) == 1 else ""


def role_of_command(block: Block, start: int, paths: Iterable[Sequence[str]]) -> str:
    """The role of what is set at *start* of a fence: by its outer keys, else by the paragraph of lines that it stands in."""
    first = block.text.rfind("\n\n", 0, start) + 1
    end = block.text.find("\n\n", start)
    lines = block.text[first : end if end >= 0 else len(block.text)]
    words = (word.strip(_QUOTES) for word in lines.split())
    return role_in(key for path in paths for key in path) or role_in(word for word in words if word.isalpha())


def is_explained(remark: str) -> bool:
    """Whether a remark behind a value may explain it: `10  # twice the stages`, not `256  # sequences`."""
    lex = lexicon()
    words = [singular(word) for word in split_words(remark)]
    return not all(word in lex.function_words or word in lex.nouns or word in lex.counters or load_lexicon().read(word) for word in words)
