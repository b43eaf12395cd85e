"""Tokens → amounts that are written as words, with the unit behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from stratlint.claims.printed import exact_number
from stratlint.claims.syntax import Quantity, Word
from stratlint.claims.tokens import Token
from stratlint.claims.units import Unit, load_lexicon
from stratlint.meaning.lexicon import lexicon
from stratlint.meaning.number_words import Spelled, counting_words, spelled

_LONGEST = 12


@lru_cache(maxsize=8192)
def parts_of(word: str) -> tuple[str, ...]:
    """The number words of one that a hyphen joins ("twenty-four"); of any other word, itself ("eight-way")."""
    parts = tuple(word.split("-"))
    return parts if len(parts) > 1 and all(part in counting_words() for part in parts) else (word,)


def begins(word: str) -> bool:
    """Whether a word (in lower case) may begin a number."""
    return parts_of(word)[0] in counting_words()


def spelled_at(tokens: Sequence[Token], lowered: Sequence[str], at: int) -> tuple[Quantity | None, int]:
    """The amount in words at *at* and how many tokens it takes; None for so many words that make no amount together."""
    found, used = _found(lowered, at)
    if found.value is None or (lowered[at] == "one" and used == 1):  # "the new one", "one of", "one node costs": no count
        return None, used
    shares, alone = lexicon().share, lowered[at] in lexicon().share["alone"]
    before = at and lowered[at - 1] in shares["before"] | shares["alone"]
    if lowered[at] in lexicon().parts and found.taken == 1 and not alone and not before:
        return None, 1  # "the third"
    value, times = found.value, not found.whole
    if alone and lowered[at + 1 : at + 2] and lowered[at + 1] in shares["article"] and _is_unit(tokens, at + 2):
        used, times = 2, False  # "half an hour"
    head, last = tokens[at], tokens[at + used - 1]
    assert isinstance(head, Word) and isinstance(last, Word)
    end, text = last.end, " ".join(lowered[at : at + used])
    units: tuple[Unit, ...] = ()
    unit_text = ""
    following = tokens[at + used] if at + used < len(tokens) else None
    if not times and isinstance(following, Word) and following.terminal == "UNIT":
        units, unit_text, end = load_lexicon().read(following.text), following.text, following.end
        text, used = f"{text} {unit_text}", used + 1
    quantity = Quantity(
        text, head.start, end, head.start, last.end, exact_number(value), None, head.start, last.end, 1.0, "", units, unit_text,
        False, times, False,
    )  # fmt: skip
    return quantity, used


def _is_unit(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at] if at < len(tokens) else None
    return isinstance(token, Word) and token.terminal == "UNIT"


def _found(lowered: Sequence[str], at: int) -> tuple[Spelled, int]:
    """The number at *at*, and how many tokens hold its words."""
    words: list[str] = []
    ends: list[int] = []
    for word in lowered[at : at + _LONGEST]:
        words += parts_of(word)
        ends.append(len(words))
    before = lowered[at - 1 : at] if at else ()
    found = spelled([*before, *words], len(before)) or Spelled(1, None)
    used = next(count for count, end in enumerate(ends, 1) if end >= found.taken)
    return (found if ends[used - 1] == found.taken else Spelled(found.taken, None)), used


def in_bunches(number: Quantity | None, word: Word, name: str) -> Quantity | None:
    """`2 dozen`, `3 hundred`: a number without unit and the word right behind it that multiplies it."""
    bunch, size = lexicon().bunches.get(name), lexicon().powers.get(name)
    if number is None or number.units or number.magnitude_text or number.currency or number.times:
        return None
    if number.high is not None or word.start - number.end > 1:
        return None
    text = f"{number.text} {name}"
    if bunch is not None and number.number.integer:
        return replace(number, text=text, end=word.end, number=exact_number(number.number.value * bunch))
    return replace(number, text=text, end=word.end, magnitude=size) if size is not None else None
