"""Which statements speak of one configuration: options, variants and launch commands are kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from stratlint.document import Block, Document
from stratlint.meaning.axes import split_words
from stratlint.meaning.keys import holders_in
from stratlint.meaning.lexicon import is_plural, lexicon, singular
from stratlint.meaning.raw import Raw
from stratlint.meaning.statement import ItemKind
from stratlint.resources import data_folder, read_yaml

_SHORT_LABEL = 5


class Scenarios:
    """The scenario of any place of one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._sections: dict[int, tuple[str, ...]] = {}
        # The title that a page begins with is that of all its numbers; where there are several of its level, each is that of its own.
        outermost = [each for each in document.sections if each.parent == 0]
        self._titled = len(outermost) == 1 and outermost[0].block == 0
        self._holders: dict[tuple[int, str], frozenset[str]] = {}

    def of(self, block: Block, raws: Sequence[Raw]) -> tuple[str, ...]:
        """The path of variants around a statement: its sections', then its own label's ("Cluster North: …")."""
        path = self._section(block.section)
        label = _label(raws)
        return (*path, label) if label else path

    def holders(self, section: int, caption: str = "") -> frozenset[str]:
        """The words of the headings around a section, but for the page's title, and of a caption that may say whose its numbers are."""
        known = self._holders.get((section, caption))
        if known is None:
            titles = self.document.heading_path(section)[self._titled :]
            known = self._holders[section, caption] = frozenset().union(*map(holders_in, (*titles, caption)))
        return known

    def titles(self, section: int) -> frozenset[str]:
        """Every word of the headings around a section, but for the page's title."""
        return frozenset(word for title in self.document.heading_path(section)[self._titled :] for word in split_words(title))

    def _section(self, section: int) -> tuple[str, ...]:
        if section in self._sections:
            return self._sections[section]
        path: list[str] = []
        at = section
        while at > 0:
            title = self.document.sections[at].title
            if _is_variant(title.lower().split()):
                path.append(title)
            at = self.document.sections[at].parent
        self._sections[section] = tuple(reversed(path))
        return self._sections[section]


def _label(raws: Sequence[Raw]) -> str:
    words: list[str] = []
    for raw in raws[: _SHORT_LABEL + 1]:
        if raw.kind is ItemKind.COLON:
            return " ".join(words) if words and _is_variant(words) else ""
        if raw.kind is ItemKind.WORD and not raw.is_word:
            continue  # quotation marks
        if not raw.is_word and raw.quantity is None:
            return ""
        words.append(raw.word)
    return ""


def _is_variant(words: Sequence[str]) -> bool:
    names = _variants()
    if len(words) == 1:
        return words[0] in names and words[0] not in _named()
    return bool(words) and (words[-1] in names or (words[0] in names and not _measures(words[-1])))


def _measures(word: str) -> bool:
    """Whether a label that ends in *word* says what is measured: "model weights", "cluster size", not "model B"."""
    lex = lexicon()
    return is_plural(word) or singular(word) in lex.figures or singular(word) in lex.counters or word in _measured()


@cache
def _named() -> frozenset[str]:
    return frozenset(map(str, read_yaml(data_folder("grammar") / "lexicon" / "scenarios.yaml")["named"]))


@cache
def _measured() -> frozenset[str]:
    return frozenset(map(str, read_yaml(data_folder("grammar") / "lexicon" / "tables.yaml")["measures"]))


@cache
def _variants() -> frozenset[str]:
    tables = read_yaml(data_folder("grammar") / "lexicon" / "tables.yaml")
    kept = frozenset(map(str, read_yaml(data_folder("grammar") / "lexicon" / "scenarios.yaml")["titles"]))
    return frozenset(map(str, tables["variants"])) | kept
