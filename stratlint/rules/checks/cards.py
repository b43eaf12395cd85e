"""Bytes for each GPU, and the card that is named for them in the same sentence."""

from __future__ import annotations

from collections.abc import Iterator

from stratlint.claims.claim import NumberClaim
from stratlint.facts.fact import Mention
from stratlint.facts.mentions import devices_named
from stratlint.rules.checks.passages import OF_EACH_GPU
from stratlint.rules.context import Context, Verdict, finding
from stratlint.rules.finding import Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_HOLDS = Pattern(r"(?i)\b(?:memory|vram|hbm|weights?|cache|activations?|state|model|footprint|needs?|requires?|holds?|uses?|fits?)\b|显存")
# What leads from the bytes to the card: "(needs A100 80GB or H100)", "fits an H100", "which fits on one L40S".
_TO_CARD = Pattern(
    r"(?i)\b(?:needs?|requires?|fits?(?: (?:in|into|on|onto|well within|within))?)\s+(?:(?:an?|the|one|on|a single|"
    r"each|our)\s+)*(?:nvidia |amd )?$"
)
_OR = Pattern(r"(?i)^\s*(?:\(?\d+\s?g(?:i?b)?\)?\s*)?(?:or|and|,|/)\s+(?:an?\s+)?(?:nvidia |amd )?$")
_SEVERAL = Pattern(
    r"(?i)\bnot\b|n't\b|\bcannot\b|"
    r"\b(?:exceed|more than|too|offload|quanti[sz]|oom|tensor[ -]parallel|shard|split|across|traffic|bandwidth|transfer)\w*|❌|✗"
)


def check_named_card(rule: Rule, context: Context) -> Iterator[Verdict]:
    """ "352 GB per GPU (needs an A100 80GB)": no card of that name holds so much."""
    for mention in context.facts.mentions:
        if mention.kind != "device" or mention.modality != "asserted":
            continue
        statement = context.claims.statement(mention.place.block, mention.place.sentence)
        block = context.document.blocks[mention.place.block]
        if statement is None or _SEVERAL.search(statement.text):
            continue
        for number in reversed(context.claims.numbers_of(mention.place.block, mention.place.sentence)):
            if number.span.end > mention.span.start or not _of_one_gpu(number):
                continue
            between = context.document.text[number.span.end : mention.span.start]
            cards = _cards(context, mention)
            if not _TO_CARD.search(between) or not _HOLDS.search(f"{number.label} {statement.text}") or not cards:
                break
            quantity = number.quantity
            assert quantity is not None and quantity.unit is not None
            needed = quantity.interval(quantity.unit.factor)
            largest = max(size for card in cards for entry in devices_named(card.name) for size in entry.memory_bytes())
            text, names = " ".join(number.text.split()), " or ".join(" ".join(card.text.split()) for card in cards)
            if needed.low <= largest:
                yield Verdict(rule.name, Status.CONSISTENT, (number.index,), (), f"{text} ≤ {largest / 1e9:.0f} GB")
                break
            formula = f"{text} > {largest / 1e9:.0f} GB"
            message = f"{text} on each GPU for {names}, but such a card holds at most {largest / 1e9:.0f} GB"
            yield Verdict(
                rule.name, Status.CONTRADICTED, (number.index,), (), formula,
                finding(
                    rule, context, message, context.location(number.span, "needed"), block=block.index, claimed=text,
                    computed=f"at most {largest / 1e9:.0f} GB", formula=formula,
                    related=[context.location(card.span, "card") for card in cards], root=f"card:{number.span.start}",
                ),
            )  # fmt: skip
            break


def _of_one_gpu(number: NumberClaim) -> bool:
    """Bytes that one GPU holds: by the unit, the label or the words around."""
    quantity = number.quantity
    if quantity is None or quantity.unit is None or number.operand or number.struck or number.quoted:
        return False
    if quantity.unit.hard != (("information", 1.0),):
        return False
    return bool(OF_EACH_GPU.search(f"{number.label} {number.clause}") or "GPU" in quantity.text)


def _cards(context: Context, first: Mention) -> list[Mention]:
    """The cards that a sentence offers as alternatives: "A100 80GB or H100"; none when one of them is unknown."""
    following = [
        m for m in context.facts.mentions
        if m.kind == "device" and m.place.block == first.place.block and m.place.sentence == first.place.sentence
        and m.span.start >= first.span.start
    ]  # fmt: skip
    cards = following[:1]
    for mention in following[1:]:
        if _OR.search(context.document.text[cards[-1].span.end : mention.span.start]):
            cards.append(mention)
    return cards if all(devices_named(card.name) for card in cards) else []
