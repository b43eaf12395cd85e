"""Number formats that the units of a named accelerator do not compute in."""

from __future__ import annotations

from collections.abc import Iterator

from stratlint.rules.checks.catalog import family, precisions_in
from stratlint.rules.checks.hardware import is_specification
from stratlint.rules.checks.passages import row_text, words_of
from stratlint.rules.checks.subjects import device_at
from stratlint.rules.context import Context, Verdict, finding
from stratlint.rules.finding import Location, Status
from stratlint.rules.rule import Rule


def check_unsupported_format(rule: Rule, context: Context) -> Iterator[Verdict]:
    """A peak in a format for which every build of the named device lacks matrix units."""
    for fact in context.facts.of_kind("gpu.peak"):
        number = context.number(fact)
        if number is None or not is_specification(context, fact, number, "peak"):
            continue
        block = context.document.blocks[number.block]
        words = words_of(context, number)
        named = precisions_in(words) or precisions_in(row_text(context, number.block) if block.cell else number.sentence_text)
        subject = device_at(context, fact.place, fact.span.start)
        if subject is None or len(named) != 1:
            continue
        (precision,) = named
        devices = family(subject.entries)
        if any(device.supports(precision) is not False for device in devices):
            continue
        lacking = ", ".join(dict.fromkeys(device.name for device in devices))
        formula = f"{lacking}: no {precision.upper()} matrix units"
        catalog = Location("", 0, 0, 0, 0, 0, 0, "catalog", f"{formula} (catalog)")
        yield Verdict(
            rule.name, Status.CONTRADICTED, (fact.claim,), (), formula,
            finding(
                rule, context, f"claims {fact.text} in {precision.upper()} for {subject.mention.text}, which has no units for this format",
                context.fact_location(fact, "claim"), block=fact.place.block, claimed=fact.text, formula=formula,
                related=[subject.location(context), catalog], root=f"{rule.name}:{fact.span.start}",
            ),
        )  # fmt: skip
