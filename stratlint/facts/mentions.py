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
    r"(?<![A-Za-z0-9])(?:fp8|fp16|fp32|fp4|bf16|bfloat16|float16|float32|int8|int4|mxfp4|nvfp4|tf32|w8a8|w4a16|fp8_e4m3|"
    r"half precision)(?![A-Za-z0-9])",
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
        named: set[int] = set()
        for kind, finder in _finders():
            for start, end in finder.find(text):
                named.add(start)
                yield _mention(claims, kind, text[start:end], start, block, place)
        for start, end in _weak_devices().find(text):
            if start in named:
                continue
            if _COUNTED_DEVICE.search(text[max(start - _NEAR_NAME, 0) : start]) or _DEVICE_FOLLOWS.match(text[end : end + _NEAR_NAME]):
                yield _mention(claims, "device", text[start:end], start, block, place)
        for match in _PRECISION.finditer(text):
            yield _mention(claims, "precision", match[0], match.start(), block, place)


# Names too short to trust alone ("H20", "L4") are devices where they are counted or called a card.
_COUNTED_DEVICE = re.compile(r"(?:\d\s?(?:张|块|片|卡|[x×*])\s?|NVIDIA\s+|每张\s?|单张\s?)$")
_DEVICE_FOLLOWS = re.compile(r"\s?(?:单卡|显卡|显存|GPUs?\b|cards?\b|accelerators?\b|\(\d+\s?GB|-?\d{2,3}\s?GB\b)")
_NEAR_NAME = 12


@cache
def _weak_devices() -> NameFinder:
    """Finds the names of devices that `_finders` leaves out."""
    weak = [
        replace(entry, name=entry.weak_aliases[0], aliases=entry.weak_aliases, weak_aliases=())
        for entry in accelerators()
        if entry.weak_aliases
    ]
    return name_finder(weak)


def _mention(claims: ClaimSet, kind: str, name: str, start: int, block: Block, place: Place) -> Mention:
    statement = claims.statement_at(block.index, start)
    place = replace(place, sentence=statement.index) if statement is not None else place
    struck = any(span.start <= start < span.end for span in block.struck)
    span = block.source_span(start, start + len(name))
    return Mention(kind, name, name, span, place, "rejected" if struck else "asserted")
