"""Subjects: of what one is said to have the amounts behind ("a node has …", "each of which …")."""

from __future__ import annotations

from collections.abc import Sequence

from stratlint.meaning.behind import behind_of, counted_by
from stratlint.meaning.lexicon import counted_noun, is_plural, lexicon, noun_of
from stratlint.meaning.raw import Raw
from stratlint.meaning.statement import ItemKind, Term

UNNAMED = "each of them"
BACK = frozenset({"of which", "of whom", "of them", "of these", "of those"})
# With these, or with a word for "each", begins what a subject is one of.
SINGLE = frozenset({"a", "an", "one"})


def antecedent_at(raws: Sequence[Raw], at: int, found: Sequence[tuple[int, Term]]) -> str:
    """What "each of which" and "each of them" stand for: the thing counted last."""
    if "each" not in raws[at].tags or at + 1 >= len(raws):
        return ""
    following = raws[at + 1].word
    if following not in BACK and not following.endswith("ing"):  # "each using 40 GB"
        return ""
    return next((term.noun for _, term in reversed(found) if term.noun), UNNAMED)


def subject_at(raws: Sequence[Raw], at: int) -> str:
    """`node` where "a node has", "each stage holds", "every rank keeps" begins at *at*."""
    lex = lexicon()
    raw = raws[at]
    if not raw.is_word or "per" in raw.tags:
        return ""
    if not raw.word.isascii():
        following = raws[at + 1] if at + 1 < len(raws) else None
        return noun_of(following.word) if following is not None and following.is_word and not following.tags else ""
    if at and raws[at - 1].is_word and raws[at - 1].word in lex.prepositions:
        return ""
    words: list[str] = []
    for following in raws[at + 1 : at + 5]:
        if not following.is_word:
            break
        if following.word in BACK:
            return ""
        if words and (following.tags & {"has", "takes", "equals", "used", "required"} or following.word in lex.verbs or _acts(following)):
            return noun_of(words[-1])
        if following.word in ("of", "of the", "the", "these", "those"):
            continue
        if following.word in lex.function_words:
            return ""
        words.append(following.word)
    # "each of the 8 pipeline stages holds"
    if "each" in raw.tags and at + 3 < len(raws) and raws[at + 1].word in ("of", "of the"):
        counted = next((each for each in raws[at + 1 : at + 4] if each.kind is ItemKind.TERM), None)
        if counted is not None and counted.quantity is not None:
            position = raws.index(counted)
            behind = behind_of(raws, position, counted.quantity)
            sized = raws[position + 1 : position + 3]  # "each of the two 80 GB cards"
            if not behind.words and not counted.quantity.units and len(sized) > 1 and sized[0].quantity is not None and sized[1].is_word:
                return counted_noun(sized[1].word)
            return counted_by(counted.quantity, behind)[0]
    return ""


def _acts(raw: Raw) -> bool:
    """`contributes` in "each GPU contributes": behind a singular noun a word with this ending is a verb."""
    return raw.word.isascii() and raw.word.isalpha() and is_plural(raw.word)
