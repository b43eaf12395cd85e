"""One of many given as all of them: an amount per layer, printed again as that of the whole pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from stratlint.laws.comparable import bounded, measured
from stratlint.laws.spots import spots_of
from stratlint.meaning.groups import Axis
from stratlint.meaning.lexicon import lexicon
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Place, Proposal, Relation, Source
from stratlint.meaning.statement import Statement, Term

FAMILY = "one-as-all"
_WHY = "what each has, times how many there are"
_MOST_TERMS = 24
# Two digits agree by chance.
_TELLING = 3
_WHOLE = frozenset({"total", "all", "sum"})


def proposals(page: Page) -> Iterator[Proposal]:
    """The wholes that repeat the digits of one part, each as so many times the part."""
    counts = _counts(page)
    said: set[Place] = set()
    for terms, asserted, lines in _together(page):
        for each, whole in permutations(terms, 2):
            count = _count_of_all(each, whole, counts, lines=lines) if _repeats(each, whole) else None
            if count is not None and whole.place not in said:
                said.add(whole.place)
                product = Compute("×", each.use, count.use)
                yield Proposal(whole.use, Relation.EQUALS, product, Source.STATEMENT, FAMILY, _WHY, asserted=asserted)


def _together(page: Page) -> Iterator[tuple[Sequence[Term], bool, bool]]:
    """Terms that stand together, whether they are asserted, and whether each has a line of its own: those of a record, of a paragraph."""
    for group in page.groups:
        if group.axis is Axis.RECORD and group.present and len(group.terms) <= _MOST_TERMS:
            yield group.terms, group.asserted, True
    paragraphs: dict[int, list[Statement]] = {}
    for statement in page.statements:
        if statement.present and not statement.code:
            paragraphs.setdefault(statement.block, []).append(statement)
    for statements in paragraphs.values():
        terms = [spot.term for statement in statements for spot in spots_of(statement)]
        if len(terms) <= _MOST_TERMS:
            yield terms, all(statement.asserted for statement in statements), False


def _repeats(each: Term, whole: Term) -> bool:
    """Whether *whole* is printed with the digits of *each*, which is one of one part more."""
    one, two = each.amount, whole.amount
    same = one.value == two.value and one.step == two.step and one.hard == two.hard and one.first.factor == two.first.factor
    return same and measured(each) and one.significant >= _TELLING and not bounded(each) and not bounded(whole) and bool(_part(each, whole))


def _part(each: Term, whole: Term) -> str:
    """What *each* is one of and *whole* is not; "" where it may be copied to each place."""
    nouns = [name for name, power in each.dimensions if power == -1.0 and (name, power) not in whole.dimensions]
    return nouns[0] if len(nouns) == 1 and nouns[0] not in lexicon().copied else ""


def _count_of_all(each: Term, whole: Term, counts: Sequence[Term], *, lines: bool) -> Term | None:
    """How many there are, where *whole* is said to be of all of them; *lines*: a number on its own line says so, too."""
    noun = _part(each, whole)
    alike = [term for term in counts if noun in (term.noun, *term.name) or noun.endswith(f" {term.noun}")]  # "MoE layers: 24"
    near = [term for term in alike if term.place.line == whole.place.line and (lines or "all" in term.tags)]
    if not near and not (whole.tags & _WHOLE or noun in whole.name):
        return None
    for found in (near, alike):
        if len({term.amount.value for term in found}) == 1:
            return found[0]
    return None


def _counts(page: Page) -> list[Term]:
    """The plain numbers of things that the page states."""
    parts = (*(statement.terms for statement in page.statements), *(group.terms for group in page.groups))
    every = (term for terms in parts for term in terms)
    return [term for term in every if term.noun and term.dimensions == ((term.noun, 1.0),) and term.amount.value > 1 and not bounded(term)]
