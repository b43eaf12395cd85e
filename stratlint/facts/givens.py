"""Givens: facts from outside the document. They serve as premises where the document has none, and bind its claims.

Three sources, the nearest first; a nearer one hides what a farther one says of the same kind:

1. the front matter key `stratlint:` of the document itself;
2. files (`--given`, `givens` in the configuration): YAML, TOML or JSON mappings, a model's `config.json`, a Markdown
   specification;
3. house devices of the configuration, for a document that names that device and no other, and the default model and
   accelerator of `assumptions`, for a document that names none.

Each fact carries where it comes from in `Fact.origin`, and every finding that uses it shows that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from stratlint.document import BlockKind, Document, Span
from stratlint.facts.fact import Fact, FactSet, Place
from stratlint.facts.given_files import facts_of_entries, facts_of_file, yaml_entries
from stratlint.facts.given_models import house_device, named_device, named_model
from stratlint.facts.given_values import Entry, GivenError

FRONT_MATTER_KEY = "stratlint"


@dataclass(frozen=True, slots=True)
class Sources:
    """Where givens come from besides the document: files, house devices (name → figures), default names."""

    files: tuple[Path, ...] = ()
    devices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    model: str = ""
    accelerator: str = ""


def check_sources(sources: Sources) -> None:
    """Read every file and every house device once.

    Raises:
        GivenError: one cannot be used; the message names it and says what to write.
    """
    _of_files(sources)
    for name, figures in sources.devices.items():
        house_device(name, figures)


def with_givens(facts: FactSet, sources: Sources) -> tuple[FactSet, tuple[str, ...]]:
    """*facts* with `givens`, and notes on front matter that could not be used.

    What the front matter gives is taken out of the document's own facts: it is no claim of the document.

    Raises:
        GivenError: a file or a house device cannot be used.
    """
    own, notes = _front_matter(facts)
    layers = (own, _of_files(sources), _of_devices(facts, sources), _of_defaults(facts, sources))
    givens = _layered(layers)
    if not givens:
        return facts, notes
    kept = _without(facts.facts, _region(facts.document)) if own else facts.facts
    numbered = tuple(replace(given, index=len(facts.facts) + offset) for offset, given in enumerate(givens))
    return replace(facts, facts=kept, givens=numbered), notes


def _layered(layers: Iterable[Sequence[Fact]]) -> tuple[Fact, ...]:
    chosen: list[Fact] = []
    for layer in layers:
        known = {(fact.kind, fact.scope) for fact in chosen}
        chosen += [fact for fact in layer if (fact.kind, fact.scope) not in known]
    return tuple(chosen)


def _of_files(sources: Sources) -> tuple[Fact, ...]:
    return tuple(fact for path in sources.files for fact in facts_of_file(path))


def _of_devices(facts: FactSet, sources: Sources) -> tuple[Fact, ...]:
    """The house device that the text names, when it names no other device."""
    named = [name for name in sources.devices if _names(facts.document, name)]
    if len(named) != 1 or any(mention.kind == "device" for mention in facts.mentions):
        return ()
    return house_device(named[0], sources.devices[named[0]])


def _names(document: Document, name: str) -> bool:
    words = [re.escape(word) for word in re.split(r"[\s_-]+", name.strip()) if word]
    pattern = re.compile(r"(?i)(?<!\w)" + "[ _-]?".join(words) + r"s?(?!\w)")
    return bool(words) and any(pattern.search(block.text) for block in document.blocks)


def _of_defaults(facts: FactSet, sources: Sources) -> tuple[Fact, ...]:
    named = {mention.kind for mention in facts.mentions}
    found: tuple[Fact, ...] = ()
    if sources.model and "model" not in named:
        found += named_model(sources.model, "assumptions.model")
    if sources.accelerator and "device" not in named:
        figures = sources.devices.get(sources.accelerator)
        if figures is not None:
            found += house_device(sources.accelerator, figures)
        else:
            found += named_device(sources.accelerator, "assumptions.accelerator")
    return found


def _front_matter(facts: FactSet) -> tuple[tuple[Fact, ...], tuple[str, ...]]:
    document = facts.document
    if FRONT_MATTER_KEY not in document.front_matter:
        return (), ()
    block = next((block for block in document.blocks if block.kind is BlockKind.FRONT_MATTER), None)
    if block is None:
        return (), ()
    try:
        entries = yaml_entries(block.content, "front matter", FRONT_MATTER_KEY)
    except GivenError as error:
        return (), (f"givens not used: {error}",)
    found: list[Fact] = []
    notes: list[str] = []
    for entry in entries:
        span = block.source_span(entry.start, max(entry.end, entry.start + 1))
        line, _ = document.position(span.start)
        try:
            stated = facts_of_entries((replace(entry, line=line),), _origin, document.path)
        except GivenError as error:
            notes.append(f"given not used: {error}")
            continue
        place = Place(0, block.index, 0)
        number = _claim_at(facts, span)
        found += [replace(fact, span=span, place=place, claim=-1 if _catalogued(fact) else number) for fact in stated]
    explicit = {fact.kind for fact in found if not _catalogued(fact)}
    return tuple(fact for fact in found if not _catalogued(fact) or fact.kind not in explicit), tuple(notes)


def _catalogued(fact: Fact) -> bool:
    return fact.origin.endswith("in the catalog")


def _origin(entry: Entry) -> str:
    return f"front matter, line {entry.line}"


def _claim_at(facts: FactSet, span: Span) -> int:
    """The number claim that a given of the front matter is, -1 for one that follows from a name."""
    return next((n.index for n in facts.claims.numbers if span.start <= n.span.start and n.span.end <= span.end), -1)


def _region(document: Document) -> Span | None:
    """Where the front matter's givens stand."""
    block = next((block for block in document.blocks if block.kind is BlockKind.FRONT_MATTER), None)
    if block is None:
        return None
    entries = yaml_entries(block.content, "front matter", FRONT_MATTER_KEY)
    if not entries:
        return None
    return block.source_span(min(entry.start for entry in entries), max(entry.end for entry in entries))


def _without(facts: tuple[Fact, ...], region: Span | None) -> tuple[Fact, ...]:
    if region is None:
        return facts
    return tuple(fact for fact in facts if not region.start <= fact.span.start < region.end)


__all__ = ["FRONT_MATTER_KEY", "GivenError", "Sources", "check_sources", "with_givens"]
