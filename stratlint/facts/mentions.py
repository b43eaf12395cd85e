"""Devices, models and precisions that the text names."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from stratlint.claims.claim import ClaimSet
from stratlint.claims.extract import is_program
from stratlint.document import Block, BlockKind
from stratlint.facts.fact import Mention, Place
from stratlint.facts.tables import TableShape
from stratlint.physics.catalog import Accelerator, Model, load_accelerators, load_models, lookup, name_pattern, normalise_name
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
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return (("device", name_pattern(accelerators())), ("model", name_pattern(models())))


@cache
def devices_named(name: str) -> tuple[Accelerator, ...]:
    """The catalog entries a written device name fits."""
    return lookup(accelerators()).get(normalise_name(name), ())


@cache
def models_named(name: str) -> tuple[Model, ...]:
    """The catalog entries a written model name fits."""
    return lookup(models()).get(normalise_name(name), ())


def mentions_of(claims: ClaimSet, shapes: Mapping[int, TableShape]) -> Iterator[Mention]:
    """Every device, model and precision named in the document, in order."""
    from stratlint.facts.places import place_of

    for block in claims.document.blocks:
        if is_program(block) or block.kind is BlockKind.HTML:
            continue
        text = _GLUED.sub(" ", block.text)
        shape = shapes.get(block.cell.table) if block.cell else None
        place = place_of(block, 0, shape)
        for kind, pattern in _patterns():
            for match in pattern.finditer(text):
                yield _mention(kind, match, block, place)
        for match in _PRECISION.finditer(text):
            yield _mention("precision", match, block, place)


def _mention(kind: str, match: re.Match[str], block: Block, place: Place) -> Mention:
    struck = any(span.start <= match.start() < span.end for span in block.struck)
    span = block.source_span(match.start(), match.end())
    return Mention(kind, match[0], match[0], span, place, "rejected" if struck else "asserted")
