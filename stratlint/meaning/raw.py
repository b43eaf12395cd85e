"""Tokens → raw items: words with their tags, amounts (number words too), signs, brackets, boundaries, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from stratlint.claims.amount import with_power, with_smaller
from stratlint.claims.syntax import Quantity, Word
from stratlint.claims.tokens import Bracket, Sign, Token
from stratlint.claims.units import Unit, load_lexicon
from stratlint.meaning.axes import Degree, Legend, compound
from stratlint.meaning.below import divided, with_scopes
from stratlint.meaning.degrees import with_degrees
from stratlint.meaning.factors import with_factors
from stratlint.meaning.lexicon import lexicon, segments
from stratlint.meaning.number_words import counting_words
from stratlint.meaning.ranges import with_ranges
from stratlint.meaning.raw_item import Raw as Raw
from stratlint.meaning.spelled import begins, in_bunches, spelled_at
from stratlint.meaning.statement import ItemKind

_BOUNDARIES = {"STOP": ItemKind.STOP, "COMMA": ItemKind.COMMA, "COLON": ItemKind.COLON}
_WORDS = frozenset({"NAME", "LETTERS", "UNIT", "CONJUNCTION", "MEANS", "APPROXIMATELY", "RELATION"})
_NO_TAGS = frozenset[str]()
_PER = frozenset({"per"})


def raw_items(tokens: Sequence[Token], degree: Degree | None = None, legend: Legend | None = None) -> list[Raw]:
    """The raw items of a row of tokens; *degree*: of which axis the first amount is one, by its label; *legend*: the page's layouts."""
    raws = _with_powers(_with_durations(with_scopes(_items(tokens))))
    return _with_lent_units(with_degrees(with_ranges(with_factors(raws)), degree, legend))


def _items(tokens: Sequence[Token]) -> list[Raw]:
    lex = lexicon()
    if any(isinstance(token, Word) and " " in token.text for token in tokens):
        tokens = [part for token in tokens for part in _apart(token)]
    lowered = [token.text.lower() if isinstance(token, Word) and _may_be_a_cue(token) else "" for token in tokens]
    out: list[Raw] = []
    at = read = 0
    while at < len(tokens):
        token = tokens[at]
        if isinstance(token, Quantity):
            out.append(Raw(ItemKind.TERM, token.start, token.end, token.text, quantity=token))
        elif isinstance(token, Sign):
            place = out[-1].end if out else 0
            out.append(Raw(ItemKind.SIGN, place, place, token.operator, frozenset({token.operator})))
        elif isinstance(token, Bracket):
            out.append(Raw(ItemKind.OPEN if token.opens else ItemKind.CLOSE, token.start, token.start + 1))
        elif token.terminal in _BOUNDARIES:
            out.append(Raw(_BOUNDARIES[token.terminal], token.start, token.end, token.text))
        elif token.terminal == "VERDICT":
            out.append(Raw(ItemKind.MARK, token.start, token.end, token.text))
        elif token.terminal == "SLASH":
            out.append(Raw(ItemKind.CUE, token.start, token.end, token.text, _PER, printed="/"))
        elif not token.text.isascii() and token.text[0].isalpha():
            out.extend(_chinese(token))
        else:
            word = lowered[at]
            if at >= read and begins(word):
                many = in_bunches(out[-1].quantity, token, word) if out else None
                if many is not None:
                    out[-1] = replace(out[-1], end=many.end, word=many.text, quantity=many)
                    at += 1
                    continue
                quantity, used = spelled_at(tokens, lowered, at)
                if quantity is not None:
                    out.append(Raw(ItemKind.TERM, quantity.start, quantity.end, quantity.text, quantity=quantity, spelled=True))
                    at += used
                    continue
                read = at + used  # what makes no number as a whole makes none in part
            length, tags = lex.tagged(lowered, at) if word in lex.longest else (0, _NO_TAGS)
            if length < 2:
                kind = ItemKind.CUE if tags else ItemKind.WORD
                out.append(Raw(kind, token.start, token.end, word or token.text.lower(), tags, printed=token.text))
                at += 1
                continue
            last = tokens[at + max(length, 1) - 1]
            assert isinstance(last, Word)
            out.append(Raw(ItemKind.CUE, token.start, last.end, " ".join(lowered[at : at + length]), tags))
            at += length
            continue
        at += 1
    return out


def _may_be_a_cue(token: Word) -> bool:
    """Whether a token is a word or a sign that may relate; a hyphen joins what stands beside it."""
    return token.terminal in _WORDS or (token.terminal == "MARK" and token.text != "-")


def may_count(token: Token) -> bool:
    """Whether a token may be an amount or hold one: a number in digits or in words, a layout."""
    if isinstance(token, Quantity):
        return True
    if not isinstance(token, Word):
        return False
    return _may_count(token.text)


@lru_cache(maxsize=8192)
def _may_count(text: str) -> bool:
    word = text.lower()
    return word != "one" and (begins(word) or word.partition("-")[0] in counting_words() or bool(compound(word)))


def _apart(token: Token) -> Sequence[Token]:
    """The words of a phrase that the grammar reads as one token ("amounts to")."""
    if not isinstance(token, Word) or " " not in token.text:
        return (token,)
    out: list[Token] = []
    at = token.start
    for text in token.text.split(" "):
        if text:
            out.append(Word(token.terminal, text, at, at + len(text)))
        at += len(text) + 1
    return out


def _with_powers(raws: list[Raw]) -> list[Raw]:
    """`3.1 × 10²⁴ FLOPs` is one amount."""
    if not any(raw.kind is ItemKind.SIGN and raw.word == "×" for raw in raws):
        return raws
    out: list[Raw] = []
    for raw in raws:
        if raw.quantity is not None and len(out) > 1 and out[-1].kind is ItemKind.SIGN and out[-1].word == "×":
            mantissa = out[-2].quantity
            whole = with_power(mantissa, raw.quantity) if mantissa is not None and "×" not in mantissa.text else None
            divided = len(out) > 2 and out[-3].kind is ItemKind.SIGN and out[-3].word in ("/", "÷", "^")
            if whole is not None and not divided:
                out[-2:] = [replace(out[-2], end=raw.end, word=whole.text, quantity=whole)]
                continue
        out.append(raw)
    return out


def _with_durations(raws: list[Raw]) -> list[Raw]:
    """`2 h 26 min` is one amount."""
    out: list[Raw] = []
    for raw in raws:
        before = out[-1].quantity if out else None
        whole = with_smaller(before, raw.quantity) if before is not None and raw.quantity is not None else None
        if whole is None:
            out.append(raw)
        else:
            out[-1] = replace(out[-1], end=raw.end, word=whole.text, quantity=whole)
    return out


def _with_lent_units(raws: list[Raw]) -> list[Raw]:
    """`from 400 to 500 tokens/s`, `8,050 tokens/s against 5,885`: of two amounts that are compared, one has the unit of the other."""
    _lend_behind(raws)
    for at in range(len(raws) - 2):
        one, sign, two = raws[at : at + 3]
        if one.quantity is None or one.degree is not None or two.quantity is None:
            continue
        if not (sign.tags & {"to", "range"} or ("and" in sign.tags and at and "inside" in raws[at - 1].tags)):
            continue
        if two.quantity.units and not two.quantity.units[0].dimensions and at and "equals" in raws[at - 1].tags:
            continue  # "= 1.053 → 5.3 %": a factor, and what it gains
        bare = not (one.quantity.units or one.quantity.magnitude_text or one.quantity.currency or one.quantity.times)
        if bare and (two.quantity.units or two.quantity.magnitude_text) and not two.quantity.times:
            lent = replace(
                one.quantity, units=two.quantity.units, unit_text=two.quantity.unit_text,
                magnitude=two.quantity.magnitude, magnitude_text=two.quantity.magnitude_text,
            )  # fmt: skip
            raws[at] = replace(one, quantity=lent)
        elif one.quantity.currency and two.quantity.currency and not one.quantity.unit_text:
            per = _priced_per(raws[at + 3 : at + 5])
            if per is not None:
                raws[at] = replace(one, quantity=divided(one.quantity, per))
            elif one.quantity.currency_text == two.quantity.currency_text:
                raws[at] = replace(one, quantity=replace(one.quantity, units=two.quantity.units))  # "$1.30 → $0.98 per GPU-hour"
    return raws


_COMPARES = frozenset({"versus", "to"})


def _lend_behind(raws: list[Raw]) -> None:
    """Give a bare number the unit of the amount that it is compared with: "8,050 tokens/s against 5,885"."""
    for at in range(len(raws) - 2):
        one, sign, two = raws[at : at + 3]
        if one.quantity is None or two.quantity is None or not (sign.is_word and sign.tags & _COMPARES) or two.degree is not None:
            continue
        lender, bare = one.quantity, two.quantity
        if not lender.units or lender.times or bare.units or bare.currency or bare.times or bare.magnitude_text or two.spelled:
            continue
        following = raws[at + 3] if at + 3 < len(raws) else None
        ends = following is None or following.kind in (ItemKind.COMMA, ItemKind.STOP, ItemKind.CLOSE) or (
            following.is_word and following.word in lexicon().function_words and following.word not in ("of", "per")
        )  # fmt: skip
        if ends:
            raws[at + 2] = replace(
                two, quantity=replace(
                    bare, units=lender.units, unit_text=lender.unit_text, magnitude=lender.magnitude, magnitude_text=lender.magnitude_text,
                ),
            )  # fmt: skip


def _priced_per(behind: Sequence[Raw]) -> Unit | None:
    """What a price is for: "$1.30 → $0.98 per GPU-hour"."""
    if len(behind) < _PER_UNIT or not (behind[0].tags & {"per", "/"}):
        return None
    units = load_lexicon().read(behind[1].word)
    return units[0] if units else None


# "per" and the unit behind it
_PER_UNIT = 2


def _chinese(token: Word) -> Iterator[Raw]:
    """A run of Chinese letters: the phrases that relate are cues, what is between them words."""
    lex, text = lexicon(), token.text
    at = start = 0
    while at < len(text):
        for length in range(min(lex.longest_inside, len(text) - at), 0, -1):
            tags = lex.inside.get(text[at : at + length])
            if tags:
                if start < at:
                    yield from _words(text[start:at], token.start + start)
                yield Raw(ItemKind.CUE, token.start + at, token.start + at + length, text[at : at + length], tags)
                at += length
                start = at
                break
        else:
            at += 1
    if start < len(text):
        yield from _words(text[start:], token.start + start)


def _words(text: str, start: int) -> Iterator[Raw]:
    """The words of a run that relates nothing."""
    for word in segments(text):
        yield Raw(ItemKind.WORD, start, start + len(word), word)
        start += len(word)
