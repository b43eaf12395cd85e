"""The words around a number: its sentence, its table row and headers, its headings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from stratlint.claims.claim import NumberClaim, Statement
from stratlint.claims.interval import Interval
from stratlint.claims.units import Unit
from stratlint.document import BlockKind
from stratlint.facts.fact import Fact, FactSet, Place
from stratlint.facts.kinds import measures_of_unit
from stratlint.rules.context import Context
from stratlint.rules.patterns import Pattern


@dataclass(frozen=True, slots=True)
class Passage:
    """A statement with its numbers and facts, in reading order."""

    statement: Statement
    numbers: tuple[NumberClaim, ...]
    facts: tuple[Fact, ...]

    @property
    def text(self) -> str:
        """The sentence on one line."""
        return " ".join(self.statement.text.split())


def passages(context: Context) -> tuple[Passage, ...]:
    """Every statement that the author asserts in running text, lists, tables or calculations."""
    return _passages(context.facts)


@lru_cache(maxsize=2)
def _passages(page: FactSet) -> tuple[Passage, ...]:
    found: list[Passage] = []
    numbers: dict[tuple[int, int], list[NumberClaim]] = {}
    facts: dict[tuple[int, int], list[Fact]] = {}
    for number in page.claims.numbers:
        numbers.setdefault((number.block, number.sentence), []).append(number)
    for fact in page.facts:
        if fact.claim >= 0:
            claim = page.claims.numbers[fact.claim]
            facts.setdefault((claim.block, claim.sentence), []).append(fact)
    for statement in page.claims.statements:
        key = (statement.block, statement.index)
        if key in numbers and page.document.blocks[statement.block].quote_depth == 0:
            found.append(Passage(statement, tuple(numbers[key]), tuple(facts.get(key, ()))))
    return tuple(found)


def headers(context: Context, block: int) -> tuple[str, str]:
    """The row label and the column header of a table cell, ("", "") elsewhere."""
    cell = context.document.blocks[block].cell
    if cell is None or cell.row == 0:
        return "", ""
    rows = context.document.tables[cell.table].rows
    label = context.document.blocks[rows[cell.row][0]].text if cell.column else ""
    return label.strip(), context.document.blocks[rows[0][cell.column]].text.strip()


def row_text(context: Context, block: int) -> str:
    """All cells of the table row *block* stands in; the block's own text outside tables."""
    here = context.document.blocks[block]
    if here.cell is None:
        return here.text
    return _row_text(context.facts, here.cell.table, here.cell.row)


@lru_cache(maxsize=64)
def _row_text(page: FactSet, table: int, row: int) -> str:
    return " | ".join(page.document.blocks[index].text.strip() for index in page.document.tables[table].rows[row])


def words_of(context: Context, claim: NumberClaim) -> str:
    """Clause, label and table headers of a number, in lower case: the words that say what it is."""
    label, column = headers(context, claim.block)
    noun = claim.noun if claim.quantity else ""
    return " ".join((claim.lead, claim.clause, noun, claim.label, label, column)).lower()


def around(context: Context, claim: NumberClaim) -> str:
    """The whole sentence or table row with the headings above, in lower case."""
    block = context.document.blocks[claim.block]
    text = row_text(context, claim.block) if block.cell else claim.sentence_text
    _, column = headers(context, claim.block)
    return " ".join((text, column, *context.section_path(claim.block))).lower()


def amount(claim: NumberClaim, measure: str) -> Interval | None:
    """A number read as *measure* ("bytes", "time", …) in base units, None when its unit is another."""
    quantity = claim.quantity
    if quantity is None:
        return None
    for unit in quantity.units:
        if measure in measures_of_unit(unit):
            return quantity.interval(unit.factor)
    return None


def plain(claim: NumberClaim) -> Interval | None:
    """A number without a hard unit ("70.6B parameters", "12 replicas")."""
    quantity = claim.quantity
    if quantity is None or quantity.times or quantity.currency:
        return None
    unit: Unit | None = quantity.unit
    if unit is not None and (unit.hard or unit.canonical in ("percent", "permille")):
        return None
    return quantity.interval()


def nominal(claim: NumberClaim, interval: Interval) -> float:
    """The printed value within *interval*: the middle is off by half a digit where digits may have been cut."""
    quantity = claim.quantity
    if quantity is None or quantity.high is not None:
        return interval.middle
    factors = (1.0, *(unit.factor for unit in quantity.units))
    values = (quantity.number.value * quantity.magnitude * factor for factor in factors)
    return next((v for v in values if interval.low * (1 - 1e-9) <= v <= interval.high * (1 + 1e-9)), interval.middle)


def place_of_claim(context: Context, claim: NumberClaim) -> Place:
    """Where a number stands, as for facts."""
    block = context.document.blocks[claim.block]
    cell = block.cell
    if cell is None:
        return Place(block.section, block.index, claim.sentence)
    return Place(block.section, block.index, claim.sentence, cell.table, cell.row, cell.column)


def asserted(context: Context, claim: NumberClaim) -> bool:
    """Whether the author says this number in their own voice: not quoted, struck out or set aside."""
    return asserted_on(context.facts, claim)


def asserted_on(page: FactSet, claim: NumberClaim) -> bool:
    """`asserted`, for what is worked out once a page."""
    block = page.document.blocks[claim.block]
    if claim.quoted or claim.struck or block.quote_depth or block.kind is BlockKind.HTML:
        return False
    if any(fact.modality not in ("asserted", "limit") for fact in page.of_claim(claim.index)):
        return False
    return not _doubted(claim.sentence_text) and not _aside(page.document.heading_path(block.section))


# That an amount is of one GPU, in a unit, a label or a sentence.
OF_EACH_GPU = Pattern(
    r"(?i)\b(?:per|each|every|one|a single|on an?)[\s-](?:gpu|card|device|chip|accelerator|rank)s?\b|/\s?gpu\b|每卡|每张卡|单卡"
)
# A sentence that says of its own numbers that they are not meant, or a section of such sentences.
DOUBTED = Pattern(
    r"(?i)\b(?:if|would|could have|had|might|suppose|imagine|wrong(?:ly)?|incorrect|mistak\w+|"
    r"erroneous|nonsense|naive(?:ly)?|"
    r"not the|instead of|rather than|hypothetical\w*|used to be|myth|claimed|erratum)\b|如果|假设|错误"
)
_ASIDE = Pattern(
    r"(?i)\b(?:rejected|not chos[ei]n?|did not choose|alternatives?|what if|hypothetical|"
    r"errat\w+|mistakes?|wrong)\b"
)


# Every check asks for every number, and a sentence may have many.
@lru_cache(maxsize=2048)
def _doubted(sentence: str) -> bool:
    return bool(DOUBTED.search(sentence))


@lru_cache(maxsize=512)
def _aside(path: tuple[str, ...]) -> bool:
    return bool(_ASIDE.search(" ".join(path)))


def own_words(context: Context, claim: NumberClaim) -> bool:
    """Whether a statement of fact stands outside quotations and is not called wrong; it may stand in a conditional."""
    block = context.document.blocks[claim.block]
    if claim.quoted or claim.struck or block.quote_depth or block.kind is BlockKind.HTML:
        return False
    return not _CALLED_WRONG.search(" ".join((claim.sentence_text, *context.section_path(claim.block)[-1:])))


_CALLED_WRONG = Pattern(r"(?i)\b(?:wrong\w*|incorrect|mistak\w+|erroneous|nonsense|naive\w*|not|myth|claimed|errat\w+|used to)\b|错误")


_NEGATED = frozenset({"not", "never", "cannot", "no", "isn", "without", "don", "doesn", "neither", "unless", "non", "un", "hardly"})


def denied(words: tuple[str, ...], position: int) -> bool:
    """Whether a negation stands right before a word: "not evenly", "cannot be split evenly"."""
    return bool(_NEGATED & set(words[max(position - 4, 0) : position]))


# A label of more words than this is the title of something.
_LONGEST_LABEL = 8


def beside_a_title(context: Context, number: NumberClaim) -> bool:
    """Whether a number stands in a row that begins with a title: that of a paper, beside its year."""
    block = context.document.blocks[number.block]
    if block.cell is None or not block.cell.column:
        return False
    first = context.document.tables[block.cell.table].rows[block.cell.row][0]
    return len(context.document.blocks[first].text.split()) > _LONGEST_LABEL
