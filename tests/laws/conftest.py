"""Relations in a short notation: `proposal("12 GB", "=", "4 GB × 3")`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.claims.amount import Amount, amount_of
from stratlint.claims.equation import Expression as Written
from stratlint.claims.equation import Operand
from stratlint.claims.extract import extract
from stratlint.document import Span, parse
from stratlint.laws.judge import Judgement, Outcome, judge
from stratlint.meaning.page import page_of
from stratlint.meaning.proposal import Compute, Expression, Place, Proposal, Relation, Source, Use
from stratlint.meaning.transcription import read_arithmetic, read_claim

Related = Callable[..., Proposal]


def amount(text: str) -> Amount:
    """The amount that a text states."""
    return amount_of(read_claim(text))


def expression(text: str, places: dict[str, int] | None = None) -> Expression:
    """The arithmetic of a text; *places* puts an operand (by its text) on a line."""

    def built(node: Written) -> Expression:
        if isinstance(node, Operand):
            found = amount_of(node.quantity)
            line = (places or {}).get(found.text)
            return Use(found, None if line is None else place(line))
        return Compute(node.operator, built(node.left), built(node.right))

    return built(read_arithmetic(text))


def place(line: int) -> Place:
    """A place of its own on a line."""
    return Place(line, 0, 1, Span(line * 100, line * 100 + 1), line, line)


@pytest.fixture
def proposal() -> Related:
    """Make a proposal from texts; `line` and `places` say where its numbers stand."""

    def make(claim: str, op: str, expr: str, *, line: int = 1, places: dict[str, int] | None = None, **more: object) -> Proposal:
        relation = {"=": Relation.EQUALS, "<=": Relation.AT_MOST, ">=": Relation.AT_LEAST, "divides": Relation.DIVIDES}[op]
        settings: dict[str, object] = {"source": Source.STATEMENT, "family": "equation", **more}
        return Proposal(Use(amount(claim), place(line)), relation, expression(expr, places), **settings)  # type: ignore[arg-type]

    return make


@pytest.fixture
def outcome(proposal: Related) -> Callable[..., str]:
    """The outcome of a relation given as texts."""

    def of(claim: str, op: str, expr: str, **more: object) -> str:
        return judge(proposal(claim, op, expr, **more)).outcome.value

    return of


@pytest.fixture
def judgement(proposal: Related) -> Callable[..., Judgement]:
    """The judgement of a relation given as texts."""

    def of(claim: str, op: str, expr: str, **more: object) -> Judgement:
        return judge(proposal(claim, op, expr, **more))

    return of


@pytest.fixture
def judged(request: pytest.FixtureRequest) -> Callable[[str], list[Judgement]]:
    """What the laws of the test module (its `LAWS`) assert of a page, judged."""

    def of(text: str) -> list[Judgement]:
        page = page_of(extract(parse(text)))
        return [judge(each, page.binary) for law in request.module.LAWS for each in law(page) if each.asserted]

    return of


@pytest.fixture
def refuted(judged: Callable[[str], list[Judgement]]) -> Callable[[str], list[str]]:
    """The claims of a page that the laws refute."""
    return lambda text: [each.proposal.claim.amount.text for each in judged(text) if each.outcome is Outcome.REFUTED]


@pytest.fixture
def settled(judged: Callable[[str], list[Judgement]]) -> Callable[[str], bool]:
    """Whether the laws recomputed something of a page and refuted nothing: silence settles nothing."""

    def of(text: str) -> bool:
        outcomes = {each.outcome for each in judged(text)}
        return bool(outcomes & {Outcome.HOLDS, Outcome.BOUNDED}) and Outcome.REFUTED not in outcomes

    return of
