"""Devices, models and precisions that the text names."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from stratlint.claims.claim import ClaimSet
from stratlint.claims.extract import is_program
from stratlint.document import Block, BlockKind
from stratlint.facts.fact import Mention, Place
from stratlint.facts.tables import TableShape
from stratlint.physics.catalog import (
    Accelerator,
    Model,
    NameFinder,
    load_accelerators,
    load_models,
    lookup,
    name_finder,
    normalise_name,
)
from stratlint.resources import data_folder

_GLUED = re.compile(r"(?<=\d)[xX×*](?=[A-Z])")
_PRECISION = re.compile(
    r"(?<![A-Za-z0-9])(?:fp8|fp16|fp32|fp4|bf16|bfloat16|float16|float32|int8|int4|mxfp4|nvfp4|tf32|w8a8|w4a16|fp8_e4m3|half precision)(?![A-Za-z0-9])",
    re.I,
)


@cache
def accelerators() -> tuple[Accelerator, ...]:
    """The catalog's devices."""
    return load_accelerators(data_folder("rules") / "catalog" / "accelerators.yaml")


@cache
def models() -> tuple[Model, ...]:
    """The catalog's models."""
    return load_models(data_folder("rules") / "catalog" / "models.yaml")


@cache
def _finders() -> tuple[tuple[str, NameFinder], ...]:
    return (("device", name_finder(accelerators())), ("model", name_finder(models())))


@cache
def _devices() -> Mapping[str, tuple[Accelerator, ...]]:
    return lookup(accelerators())


@cache
def _models() -> Mapping[str, tuple[Model, ...]]:
    return lookup(models())


def devices_named(name: str) -> tuple[Accelerator, ...]:
    """The catalog entries a written device name fits."""
    return _devices().get(normalise_name(name), ())


def models_named(name: str) -> tuple[Model, ...]:
    """The catalog entries a written model name fits."""
    return _models().get(normalise_name(name), ())


def mentions_of(claims: ClaimSet, shapes: Mapping[int, TableShape]) -> Iterator[Mention]:
    """Every device, model and precision named in the document, in order."""
    from stratlint.facts.places import place_of

    for block in claims.document.blocks:
        if is_program(block) or block.kind is BlockKind.HTML:
            continue
        text = _GLUED.sub(" ", block.text)
        shape = shapes.get(block.cell.table) if block.cell else None
        place = place_of(block, 0, shape)
        for kind, finder in _finders():
            for start, end in finder.find(text):
                yield _mention(claims, kind, text[start:end], start, block, place)
        for match in _PRECISION.finditer(text):
            yield _mention(claims, "precision", match[0], match.start(), block, place)


def _mention(claims: ClaimSet, kind: str, name: str, start: int, block: Block, place: Place) -> Mention:
    statement = claims.statement_at(block.index, start)
    place = replace(place, sentence=statement.index) if statement is not None else place
    struck = any(span.start <= start < span.end for span in block.struck)
    span = block.source_span(start, start + len(name))
    return Mention(kind, name, name, span, place, "rejected" if struck else "asserted")
