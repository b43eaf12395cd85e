"""The cache of a token holds keys and values: layers × KV heads × head size × bytes is half of it.

Source: any description of attention with a KV cache; two tensors of KV heads × head size a layer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stratlint.claims.amount import constant
from stratlint.meaning.groups import Group
from stratlint.meaning.page import Page
from stratlint.meaning.proposal import Compute, Expression, Proposal, Relation, Source, Use, only_multiplies, uses
from stratlint.meaning.quantities import quantity_of
from stratlint.meaning.statement import Statement, Term

FAMILY = "formula"
_WIDTHS = (0.5, 1.0, 2.0, 4.0)
_BYTES = (("information", 1.0),)


def proposals(page: Page) -> Iterator[Proposal]:
    """The computations of a token's cache from the page's own dimensions that count one tensor where there are two."""
    layers, heads, sizes = (_values(page, name) for name in ("layers", "kv_heads", "head_size"))
    for equation in page.equations:
        claim, expression = equation.right, equation.left
        if not isinstance(claim, Use) or claim.amount.hard != _BYTES or not only_multiplies(expression) or not equation.asserted:
            continue
        operands = [use.amount.value * use.amount.magnitude for use in uses(expression)]
        if len(operands) == 4 and _are(operands, layers, heads, sizes) and _of_a_token(page, claim):
            both: Expression = Compute("×", Use(constant(2.0)), expression)
            yield Proposal(claim, Relation.EQUALS, both, Source.LAW, FAMILY, "keys and values", asserted=equation.asserted)


def _values(page: Page, quantity: str) -> frozenset[float]:
    """All values that the page states of a dimension of its model."""
    named = {"layers": "layer", "kv_heads": "kv head"}.get(quantity, "")
    labelled = (term for group in page.groups for term in group.terms if quantity_of(term) == quantity)
    counted = (term for statement in page.statements for term in statement.terms if _is_called(term, named or "head dimension"))
    return frozenset(term.amount.value for term in (*labelled, *counted))


def _is_called(term: Term, name: str) -> bool:
    return term.key == frozenset(name.split()) and not term.per


def _are(operands: list[float], *dimensions: Iterable[float]) -> bool:
    """Whether operands are one value of each dimension and the bytes of a number."""
    left = list(operands)
    for values in dimensions:
        found = next((value for value in values if value in left), None)
        if found is None:
            return False
        left.remove(found)
    return left[0] in _WIDTHS


def _of_a_token(page: Page, claim: Use) -> bool:
    """Whether the claim is per token: by its unit, or by the words of the term at its place."""
    parts: tuple[Statement | Group, ...] = (*page.statements, *page.groups)
    terms = (term for part in parts for term in part.terms if term.place == claim.place)
    return ("token", -1.0) in claim.amount.first.dimensions or any(("token", -1.0) in term.dimensions for term in terms)
