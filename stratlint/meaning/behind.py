"""What stands behind a number: the noun phrase that says what it counts, per what, and in which role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stratlint.claims.syntax import Quantity
from stratlint.claims.units import Dimensions, load_lexicon
from stratlint.meaning.lexicon import counted_noun, is_plural, lexicon, name_of, singular
from stratlint.meaning.phrases import Phrase, scope_of
from stratlint.meaning.raw import Raw

# How far a name may stand from its number.
_MOST_AFTER = 6
_BREAKS = frozenset({"therefore", "versus", "from", "to", "equals", "only", "leaving"})
ROLES = frozenset(
    {
        "total", "each", "used", "required", "capacity", "limit", "floor", "target", "free", "change", "down", "before", "after",
        "mean", "maximum", "minimum", "only", "least_words", "evenly", "fits", "q50", "q90", "q95", "q99", "q999", "ends", "bare",
        "below", "above", "in_use", "share", "sum", "remaining", "held", "singular", "ceiling",
        "threshold", "speed", "gained",
    }
)  # fmt: skip
_NOUN_LIKE = frozenset({"split", "forms", "function"})
_RELATIVE = frozenset({"that", "which", "are", "is"})
_STATES = frozenset({"used", "required", "capacity", "free"})
_ROLE_WORDS = frozenset({"total", "needed", "used", "required", "available", "left", "together", "each", "apiece", "more", "less", "fewer"})


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a number: the noun phrase, its roles, and where it ends. `each`: "apiece" without a noun."""

    words: tuple[str, ...]
    per: Dimensions
    tags: frozenset[str]
    end: int
    each: bool
    below: tuple[str, ...]


def counted_by(quantity: Quantity, behind: Behind) -> tuple[str, frozenset[str]]:
    """What is counted, and the words that say so."""
    unit = quantity.units[0] if quantity.units else None
    if unit is not None and unit.hard:
        return "", name_of(behind.words)
    words = behind.words
    if unit is not None and unit.dimensions:
        # "8 GPU nodes" counts nodes, "128 expert modules" modules; "16 GPUs" GPUs
        if words and not is_plural(quantity.unit_text.split("/")[0]) and is_plural(words[-1]):
            return counted_noun(words[-1]), name_of((quantity.unit_text, *words))
        (name, power), *rest = unit.dimensions
        single = name if power == 1.0 and not rest else ""
        head = quantity.unit_text.split("/")[0].split(" per ")[0]
        return single, name_of((*head.split(), *words))
    if not words:
        return "", frozenset()
    chosen = next((index for index, word in enumerate(words) if is_plural(word)), len(words) - 1)
    head = words[chosen]
    if singular(head) in lexicon().figures:
        return "", name_of(words[: chosen + 1])
    return counted_noun(head), name_of(words[: chosen + 1])


def behind_of(raws: Sequence[Raw], at: int, quantity: Quantity) -> Behind:
    """The noun phrase behind the number at *at*."""
    lex = lexicon()
    words: list[str] = []
    below: list[str] = []
    tags: set[str] = set()
    each = False
    position = at + 1
    phrase_open = True
    limit = min(len(raws), at + 1 + _MOST_AFTER + 3)
    while position < limit:
        raw = raws[position]
        if "/" in raw.tags and position + 1 < limit and raws[position + 1].is_word:
            below.append(raws[position + 1].word)
            position += 2
            continue
        if not raw.is_word:
            break
        if raw.tags & {"per", "each"} and "total" not in raw.tags:
            following = raws[position + 1] if position + 1 < len(raws) else None
            if following is not None and following.is_word and following.word not in lex.function_words and not following.tags & _BREAKS:
                noun, position = _noun_phrase(raws, position + 1)
                below.append(noun)
                phrase_open = False
                continue
            if following is not None and following.word in ("of", "of the"):
                whole = next((other for other in raws[position + 2 : position + 4] if other.quantity is not None), None)
                if whole is not None and whole.quantity is not None:  # "on each of 8 GPUs"
                    below.append(counted_by(whole.quantity, behind_of(raws, raws.index(whole), whole.quantity))[0])
                break
            each = raw.word not in ("per",)
            position += 1
            phrase_open = False
            continue
        if raw.word in ("on", "in", "to", "for", "of", "by") and position + 2 < len(raws) and raws[position + 1].is_word:
            article = raws[position + 1].word in ("a", "an", "one") and raw.word in ("to", "on", "in", "by")
            if raws[position + 1].tags & {"each"} and raws[position + 2].word in ("of", "of the"):
                position += 1  # "on each of 8 GPUs"
                continue
            if raws[position + 1].tags & {"each"} or article:
                noun, position = _noun_phrase(raws, position + 2)
                below.append(noun)
                phrase_open = False
                continue
        if raw.word in ("a", "an") and not words and quantity.units and quantity.units[0].hard and position + 1 < len(raws):
            unit = load_lexicon().read(raws[position + 1].word)
            timed = any(name == "time" for name, _ in quantity.units[0].dimensions)
            if unit and not timed:  # "$20 an hour"
                below.append(raws[position + 1].word)
                position += 2
                continue
            break
        if raw.word == "of" and phrase_open and not words and quantity.units and quantity.units[0].hard:
            position += 1  # "640 GB of GPU memory"
            continue
        if (
            raw.word in _RELATIVE
            and position + 1 < len(raws)
            and (raws[position + 1].tags & _STATES or raws[position + 1].word in _RELATIVE)
        ):
            position += 1  # "112 GB that are needed"
            phrase_open = False
            continue
        if raw.word in ("them", "it", "which", "these", "those"):
            break
        if not words and is_plural(raw.word) and raw.tags and raw.tags <= _NOUN_LIKE:
            words.append(raw.word)  # "24 shards": what follows a number is what it counts
            position += 1
            continue
        if raw.tags & _BREAKS or raw.word in lex.function_words - _ROLE_WORDS:
            if raw.tags & ROLES and not raw.tags & _BREAKS and not _governs(raws, position):
                tags |= raw.tags & ROLES
            break
        if raw.tags:
            tags |= raw.tags & ROLES
            phrase_open = False
        elif phrase_open and len(words) < _MOST_AFTER:
            words.append(raw.word)
        else:
            break
        position += 1
    if raws[position : position + 1] and "forms" in raws[position].tags and position + 2 < len(raws):
        if raws[position + 1].word in ("a", "an", "one") and raws[position + 2].is_word:
            below.append(_noun_phrase(raws, position + 2)[0])  # "four GPUs form a replica"
    dims = Phrase(per=tuple(noun for noun in below if noun)).below
    return Behind(tuple(words), dims, frozenset(tags), position, each, tuple(noun for noun in below if noun))


def _governs(raws: Sequence[Raw], at: int) -> bool:
    """`under load`, `before cooling`: a preposition that speaks of what follows it, not of the amount ahead of it."""
    lex = lexicon()
    if raws[at].word not in lex.prepositions or at + 1 >= len(raws):
        return False
    following = raws[at + 1]
    content = following.is_word and (following.word in lex.articles or following.word not in lex.function_words)
    return following.quantity is not None or content


def _noun_phrase(raws: Sequence[Raw], at: int) -> tuple[str, int]:
    """The noun of the phrase that begins at *at*, and where it ends."""
    lex = lexicon()
    words: list[str] = []
    while (
        at < len(raws) and raws[at].is_word and raws[at].word not in lex.function_words and not raws[at].tags & _BREAKS and len(words) < 4
    ):
        words.append(raws[at].word)
        at += 1
    return scope_of(words) if words and words[-1] != "time" else "", at
