"""Tokens → raw items: words with their tags, amounts (number words too), signs, brackets, boundaries, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from stratlint.claims.amount import combined, with_power, with_smaller
from stratlint.claims.printed import PrintedNumber
from stratlint.claims.syntax import Quantity, Word
from stratlint.claims.tokens import Bracket, Sign, Token
from stratlint.claims.units import DIMENSIONLESS, Unit, load_lexicon
from stratlint.meaning.axes import Degree, Legend, compound
from stratlint.meaning.degrees import with_degrees
from stratlint.meaning.lexicon import lexicon, segments
from stratlint.meaning.ranges import with_ranges
from stratlint.meaning.raw_item import Raw as Raw
from stratlint.meaning.statement import ItemKind

_BOUNDARIES = {"STOP": ItemKind.STOP, "COMMA": ItemKind.COMMA, "COLON": ItemKind.COLON}
_WORDS = frozenset({"NAME", "LETTERS", "UNIT", "CONJUNCTION", "MEANS", "APPROXIMATELY", "RELATION"})
_NO_TAGS = frozenset[str]()
_MANY_DIGITS = 30


def raw_items(tokens: Sequence[Token], degree: Degree | None = None, legend: Legend | None = None) -> list[Raw]:
    """The raw items of a row of tokens; *degree*: of which axis the first amount is one, by its label; *legend*: the page's layouts."""
    return _with_lent_units(with_degrees(with_ranges(_with_powers(_with_durations(_with_scaled_scopes(_items(tokens))))), degree, legend))


def _items(tokens: Sequence[Token]) -> list[Raw]:
    lex, counting = lexicon(), counting_words()
    if any(isinstance(token, Word) and " " in token.text for token in tokens):
        tokens = [part for token in tokens for part in _apart(token)]
    lowered = [token.text.lower() if isinstance(token, Word) and _may_be_a_cue(token) else "" for token in tokens]
    out: list[Raw] = []
    at = 0
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
        elif not token.text.isascii() and token.text[0].isalpha():
            out.extend(_chinese(token))
        else:
            word = lowered[at]
            counted = _spelled(tokens, lowered, at) if word in counting or "-" in word else None
            if counted is not None:
                quantity, used = counted
                out.append(Raw(ItemKind.TERM, quantity.start, quantity.end, quantity.text, quantity=quantity, spelled=True))
                at += used
                continue
            length, tags = lex.tagged(lowered, at) if word in lex.longest else (0, _NO_TAGS)
            if length < 2:
                out.append(Raw(ItemKind.CUE if tags else ItemKind.WORD, token.start, token.end, word or token.text.lower(), tags))
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
    return word != "one" and (word.partition("-")[0] in counting_words() or bool(compound(word)))


@cache
def counting_words() -> frozenset[str]:
    """The words with which a number in words may begin."""
    lex = lexicon()
    return frozenset({*lex.counts, *lex.times, *lex.parts})


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


def _with_scaled_scopes(raws: list[Raw]) -> list[Raw]:
    """`$0.85 per million tokens`, `0.4 kWh per 1,000 tokens`: so many of a counted thing stand below the line."""
    at = 0
    while at + 2 < len(raws):
        quantity, below = raws[at].quantity, raws[at + 1]
        if quantity is not None and quantity.high is None and below.tags & {"per", "/"} and not quantity.times:
            found = _scaled_scope(raws, at + 2)
            if found is not None and (quantity.units or quantity.currency):
                unit, used = found
                raws[at : at + 2 + used] = [replace(raws[at], quantity=divided(quantity, unit))]
        at += 1
    return raws


def _scaled_scope(raws: Sequence[Raw], at: int) -> tuple[Unit, int] | None:
    """The unit that a power of ten of things makes at *at* (`1M tokens`, `million tokens`), and how many items it takes."""
    first = raws[at]
    quantity = first.quantity
    if quantity is None:
        power = lexicon().powers.get(first.word)
        counted = load_lexicon().read(raws[at + 1].word) if power is not None and at + 1 < len(raws) and raws[at + 1].is_word else ()
        return (_scaled(power, counted[0]), 2) if power is not None and counted and not counted[0].hard else None
    size = quantity.number.value * quantity.magnitude
    counts = quantity.high is None and len(quantity.units) == 1 and not quantity.units[0].hard and bool(quantity.units[0].dimensions)
    power_of_ten = size in lexicon().powers.values()
    return (_scaled(size, quantity.units[0]), 1) if counts and power_of_ten else None


def _scaled(size: float, unit: Unit) -> Unit:
    return Unit(f"{size:g}*({unit.canonical})", size * unit.factor, unit.dimensions)


def _with_lent_units(raws: list[Raw]) -> list[Raw]:
    """`from 400 to 500 tokens/s`, `8,050 tokens/s against 5,885`: of two amounts that are compared, one has the unit of the other."""
    _lend_behind(raws)
    for at in range(len(raws) - 2):
        one, sign, two = raws[at : at + 3]
        if one.quantity is None or one.degree is not None or two.quantity is None:
            continue
        if not (sign.tags & {"to", "range"} or ("and" in sign.tags and at and "inside" in raws[at - 1].tags)):
            continue
        bare = not (one.quantity.units or one.quantity.magnitude_text or one.quantity.currency or one.quantity.times)
        if bare and (two.quantity.units or two.quantity.magnitude_text) and not two.quantity.times:
            lent = replace(
                one.quantity, units=two.quantity.units, unit_text=two.quantity.unit_text,
                magnitude=two.quantity.magnitude, magnitude_text=two.quantity.magnitude_text,
            )  # fmt: skip
            raws[at] = replace(one, quantity=lent)
        elif one.quantity.currency and two.quantity.currency and not one.quantity.unit_text:
            per = _priced_per(raws[at + 3 : at + 5])
            raws[at] = replace(one, quantity=divided(one.quantity, per)) if per is not None else one
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


def divided(quantity: Quantity, unit: Unit) -> Quantity:
    """The quantity per *unit*."""
    heads = quantity.units or (DIMENSIONLESS,)
    units = tuple(
        Unit(f"({head.canonical})/({unit.canonical})", head.factor / unit.factor, combined(((head.dimensions, 1), (unit.dimensions, -1))))
        for head in heads
    )
    return replace(quantity, units=units)


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


def _spelled(tokens: Sequence[Token], lowered: Sequence[str], at: int) -> tuple[Quantity, int] | None:
    """A number in words at `at`, with the unit behind it: the quantity and how many tokens it took."""
    lex = lexicon()
    value = _count(lowered[at], lex.counts)
    used, times = 1, False
    if value is None:
        if lowered[at] in lex.times:
            value, times = lex.times[lowered[at]], True
        elif lowered[at] in lex.parts and at and lowered[at - 1] in ("a", "an", "one", "half"):
            value, times = lex.parts[lowered[at]], True
        elif lowered[at] == "half":
            value, times = lex.parts["half"], True
            if lowered[at + 1 : at + 2] and lowered[at + 1] in ("a", "an") and at + 2 < len(tokens):
                following = tokens[at + 2]
                counts = lowered[at + 2] in lex.powers or (isinstance(following, Word) and following.terminal == "UNIT")
                used, times = (2, False) if counts else (1, True)  # "half a million tokens", "half an hour"
        else:
            return None
    elif lowered[at] == "one":
        return None  # "the new one", "one of", "one node costs": an article, not a count
    while at + used < len(tokens) and (power := lex.powers.get(lowered[at + used])) is not None:
        value *= power
        used += 1
    if not times and at + used < len(tokens) and (part := lex.parts.get(lowered[at + used])) is not None and lowered[at + used] != "half":
        value, times = value * part, True  # "three quarters"
        used += 1
    head, last = tokens[at], tokens[at + used - 1]
    assert isinstance(head, Word) and isinstance(last, Word)
    start, end, number_end = head.start, last.end, last.end
    text = " ".join(lowered[at : at + used])
    units: tuple[Unit, ...] = ()
    unit_text = ""
    if not times and at + used < len(tokens):
        following = tokens[at + used]
        if isinstance(following, Word) and following.terminal == "UNIT":
            units = load_lexicon().read(following.text)
            unit_text, end = following.text, following.end
            text = f"{text} {unit_text}"
            used += 1
    whole = value == int(value)
    number = PrintedNumber(value, 0.0, _MANY_DIGITS, whole, 0.0)  # nobody rounds in words
    quantity = Quantity(
        text, start, end, start, number_end, number, None, start, number_end, 1.0, "", units, unit_text, False, times, False
    )  # fmt: skip
    return quantity, used


def _count(word: str, counts: object) -> float | None:
    assert isinstance(counts, dict)
    if not word:
        return None
    if word in counts:
        return float(counts[word])
    tens, _, ones = word.partition("-")
    if tens in counts and ones in counts and counts[tens] >= 20 and counts[ones] < 10:
        return float(counts[tens] + counts[ones])
    return None
