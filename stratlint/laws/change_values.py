"""What a change has to be, given the amount before and the one after: a share of either, a quotient, a difference."""

from __future__ import annotations

from stratlint.claims.amount import constant
from stratlint.laws.comparable import comparable, measured
from stratlint.meaning.proposal import Compute, Expression, Proposal, Relation, Source, Use
from stratlint.meaning.statement import Term

_FAMILY = "statement-change"
IN_SENTENCE = "sentence-change"
_PER_CENT_OF_MORE = 1.0
# A tenth of a percent and a tenth of the change: nobody acts on less.
_NO_MATTER, _PART_OF_IT = 0.001, 0.1


def change_of(
    change: Term, old: Term, new: Term, tags: frozenset[str], source: Source, asserted: bool, *, led: bool = False, family: str = ""
) -> Proposal | None:
    """`change` = what *old* and *new* make of it: a share of either, a quotient, a difference; *led*: it is known which was before."""
    if _of_another_quantity(change, old, new):
        return None
    if change.amount.percent or change.amount.multiple or (not measured(change) and not change.amount.unit_text and not change.noun):
        if not change.amount.percent and not change.amount.multiple and not change.tags & {"bare"}:
            return None
        if _of_pairs(change, old, new) or ("speed" in tags and measured(old) and "time" not in dict(old.amount.hard)):
            return None  # "the 10 GiB cache is 26 % faster than the 1 GiB one": sizes have no speed
        main, *others = _relative(change, old, new, tags, led=led)
    elif comparable(change, old) and not old.amount.percent:
        main, others = _difference(old, new), []
    else:
        return None
    why = "the change from one to the other"
    family = family or (_FAMILY if source is Source.GRID else IN_SENTENCE)
    return Proposal(change.use, Relation.EQUALS, main, source, family, why, asserted=asserted, otherwise=tuple(others))


def _of_another_quantity(change: Term, old: Term, new: Term) -> bool:
    """`Original: 45 ms`, `Optimized: 13 ms`, `Accuracy change: -0.3 %`: a line with a name of its own that neither of the others has."""
    named = change.label and old.label and new.label and "bare" not in change.tags
    return bool(named and old.name and new.name) and not change.name & (old.name | new.name)


def _of_pairs(change: Term, old: Term, new: Term) -> bool:
    """Whether a percentage is off by less than anybody acts on: the mean of changes is not the change of means, nor what was cut off."""
    before, after = old.amount.first.nominal, new.amount.first.nominal
    if not change.amount.percent or not before or not after:
        return False
    claimed = abs(change.amount.first.nominal)
    gap = min(abs(claimed - abs(after - before) / abs(base)) for base in (before, after))
    return change.amount.step * change.amount.first.factor < gap <= min(_NO_MATTER, _PART_OF_IT * claimed)


def _relative(change: Term, old: Term, new: Term, tags: frozenset[str], *, led: bool) -> list[Expression]:
    """The shares and factors that a percentage or a factor may mean."""
    large, small = (new, old) if abs(new.amount.first.nominal) >= abs(old.amount.first.nominal) else (old, new)
    signed = change.amount.first.nominal < 0
    difference = Compute("-", new.use, old.use) if signed else _difference(old, new)
    of_old, of_new = Compute("/", difference, old.use), Compute("/", difference, new.use)
    up, down = Compute("/", large.use, small.use), Compute("/", small.use, large.use)
    ratio = "ratio" in tags
    if change.amount.percent:
        out: list[Expression] = [of_old, of_new]
        if "speed" not in tags and led and not ("down" in tags and large is new):  # more in a second saves time, a share of the new rate
            out = [of_old]
        elif "down" in tags and "speed" not in tags and not (signed or led):
            out = [Compute("/", difference, large.use)]  # a saving is a share of what was more, whichever stands first
        if old.amount.percent:
            out.append(difference)
        if ratio:
            out = [up, down, *out]
        elif change.amount.first.nominal >= _PER_CENT_OF_MORE:
            out.append(up)
        return out
    out = [up, down]
    if not ratio:
        out.append(Compute("-", up, Use(constant(1.0, "1"))))
    if change.amount.first.nominal < 1.0 and not change.amount.multiple:
        out += [of_old, of_new]
    return out


def _difference(old: Term, new: Term) -> Compute:
    large, small = (new, old) if abs(new.amount.first.nominal) >= abs(old.amount.first.nominal) else (old, new)
    return Compute("-", large.use, small.use)
