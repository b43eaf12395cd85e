"""In which voice a number is said: asserted, a limit, a target, hypothetical, rejected, negated, quoted, past."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stratlint.claims.claim import NumberClaim
from stratlint.document import Block, Document
from stratlint.facts.phrases import word_list
from stratlint.facts.tables import TableShape


@dataclass(frozen=True, slots=True)
class Words:
    """The words around a number, ready for matching."""

    noun: tuple[str, ...]
    lead: tuple[str, ...]
    label: tuple[str, ...]
    row: tuple[str, ...]
    column: tuple[str, ...]
    sentence: tuple[str, ...]
    section: tuple[str, ...]


_CHANGED = frozenset({
    "reduced", "increased", "changed", "corrected", "raised", "lowered", "down", "up", "reduction", "increase",
    "decrease", "improvement", "went", "grew", "fell", "rose", "dropped", "optimized", "optimised", "improved", "adjusted", "updated",
})  # fmt: skip
# "Tensor parallelism: 8-way → 4-way": the first is what it was.
_BEFORE_ARROW = re.compile(r"(?:[-\s][A-Za-z]{1,9})?\s*(?:→|➜|⇒|⟶|->|=>)\s*[~≈]?\d")
# "FFN: 2048 → 4096 → 2048" are the steps of a way, and the last is not where it ended.
_CHAINED = re.compile(r"(?:→|->)\s*[~≈]?\d[\d.,]*\s?[A-Za-z]{0,9}\s*(?:→|->)\s*[~≈]?$")
_LIMIT_SIGNS = frozenset({"<", "≤", "<=", "≥", ">", ">=", "≪", "≫"})


def modality_of(claim: NumberClaim, block: Block, shape: TableShape | None, document: Document, context: Words, introduction: str) -> str:
    """The voice of *claim* from its own mark-up, its table column, its relation sign, its words, its headings, what introduces its list."""
    if claim.struck:
        return "rejected"
    if claim.quoted:
        return "quoted"
    if block.cell is not None and shape is not None and block.cell.column < len(shape.columns) and block.cell.row > 0:
        role = shape.columns[block.cell.column].role
        if role == "target":
            return "target"
    if claim.relation in _LIMIT_SIGNS:
        return "limit"
    text = document.blocks[claim.block].text
    if claim.label and _BEFORE_ARROW.match(text[claim.end : claim.end + 24]):
        return "past"
    if claim.label and _CHAINED.search(text[max(0, claim.start - 40) : claim.start]):
        return "past"
    if context.lead[-1:] == ("from",) and _CHANGED & set(context.sentence):
        return "past"
    voices = word_list("modality")
    near = {m.name for m in voices.find_in(claim.clause)}
    wide = {m.name for m in voices.find_in(claim.sentence_text) if m.length > 1 or _wide(context.sentence[m.start])}
    title = {m.name for m in voices.find(context.section)} - {"limit", "past", "negated"}
    if _REACHED & set(context.section):
        title -= {"target"}  # "Throughput: exceeds target" heads what is claimed, not what is wanted
    path = {m.name for name in document.heading_path(block.section) for m in voices.find_in(name)}
    if claim.sentence_text.rstrip(' *_`)）"”').endswith(("?", "？")):
        return "hypothetical"
    spoken = {m.name for m in voices.find_in(claim.sentence_text)}
    if "rejected" in near or "set_aside" in spoken or "rejected" in {m.name for m in voices.find(context.label)}:
        return "rejected"
    if "rejected" in title or (introduction and "rejected" in {m.name for m in voices.find_in(introduction)}):
        return "considered"
    if "hypothetical" in near | wide or "hypothetical" in path:
        return "hypothetical"
    if "negated" in near:
        return "negated"
    if "target" in {m.name for m in voices.find(context.label)} | {m.name for m in voices.find(context.lead)}:
        return "target"
    if "target" in title or (near & {"target"} and claim.label):
        return "target"
    if "limit" in near:
        return "limit"
    return "asserted"


_REACHED = frozenset({"exceed", "exceeded", "achieve", "achieved", "meet", "met", "reached", "beat", "satisfied", "fulfilled", "surpassed"})
_WIDE_WORDS = frozenset({"if", "would", "could", "might", "suppose", "imagine", "hypothetical"})


def _wide(word: str) -> bool:
    """Words that put a whole sentence in the conditional."""
    return word in _WIDE_WORDS
