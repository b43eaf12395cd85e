"""The kind of a number by the nearest phrase that fits its dimension: noun, words before it, cell headers, label."""

from __future__ import annotations

import re

from stratlint.claims.claim import NumberClaim
from stratlint.claims.extract import CONFIGS, SHELLS
from stratlint.claims.syntax import Quantity
from stratlint.document import Block, BlockKind
from stratlint.facts.kinds import Kinds
from stratlint.facts.modality import Words
from stratlint.facts.pairs import paired_names
from stratlint.facts.phrases import Match, normalise
from stratlint.facts.tables import TableShape


def nearest_kind(
    claim: NumberClaim, block: Block, context: Words, measures: frozenset[str], kinds: Kinds, records: bool, role: str
) -> tuple[str, str] | None:
    """The nearest phrase that fits the number's dimension: noun, words before, cell headers, label.

    An operand of an equation is only what the noun after it says: the label speaks of the result.
    """
    quantity = claim.quantity
    assert quantity is not None
    config = block.kind is BlockKind.FRONT_MATTER or (block.kind is BlockKind.CODE and block.language in CONFIGS | SHELLS)
    written = claim.lead.split()[-1:] or claim.label.split()[-1:]
    identifier = bool(written) and "_" in written[0].strip("_")
    flag = _FLAG.search(block.text[max(claim.start - _FLAG_REACH, 0) : claim.start]) is not None
    if config or flag or (identifier and block.kind is BlockKind.CODE):
        return _keyed(kinds, claim, measures)
    match = None if _adjectival(claim) else _noun_match(context.noun, measures, kinds, quantity)
    if match is not None and not (
        role != "operand" and _is_the_unit(match, quantity) and _named_beside(kinds, context, measures, quantity)
    ):
        return match.name, "noun"
    if role == "operand":
        degree = kinds.phrases.find(context.lead[-1:]) if claim.lead[-2:].isupper() else ()
        named = next((m for m in degree if m.name.startswith("parallel.") and _possible(m, measures, kinds, quantity)), None)
        if named is not None:
            return named.name, "lead"  # "DP 16 × TP 8"
        # "Global batch: 512 sequences × 2,048 tokens": what is counted in sequences is the batch
        by_label = _best(kinds, context.label, measures, quantity, headed=True)
        counted = dict(quantity.unit.soft) if quantity.unit is not None else {}
        return (
            ("batch.global", "label")
            if by_label is not None and by_label.name == "batch.global" and counted.get("sequence") == 1.0
            else None
        )
    by_lead = _best(kinds, context.lead, measures, quantity, reach=6)
    if by_lead is not None:
        return by_lead.name, "lead"
    if claim.relation in ("=", "==") and context.lead:
        return None  # bound to the words before it, whatever they are, not to the header
    by_row = _best(kinds, context.row, measures, quantity, headed=True)
    by_column = _best(kinds, context.column, measures, quantity, headed=True)
    by_header = (by_column or by_row) if records else (by_row or by_column)
    if by_header is None and context.row and context.column:
        by_header = _best(kinds, context.row + context.column, measures, quantity)  # "Tensor" × "Degree"
    if by_header is not None:
        return by_header.name, "header"
    by_label = _best(kinds, context.label, measures, quantity, headed=True)
    if by_label is not None and by_label.name.startswith("parallel.") and context.lead[-1:] and context.lead[-1] in _PLACED_ON:
        return None  # in "TP=8 on 256 GPUs" the degree has had its number
    if (
        by_label is not None
        and by_label.name.startswith("parallel.")
        and (_counts_something_else(quantity, context.lead) or (role and claim.label[-1:].isdigit()))
    ):
        return None  # "Expert parallelism: you have 64 GPUs", "TP 8, DP 16: 8 × 16 = 128"
    return (by_label.name, "label") if by_label is not None else None


def paired(claim: NumberClaim, block: Block, shape: TableShape | None, measures: frozenset[str], kinds: Kinds) -> tuple[str, str] | None:
    """`| Query / KV heads | 64 / 8 |`: each figure has a name of its own."""
    cell = block.cell
    labels = (
        (shape.labels[cell.row], shape.columns[cell.column].header)
        if cell is not None and shape is not None and cell.row
        else (claim.label,)
    )
    found = paired_names(claim, block, *labels) if claim.quantity is not None else None
    if found is None or claim.quantity is None:
        return None
    matches = [_best(kinds, name, measures, claim.quantity, headed=True) for name, _ in found[0]]
    nouns = [_best(kinds, name, measures, claim.quantity, headed=True) for _, name in found[0]]
    matches = [match or (noun if noun is not None and noun.length > 1 else None) for match, noun in zip(matches, nouns, strict=True)]
    mine, names = matches[found[1]], {match.name for match in matches if match is not None}
    return (mine.name, "header") if mine is not None and len(names) == len(matches) else None


def _counts_something_else(quantity: Quantity, lead: tuple[str, ...]) -> bool:
    """Whether a number under the label of a degree counts what no degree is: experts, tokens, the devices of a sentence."""
    counted = dict(quantity.unit.soft) if quantity.unit is not None else {}
    return bool({"expert", "token", "sequence", "layer", "request"} & set(counted)) or (
        "device" in counted and not _HAVING.isdisjoint(lead)
    )


_HAVING = frozenset({"have", "has", "had", "having", "given"})


_PLACED_ON = frozenset({"on", "across", "over", "using", "with"})


_KEY = re.compile(r"[A-Za-z][\w.-]*$")


# In "ray start --head --port=6379" nothing but the last flag names the number.
_FLAG = re.compile(r"(?<![\w-])--[A-Za-z][\w-]*(?:=|\s+)$")


_FLAG_REACH = 64


def _keyed(kinds: Kinds, claim: NumberClaim, measures: frozenset[str]) -> tuple[str, str] | None:
    """In a configuration or on a command line the whole key must name the kind: `--tensor-parallel-size 8`."""
    assert claim.quantity is not None
    written = _KEY.search(claim.lead.strip(" -:=\"'")) or _KEY.search(claim.label.strip(" -:=\"'"))
    key = normalise(written[0]) if written else ()
    for match in kinds.phrases.find(key):
        whole = match.start == 0 and match.end == len(key)
        if whole and key != ("gpu",) and _possible(match, measures, kinds, claim.quantity):
            return match.name, "key"
    return None


_HEAD_ENDS = frozenset({"of", "in", "for", "with", "over", "after", "by", "at", "from", "on", "why", "how", "when", "if"})


def _adjectival(claim: NumberClaim) -> bool:
    """In "4 expert nodes" the nodes are counted, not the experts."""
    quantity = claim.quantity
    if quantity is None or quantity.unit is None or quantity.unit.hard or "-" in claim.text or quantity.number.value == 1:
        return False
    words = claim.noun.split()
    return (
        len(words) > 1 and words[0] == quantity.unit_text and not words[0].endswith("s") and words[1].endswith("s") and words[1].isalpha()
    )


PREPOSITIONS = frozenset(
    {
        "per", "in", "across", "for", "with", "to", "on", "at", "by", "over", "each", "out", "into", "from", "and", "is", "are",
        "that", "which", "leave", "make", "give", "need", "take", "require", "use", "run", "deliver", "reach", "mean", "has", "have",
    }
)  # fmt: skip


# "GPUs per node" and "experts per GPU" run on past the preposition.
_PHRASE_TAIL = 2


def _noun_match(words: tuple[str, ...], measures: frozenset[str], kinds: Kinds, quantity: Quantity) -> Match | None:
    """The phrase nearest the head of the noun phrase after a number: in "tensor-parallel modules" it is "modules"."""
    stop = next((i for i, word in enumerate(words) if word in PREPOSITIONS or (word == "of" and not quantity.unit_text)), len(words))
    lead = len(normalise(quantity.unit_text)) if quantity.unit is not None and quantity.unit.hard else 0
    best: Match | None = None
    for match in kinds.nouns.find(words[: stop + _PHRASE_TAIL]):
        if match.start >= stop or (match.end > stop and match.length < 2):
            continue
        if "of" in words[: match.start] and quantity.unit is not None and quantity.unit.canonical == "percent":
            continue  # "6 % of available 64 GB" is no availability
        if match.start > lead + 2 or not _possible(match, measures, kinds, quantity):
            continue
        if best is None or (match.end, match.length) > (best.end, best.length):
            best = match
    return best


def _named_beside(kinds: Kinds, context: Words, measures: frozenset[str], quantity: Quantity) -> bool:
    """Whether the label or the row names what a number measures."""
    return any(_best(kinds, words, measures, quantity, headed=True) for words in (context.label, context.row))


def _is_the_unit(match: Match, quantity: Quantity) -> bool:
    """Whether a phrase is only the number's own unit ("requests/s"), which says less than a label does."""
    return quantity.unit is not None and bool(quantity.unit.hard) and match.end <= len(normalise(quantity.unit_text))


_NEVER_BYTES = frozenset({"memory.checkpoint", "memory.weights", "memory.total_model"})


_SMALL_COUNTS = (
    "model.experts",
    "model.layers",
    "model.heads",
    "model.kv",
    "model.top",
    "parallel.",
    "cluster.",
    "placement.",
    "model.expert_ffn",
)


def _possible(match: Match, measures: frozenset[str], kinds: Kinds, quantity: Quantity) -> bool:
    if not (kinds.allows(match.name, measures) and kinds.counts(match.name, quantity)):
        return False
    # Layers, heads, experts and degrees are whole; "0.5 expert per layer" is somebody's mean.
    value = quantity.number.value * quantity.magnitude
    if match.name.startswith("parallel.") and quantity.high is not None:
        return False  # a degree has one value
    if quantity.bytes_too and match.name in _NEVER_BYTES:
        return False  # "checkpoints of the 70B run"
    if match.name.startswith("memory.") and quantity.unit_text in ("bit", "bits") and quantity.magnitude == 1:
        return False  # "16-bit gradients" are a format
    if quantity.magnitude >= 1e6 and match.name.startswith(_SMALL_COUNTS):
        return False  # "routed experts | 2.52 B" are their parameters
    if (
        match.name == "model.parameters"
        and quantity.magnitude < 1e6
        and not (quantity.unit is not None and dict(quantity.unit.soft).get("parameter"))
    ):
        if match.length == 1 and quantity.number.value < 1e6:
            return False  # "3 models" are not parameters
    if value == 1 and match.name in ("model.layers", "model.experts", "model.heads") and quantity.unit_text:
        return False  # "1 layer equivalent"
    return value == int(value) or not match.name.startswith(("model.", "parallel.", "cluster.")) or "parameters" in match.name


def _best(
    kinds: Kinds, words: tuple[str, ...], measures: frozenset[str], quantity: Quantity, *, reach: int = 0, headed: bool = False
) -> Match | None:
    """The longest phrase whose kind the number can be; of equally long ones the last. *reach*: words before the number."""
    best: Match | None = None
    for match in kinds.phrases.find(words):
        if reach and match.end + reach <= len(words) + match.length - 1:
            continue
        if match.start and words[match.start - 1] in ("per", "each") and match.length == 1:
            continue
        if headed and any(word in _HEAD_ENDS for word in words[: match.start]):
            continue  # in "copies of an expert" it is the copies that are counted
        if headed and not all(map(kinds.explains, words[: match.start])):
            continue  # "spare nodes" are other nodes
        if not _possible(match, measures, kinds, quantity):
            continue
        if words[match.start : match.end] in kinds.whole and len(words) > match.length:
            continue
        if best is None or (match.length, match.end) > (best.length, best.end):
            best = match
    return best
