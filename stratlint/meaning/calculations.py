"""All equations of a page, from its rows of items: bindings first, then every row, then the rows of tables with a computing cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from stratlint.claims.amount import amount_of, constant
from stratlint.claims.claim import ClaimSet
from stratlint.claims.printed import PrintedNumber
from stratlint.claims.syntax import Quantity
from stratlint.claims.units import load_lexicon
from stratlint.document import BlockKind
from stratlint.meaning.comments import with_results
from stratlint.meaning.continued import DASHES, MOST_NAMED, continued
from stratlint.meaning.equations import equations_in
from stratlint.meaning.expressions import ExpressionReader
from stratlint.meaning.formula_cells import cell_equations
from stratlint.meaning.nodes import Node, equation_words, is_greek, leaves
from stratlint.meaning.number_words import number_words
from stratlint.meaning.portions import without_share
from stratlint.meaning.proposal import Compute, Expression, Use, only_multiplies, uses
from stratlint.meaning.remarks import CLOSE, LOOKED_BACK, between, remarks, said
from stratlint.meaning.row import Row
from stratlint.meaning.several import several
from stratlint.meaning.statement import ItemKind
from stratlint.meaning.symbols import Symbols, bindings_in
from stratlint.meaning.voice import asks, crossed_out, denied_by, fails
from stratlint.meaning.workings import Found
from stratlint.meaning.written import Equation, Sign

_CHINESE_NOUN = 4
_MOST_BEFORE = 16
_EXACT_DIGITS = 30
_LONGEST_NAME = 8
_A_PAIR = 2
_GLUED = frozenset({"x", "X", "×", "*"})


def equations_of(claims: ClaimSet, rows: Sequence[Row]) -> tuple[Equation, ...]:
    """Every equation of the page, in reading order of its rows."""
    rows = [replace(row, nodes=with_results(row.nodes)) if row.block.kind is BlockKind.CODE else row for row in continued(rows)]
    rows = [replace(row, asserted=row.asserted and not _corrected(row, after)) for row, after in zip(rows, [*rows[1:], None], strict=False)]
    plain = {row.block.index: ExpressionReader(lambda _name, _at: None, row.locate) for row in rows}
    symbols = Symbols((
        binding
        for row in rows if row.asserted and not row.comment
        for binding in bindings_in(
            row.nodes, plain[row.block.index], row.block.index, row.block.section, code=row.block.kind is BlockKind.CODE
        )),
        [section.parent for section in claims.document.sections],
    )  # fmt: skip
    out: list[Equation] = []
    readers: dict[int, ExpressionReader] = {}
    told: dict[int, Use] = {}
    for row in rows:
        reader = readers.setdefault(row.block.index, _reader(row, symbols))
        flat = tuple(leaves(row.nodes))
        for found in equations_in(row.nodes, reader, comments=row.program):
            if not _unreadable(found, row, flat):
                out.append(_equation(found, row, flat, claims, told))
    out.extend(cell_equations(claims.document, _cells(rows), readers))
    return tuple(out)


def _reader(row: Row, symbols: Symbols) -> ExpressionReader:
    block, code = row.block, row.block.kind is BlockKind.CODE
    return ExpressionReader(lambda name, at: symbols.bound(name, block.index, block.section, at, code=code), row.locate)


def _cells(rows: Sequence[Row]) -> Mapping[int, tuple[Node, ...]]:
    cells: dict[int, tuple[Node, ...]] = {}
    for row in rows:
        if row.block.cell is not None and row.asserted:
            cells[row.block.index] = (*cells.get(row.block.index, ()), *row.nodes)
    return cells


def _corrected(row: Row, after: Row | None) -> bool:
    """Whether the next line corrects this one: "Current: 16 × 8 = 100", "Should be: 16 × 8 = 128"."""
    if after is None or after.block.section != row.block.section or after.block.index - row.block.index > 1:
        return False
    colon = next((at for at, node in enumerate(after.nodes) if node.kind is ItemKind.COLON), 0)
    return " ".join(node.word for node in after.nodes[:colon]) in equation_words()["corrections"]


def _equation(found: Found, row: Row, flat: Sequence[Node], claims: ClaimSet, told: dict[int, Use]) -> Equation:
    """*told*: the uses of the page's numbers so far; one number stands before many equations."""
    numbers = claims.numbers_between(row.block.index, max(found.start - LOOKED_BACK, 0), found.start)
    before: list[Use] = []
    for number in numbers[-_MOST_BEFORE:]:
        if number.quantity is None or number.quantity.high is not None or number.struck:
            continue
        use = told.get(number.index)
        if use is None:
            use = told[number.index] = Use(amount_of(number.quantity), row.locate(number.quantity.number_start, number.end))
        before.append(use)
    before = sorted([*before, *_spelled_before(found, row)], key=lambda use: use.place.start if use.place is not None else 0)
    crossed = crossed_out(flat) or _failed(found, flat)
    denied = asks(flat) or crossed or denied_by(_in_clause(flat, row.text, found.start), in_words=found.sign is Sign.WORD)
    joined = several(found, flat)
    return Equation(
        found.left, found.right, found.sign, found.approximate, row.asserted and not denied, row.block.index, found.start, found.end,
        frozenset((*remarks(found, row.block, row.text, flat), *(("several",) if joined.apart else ()))), tuple(before),
        _in_words_before(found, row, before),
        (*found.otherwise, *joined.otherwise, *_of_a_period(found, flat), *(_of_less(found.left) if isinstance(found.right, Use) else ())),
    )  # fmt: skip


def _failed(found: Found, flat: Sequence[Node]) -> bool:
    """`7 × 12 = 80 ✗`: a mark of failure right behind numbers that measure nothing, and so miss no limit, is about the arithmetic."""
    bare = not any(use.amount.hard or use.amount.unit_text for side in (found.left, found.right) for use in uses(side))
    return bare and fails(next((node for node in flat if node.start >= found.end), None))


def _of_a_period(found: Found, flat: Sequence[Node]) -> Iterator[Expression]:
    """`30M rows × 200 B = 6 GB/day`: what comes in each period, where only the result names it."""
    claim = found.right if isinstance(found.right, Use) else None
    if claim is None or claim.place is None or any(name == "time" for use in uses(found.left) for name, _ in use.amount.hard):
        return
    if ("computation", 1.0) in claim.amount.hard:
        return  # operations a second are no operations that come each second
    place = claim.place
    near = between(flat, place.start - CLOSE, place.start + 1)
    number = next((node for node in near if node.quantity is not None and node.quantity.number_start == place.start), None)
    quantity = number.quantity if number is not None else None
    if quantity is None or quantity.unit is None or ("time", -1.0) not in quantity.unit.hard:
        return
    period = quantity.unit_text.replace(" per ", "/").rpartition("/")[2]
    units = load_lexicon().read(period)
    if units and units[0].hard == (("time", 1.0),):
        one = PrintedNumber(1.0, 0.0, _EXACT_DIGITS, True, 0.0)
        text = f"1 {period}"
        yield Compute(
            "/", found.left, Use(amount_of(Quantity(text, 0, 0, 0, 0, one, None, 0, 0, 1.0, "", units, period, False, False, False)))
        )


def _of_less(left: Expression) -> Iterator[Expression]:
    """What a result may be of: `25 % of 8 × 8 = 64` may compute the whole, `40 GB + 2 × 5 GB = 10 GB` its last term."""
    whole = without_share(left)
    if whole is not None:
        yield whole
    if isinstance(left, Compute) and left.operator == "+" and isinstance(left.right, Compute) and left.right.operator in "×/":
        yield left.right


def _spelled_before(found: Found, row: Row) -> Iterator[Use]:
    """The counts in words that stand before: "three 4096 × 14336 matrices"."""
    start = max(found.start - LOOKED_BACK, 0)
    for word in number_words(row.text[start : found.start]):
        if word.whole and word.value > 1:
            yield Use(constant(word.value), row.locate(start + word.start, start + word.end))


def _in_words_before(found: Found, row: Row, before: Sequence[Use]) -> Use | None:
    """The number before, with nothing but words between: "3 in the top 5 / 5" divides the 3."""
    place = before[-1].place if before else None
    between = row.text[place.end : found.start] if place is not None else ""
    beside = not between.strip() and place is not None and row.text[place.start : place.end].isalpha()  # "three 4096 × 14336"
    plain = (beside or any(each.isalpha() for each in between)) and not any(each in ":,;=()|\n" or each.isdigit() for each in between)
    return before[-1] if plain else None


def _in_clause(flat: Sequence[Node], text: str, start: int) -> Sequence[Node]:
    """The nodes before a computation that no bracket sets apart from it."""
    opened = max(text.rfind(bracket, 0, start) for bracket in "([{（")
    return between(flat, max(opened + 1, start - CLOSE), start)


def _of_a_function(found: Found, text: str, flat: Sequence[Node]) -> bool:
    """`ln 100 / 2`, `Σ 1/k`, `PCIe 3.0 x16`: a function is taken of an operand, or it is the number of a version."""
    start = max(found.start - _LONGEST_NAME, 0)
    words = equation_words()
    taken = any(sign in text[start : found.end] for sign in words["taken_of"])
    return taken or said(flat, start, found.end, "unbracketed") or said(flat, start, found.start, "versions")


def _tells_a_factor(found: Found, text: str) -> bool:
    """`256×8 = 256 experts, 8 a token`: what a pair is made of."""
    claim = found.right if isinstance(found.right, Use) else None
    factors = list(uses(found.left))
    places = [use.place for use in factors if use.place is not None]
    if claim is None or len(places) != _A_PAIR or text[places[0].end : places[1].start] not in _GLUED:
        return False
    values = [use.amount.value for use in factors]
    return claim.amount.value in values and min(values) > 1


def _is_format(use: Use) -> bool:
    return use.place is None and any(f"({name})" in use.amount.text.upper() for name in equation_words().formats)


def _names_a_letter(found: Found, flat: Sequence[Node]) -> bool:
    """`2K / 12 = K/6`: the letter is a symbol, not a thousand."""
    names = {node.text for node in between(flat, found.start, found.end) if node.is_name and len(node.text) == 1}
    return bool(names) and any(use.amount.text[-1:] in names for use in (*uses(found.left), *uses(found.right)))


_ADDING = frozenset({"plus", "minus"})


def _unreadable(found: Found, row: Row, flat: Sequence[Node]) -> bool:
    """Whether the computation is a part of something longer that was not read: an exponent, an argument, a digit group."""
    text = row.text
    if any(word in text[found.start : found.end] for word in equation_words()["rounds"]):
        return True
    left = [use.place for use in uses(found.left) if use.place is not None]
    right = [use.place for use in uses(found.right) if use.place is not None]
    behind = max((place.end for place in left), default=0)
    claimed = min((place.start for place in right), default=0)
    return (
        _continues(text, found.start, flat)
        or _behind_a_dash(found, flat)
        or (found.sign is Sign.COMMENT and _tells_an_operand(found))
        or _names_a_letter(found, flat)
        or _of_a_function(found, text, flat)
        or _tells_a_factor(found, text)
        or all(map(_is_format, uses(found.left)))  # "BF16/FP16 = 2"
        or any(is_greek(text[place.end : place.end + 1]) for place in (*left, *right))  # "16Φ/N": so many times a symbol
        or (not only_multiplies(found.left) and found.sign is not Sign.BRACKET and _chinese_noun(text[behind : behind + CLOSE]))
        or (behind <= claimed and _other_label(row.block.content[behind:claimed]))
        or _goes_on(found, flat)
        or _adds_in_words(found, flat)
    )


def _adds_in_words(found: Found, flat: Sequence[Node]) -> bool:
    """`5.28 / 4 plus one embedding matrix = 2.108 B`: what is added has no number."""
    inside = between(flat, found.start, found.end)
    return any(node.is_word and node.tags & _ADDING and not following.is_number for node, following in pairwise(inside))


def _tells_an_operand(found: Found) -> bool:
    """`price * hours * 4  # 4 replicas`: the comment says what the last operand is."""
    claim = found.right if isinstance(found.right, Use) else None
    return claim is not None and any(use.amount.value == claim.amount.value for use in uses(found.left))


def _continues(text: str, start: int, flat: Sequence[Node]) -> bool:
    """Whether a computation begins in the middle of something: `top-8 × 4`, `4 个 8×8`."""
    before = text[max(start - CLOSE, 0) : start].rstrip("$€£")
    if any(node.start == node.end == start for node in between(flat, start, start + 1)):
        return False  # "EP-8 × TP-4"
    if before[-1:] in ("-", "–", "—") and before[-2:-1].isalnum():
        return True
    blank = before.rstrip()
    if blank[-1:] == "+":
        return True  # a sum that began before
    return blank[-1:] in equation_words()["counted_before"] and blank[:-1].rstrip()[-1:].isdigit()


def _behind_a_dash(found: Found, flat: Sequence[Node]) -> bool:
    """`weights 39.5 - table 1.9 + cache 27.6 = …`: the dash may be a minus or part two notes."""
    first = min((use.place.start for use in uses(found.left) if use.place is not None), default=found.start)
    before = [node for node in flat if node.end <= first][-MOST_NAMED - 2 :]
    while before and before[-1].is_word:
        before.pop()
    return len(before) > 1 and before[-1].text in DASHES and not before[-1].is_number and before[-2].is_number


def _chinese_noun(behind: str) -> bool:
    """Four characters are more than what a number counts."""
    noun = behind.lstrip()[:_CHINESE_NOUN]
    return len(noun) == _CHINESE_NOUN and all("\u4e00" <= each <= "\u9fff" for each in noun)


def _other_label(between: str) -> bool:
    """Whether another name has the number: a next line with a label of its own, `[10/500] done=35`."""
    name = between.strip().removesuffix("=").strip()
    if name[:1] in (")", "]", "|") and name[1:].strip().isidentifier():
        return True
    *words, last = name.split() or [""]
    symbol = len(last) == 1 and last.isascii() and last.isalpha() and not any(each in "×*·+-/;" for each in name)
    if symbol and words and words[-1] not in equation_words()["below"]:
        return True  # "at 1/1000, N = 1001"; but "400 tokens per s" is a unit
    _, newline, line = between.rpartition("\n")
    label = line.strip().removesuffix("=")
    return bool(newline) and line.rstrip().endswith("=") and "=" not in label and any(each.isalpha() for each in label)


def _goes_on(found: Found, flat: Sequence[Node]) -> bool:
    """Whether the result is more than its number: `= 104 857 600`, `= 5-bit`."""
    claim = found.right if isinstance(found.right, Use) else None
    if claim is None:
        return False
    number, dash, unit = claim.amount.text.partition("-")
    if dash and unit[:1].isalpha() and number[-1:].isdigit():
        return True
    following = between(flat, found.end, found.end + 2)
    if following and following[0].text in equation_words()["tolerances"]:
        return True  # "= 400 ± 20"
    if claim.amount.unit_text or not following:
        return False
    if following[0].word in equation_words()["magnitudes"]:
        return True  # "2.9 TRILLION"
    if following[0].quantity is None:
        return False
    return following[0].text[:3].isdigit() and not following[0].text[3:4].isdigit()
