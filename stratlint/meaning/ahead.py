"""What stands ahead of a number: the name that leads to it, and the roles of the cues between."""

from __future__ import annotations

from collections.abc import Sequence

from stratlint.claims.units import load_lexicon
from stratlint.meaning.behind import ROLES
from stratlint.meaning.lexicon import is_plural, lexicon, noun_of, singular
from stratlint.meaning.phrases import Phrase, phrase_of
from stratlint.meaning.raw import Raw
from stratlint.meaning.statement import ItemKind

MOST_BEFORE = 9
MOST_SKIPPED = 4
# As prepositions right before a number they say when: "done after twenty days".
_WHEN = frozenset({"after", "before"})
# Cues that lead from a name to its number: "the weights take 35 GB", "a limit of 24 GB".
_LEADS = frozenset({"equals", "takes", "has", "used", "required", "capacity", "fits", "per", "from", "to", "limit", "floor"})


def ahead_of(raws: Sequence[Raw], at: int) -> tuple[Phrase | None, frozenset[str], str]:
    """The name ahead of a number, the roles of the cues between, and the noun of "NOUN of" right before it."""
    lex = lexicon()
    roles: set[str] = set()
    position = at - 1
    skipped = 0
    of_noun = ""
    if position >= 1 and raws[position].word in ("of",) and raws[position - 1].is_word and not raws[position - 1].tags:
        noun = raws[position - 1].word
        if is_plural(noun) or (position >= 2 and raws[position - 2].word in ("a", "an", "each", "every")):
            single = singular(noun)
            units = load_lexicon().read(noun)
            named = single in lex.figures or single in lex.counters or (units and units[0].hard)
            of_noun = "" if named else noun_of(noun)
    while position >= 0 and skipped < MOST_SKIPPED:
        raw = raws[position]
        signed = raw.kind is ItemKind.CUE and not raw.is_word and raw.tags & {"equals", "limit", "floor"}
        if not raw.is_word and not signed:
            break
        near = all(each.word in lex.function_words for each in raws[position + 1 : at])
        if raw.tags & ROLES and not (near and raw.tags & _WHEN and raw.word in lex.prepositions):
            roles |= raw.tags & ROLES
        if signed or raw.tags & _LEADS or raw.word in lex.verbs or raw.word in ("of", "at", "about", "only", "just", "still", "by"):
            if raw.tags & {"versus", "therefore"}:
                break
            position -= 1
            skipped += 1
            continue
        break
    words: list[str] = []
    stop = position
    while stop >= 0 and len(words) < MOST_BEFORE:
        raw = raws[stop]
        slash = raw.kind is ItemKind.SIGN and "/" in raw.tags
        if not (raw.is_word or slash):
            break
        if raw.tags & {"therefore", "versus", "equals"} or raw.word in (
            "which",
            "that",
            "where",
            "so",
            "and",
            "or",
            "but",
            "while",
            "when",
            "if",
            "as",
        ):
            break
        if raw.word in lex.verbs and not raw.tags & ROLES:
            break
        if raw.word in lex.articles and words and stop and raws[stop - 1].is_word and not _leads_on(raws[stop - 1]):
            break  # "in the launch script the length is": the name begins here
        words.extend(reversed(raw.word.split()))
        stop -= 1
    words.reverse()
    while words and words[0] in lex.function_words and words[0] not in ("each", "every", "all", "total"):
        if "change" in lex.tagged(words, 0)[1]:
            break  # "the increase in throughput"
        words.pop(0)
    content = [word for word in words if word not in lex.function_words]
    if not content:
        return None, frozenset(roles), of_noun
    phrase = phrase_of(words)
    return phrase, frozenset(roles | (phrase.tags & ROLES)), of_noun


def _leads_on(raw: Raw) -> bool:
    """Whether a noun phrase goes on behind a word: "the length of the sequence"."""
    lex = lexicon()
    return raw.word in lex.function_words or bool(raw.tags)
