"""What a page says about where the parts of its model are: the one published model that it names, and what it keeps several times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from stratlint.meaning.axes import split_words
from stratlint.meaning.lexicon import singular
from stratlint.meaning.published import Fields, Figure, figures_of
from stratlint.resources import data_folder, read_yaml

# So many words may stand between things and the word that says that they are kept several times.
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Placing:
    """`fields`: the figures of the published models of the page, those on which all of them agree. `copied`: things (nouns) of which
    the page keeps copies, so that the shares of all ranks are more than there is. `heads_apart`: the heads of the page are not, or not all,
    those of one model split over all tensor ranks. `sizes`: the numbers of parameters that are in use for the one model of the page."""

    fields: Fields
    copied: frozenset[str] = frozenset()
    heads_apart: bool = False
    sizes: tuple[Figure, ...] = ()

    def figure(self, field: str) -> Figure | None:
        """The one published figure of a field; None for none, or for several."""
        figures = self.fields.get(field, ())
        return figures[0] if len({figure.value for figure in figures}) == 1 else None


UNPLACED = Placing({})


@dataclass(frozen=True, slots=True)
class _Words:
    always: frozenset[str]
    near: frozenset[str]
    other: frozenset[str]
    things: frozenset[str]
    apart: tuple[tuple[str, ...], ...]


@cache
def _words() -> _Words:
    data = read_yaml(data_folder("grammar") / "lexicon" / "nouns.yaml")["kept"]
    always, near, other, things = (frozenset(map(str, data[name])) for name in ("always", "near", "other", "things"))
    return _Words(always, near, other, things, tuple(tuple(str(phrase).split()) for phrase in data["apart"]))


def placing_of(text: str) -> Placing:
    """What the text of a page says of it."""
    known = _words()
    words = [singular(word) for word in split_words(text.lower())]
    models = list(figures_of(text)[1].values())
    shared = set.intersection(*(set(each) for each in models)) if models else set()
    known_of_all = {field: _all(models, field) for field in sorted(shared)}
    fields = {field: found for field, found in known_of_all.items() if len({figure.value for figure in found}) == 1}
    copied = known.things if _says_always(words) else frozenset(thing for thing in known.things if _is_copied(words, thing))
    apart = any(tuple(words[at : at + len(phrase)]) == phrase for phrase in known.apart for at in _places_of(phrase[0], words))
    return Placing(fields, copied, apart, models[0].get("parameters", ()) if len(models) == 1 else ())


def _all(models: Sequence[Fields], field: str) -> tuple[Figure, ...]:
    return tuple(figure for each in models for figure in each[field])


def _places_of(word: str, words: Sequence[str]) -> Iterator[int]:
    return (at for at, each in enumerate(words) if each == word)


def _says_always(words: Sequence[str]) -> bool:
    """Whether a word of a page says of itself that things are kept several times: "redundant"."""
    always = _words().always
    within = [part for part in always if not part.isascii()]
    return not always.isdisjoint(words) or any(part in word for word in words if not word.isascii() for part in within)


def _is_copied(words: Sequence[str], thing: str) -> bool:
    """Whether a page has copies of things: "experts are replicated", but not "shared experts are"."""
    known = _words()
    for at, word in enumerate(words):
        if word == thing and (not at or words[at - 1] not in known.other):
            near = words[max(0, at - _NEAR) : at + _NEAR + 1]
            if not known.near.isdisjoint(near):
                return True
    return False
