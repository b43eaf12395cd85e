"""Read the catalog of accelerators and models that ships with the rules.

A figure may be one number or the list of all values in honest use. Unknown fields are refused, so a misspelt one cannot
pass silently; `sources` at the top of a file abbreviates sources that many entries share.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from stratlint.physics.architecture import Architecture, LatentAttention, MixtureOfExperts, Norm, QKNorm
from stratlint.physics.catalog_entries import Accelerator, Model, NameFinder, lookup, name_finder, normalise_name
from stratlint.physics.precision import canonical_precision
from stratlint.resources import NotYAMLError, read_yaml

__all__ = [
    "Accelerator",
    "CatalogError",
    "Model",
    "NameFinder",
    "load_accelerators",
    "load_models",
    "lookup",
    "name_finder",
    "normalise_name",
]


class CatalogError(ValueError):
    """A catalog file that cannot be read; the message names the file, the entry and the field."""


class _Fields:
    """One entry of a file: checked access to its fields, remembering which were used."""

    def __init__(self, path: Path, entry: object, index: int) -> None:
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            raise CatalogError(f"{path}: entry {index + 1}: 'name' must be a string")
        self.path = path
        self.values: dict[str, object] = entry
        self.name: str = entry["name"]
        self.used = {"name"}

    def error(self, field: str, wanted: str) -> CatalogError:
        return CatalogError(f"{self.path}: {self.name}: {field!r} must be {wanted}, got {self.values.get(field)!r:.80}")

    def get(self, field: str) -> object:
        self.used.add(field)
        return self.values.get(field)

    def number(self, field: str) -> float | None:
        value = self.get(field)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise self.error(field, "a positive number")
        return float(value)

    def integer(self, field: str, default: int | None = None) -> int:
        value = self.get(field)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.error(field, "an integer")
        return value

    def flag(self, field: str) -> bool:
        value = self.get(field)
        if value is not None and not isinstance(value, bool):
            raise self.error(field, "true or false")
        return bool(value)

    def text(self, field: str, default: str | None = None) -> str:
        value = self.get(field)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise self.error(field, "a string")
        return value

    def texts(self, field: str) -> tuple[str, ...]:
        value = self.get(field)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(field, "a list of strings")
        return tuple(value)

    def numbers(self, field: str) -> tuple[float, ...]:
        return self._numbers(field, self.get(field))

    def _numbers(self, field: str, value: object) -> tuple[float, ...]:
        items = value if isinstance(value, list) else [] if value is None else [value]
        if not all(isinstance(item, int | float) and not isinstance(item, bool) and item > 0 for item in items):
            raise self.error(field, "a positive number or a list of them")
        return tuple(items)

    def table(self, field: str) -> dict[str, object]:
        value = self.get(field)
        if value is not None and not isinstance(value, dict):
            raise self.error(field, "a mapping")
        return dict(value or {})

    def peaks(self, field: str) -> Mapping[str, tuple[float, ...]]:
        found = {}
        for key, value in self.table(field).items():
            try:
                found[canonical_precision(key)] = self._numbers(field, value)
            except ValueError as error:
                raise CatalogError(f"{self.path}: {self.name}: {field}: {error}") from error
        return MappingProxyType(found)

    def sources(self, legend: Mapping[str, str]) -> Mapping[str, str]:
        pattern = re.compile(r"\b(" + "|".join(map(re.escape, legend)) + r")\b") if legend else None
        written = self.table("source")
        if not written:
            raise self.error("source", "a mapping of figures to sources")
        return MappingProxyType(
            {field: pattern.sub(lambda match: legend[match[1]], str(text)) if pattern else str(text) for field, text in written.items()}
        )

    def finish(self) -> None:
        """Reject what nobody read: a misspelt field must not pass silently."""
        unknown = sorted(set(self.values) - self.used)
        if unknown:
            raise CatalogError(f"{self.path}: {self.name}: unknown field {unknown[0]!r}")


def _load(path: Path, section: str) -> tuple[Sequence[object], Mapping[str, str]]:
    try:
        data = read_yaml(path)
    except OSError as error:
        raise CatalogError(f"{path}: {error.strerror or error}") from error
    except NotYAMLError as error:
        raise CatalogError(f"{path}: not YAML: {error}") from error
    if not isinstance(data, dict) or not isinstance(data.get(section), list):
        raise CatalogError(f"{path}: needs a list {section!r}")
    legend = data.get("sources", {})
    if not isinstance(legend, dict) or not all(isinstance(text, str) for text in legend.values()):
        raise CatalogError(f"{path}: 'sources' must map short names to strings")
    return data[section], legend


def _accelerator(fields: _Fields, legend: Mapping[str, str]) -> Accelerator:
    link = fields.numbers("link_gb_s")
    if len(link) not in (0, 2):
        raise fields.error("link_gb_s", "[one direction, both directions]")
    reported = fields.numbers("memory_bytes")
    device = Accelerator(
        name=fields.name,
        vendor=fields.text("vendor"),
        aliases=fields.texts("aliases"),
        weak_aliases=fields.texts("weak_aliases"),
        memory_gb=fields.numbers("memory_gb"),
        memory_reported=tuple(int(value) for value in reported),
        bandwidth_gb_s=fields.numbers("bandwidth_gb_s"),
        peak_tflops=fields.peaks("peak_tflops"),
        sparse_factor=fields.number("sparse_factor"),
        sparse_tflops=fields.peaks("sparse_tflops"),
        link=fields.text("link", ""),
        link_gb_s=(link[0], link[1]) if link else None,
        link_other_gb_s=fields.numbers("link_other_gb_s"),
        tdp_w=fields.numbers("tdp_w"),
        gpus_per_node=fields.integer("gpus_per_node", 0) or None,
        unsupported=tuple(map(canonical_precision, fields.texts("unsupported"))),
        sources=fields.sources(legend),
        note=fields.text("note", ""),
    )
    if not (device.memory_gb and device.bandwidth_gb_s and device.peak_tflops):
        raise CatalogError(f"{fields.path}: {fields.name}: memory_gb, bandwidth_gb_s and peak_tflops are required")
    clash = set(device.unsupported) & set(device.peak_tflops)
    if clash:
        raise CatalogError(f"{fields.path}: {fields.name}: {min(clash)} is both unsupported and given a peak")
    return device


def _experts(fields: _Fields) -> MixtureOfExperts | None:
    if fields.get("experts") is None:
        return None
    shared = fields.integer("shared_experts", 0)
    width = fields.integer("expert_ffn")
    return MixtureOfExperts(
        experts=fields.integer("experts"),
        top_k=fields.integer("top_k"),
        expert_ffn=width,
        matrices=fields.integer("ffn_matrices", 3),
        shared_experts=shared,
        shared_ffn=fields.integer("shared_ffn", shared * width),
        shared_gate=fields.flag("shared_gate"),
        router_bias=fields.flag("router_bias"),
        expert_bias=fields.flag("expert_bias"),
        first_dense=fields.integer("first_dense", 0),
        every=fields.integer("moe_every", 1),
        offset=fields.integer("moe_offset", 0),
    )


def _latent(fields: _Fields) -> LatentAttention | None:
    if fields.get("kv_lora_rank") is None:
        return None
    return LatentAttention(
        kv_lora_rank=fields.integer("kv_lora_rank"),
        qk_nope_head_dim=fields.integer("qk_nope_head_dim"),
        qk_rope_head_dim=fields.integer("qk_rope_head_dim"),
        v_head_dim=fields.integer("v_head_dim"),
        q_lora_rank=fields.integer("q_lora_rank", 0) or None,
    )


def _architecture(fields: _Fields) -> Architecture:
    heads, hidden, latent = fields.integer("heads"), fields.integer("hidden"), _latent(fields)
    if heads < 1:
        raise fields.error("heads", "at least 1")
    head_dim = hidden // heads if latent is None else latent.qk_head_dim
    # One flag for families that have a bias everywhere, single ones for the rest.
    biased = fields.flag("biases")
    return Architecture(
        layers=fields.integer("layers"),
        hidden=hidden,
        heads=heads,
        kv_heads=fields.integer("kv_heads", heads),
        head_dim=fields.integer("head_dim", head_dim),
        ffn=fields.integer("ffn", 0),
        vocab=fields.integer("vocab"),
        ffn_matrices=fields.integer("ffn_matrices", 3),
        tied=fields.flag("tied"),
        norm=Norm(fields.text("norm", "rms")),
        norms_per_layer=fields.integer("norms_per_layer", 2),
        final_norm=not fields.flag("no_final_norm"),
        embedding_norm=fields.flag("embedding_norm"),
        positions=fields.integer("positions", 0),
        embedding_width=fields.integer("embedding_width", 0) or None,
        qkv_bias=fields.flag("qkv_bias") or biased,
        o_bias=fields.flag("o_bias") or biased,
        ffn_bias=fields.flag("ffn_bias") or biased,
        head_bias=fields.flag("head_bias"),
        qk_norm=QKNorm(fields.text("qk_norm", "none")),
        sinks=fields.flag("sinks"),
        latent=latent,
        experts=_experts(fields),
        window=fields.integer("window", 0) or None,
        windowed_layers=fields.integer("windowed_layers", 0),
    )


def _model(fields: _Fields, legend: Mapping[str, str]) -> Model:
    try:
        architecture = _architecture(fields)
    except CatalogError:
        raise
    except ValueError as error:
        raise CatalogError(f"{fields.path}: {fields.name}: {error}") from error
    model = Model(
        name=fields.name,
        aliases=fields.texts("aliases"),
        weak_aliases=fields.texts("weak_aliases"),
        architecture=architecture,
        display=fields.text("display"),
        published_total=fields.integer("total", 0) or None,
        announced_total=fields.number("announced_total"),
        announced_active=fields.number("announced_active"),
        sources=fields.sources(legend),
        note=fields.text("note", ""),
    )
    if model.published_total is not None and model.published_total != model.total_parameters:
        raise CatalogError(
            f"{fields.path}: {fields.name}: the fields give {model.total_parameters} parameters, 'total' says {model.published_total}"
        )
    return model


def _unique(path: Path, entries: Sequence[Accelerator | Model]) -> None:
    seen: set[str] = set()
    for entry in entries:
        key = normalise_name(entry.name)
        if key in seen:
            raise CatalogError(f"{path}: {entry.name}: the name occurs twice")
        seen.add(key)


def load_accelerators(path: Path) -> tuple[Accelerator, ...]:
    """Read an accelerator catalog. Raises `CatalogError` naming file, entry and field."""
    entries, legend = _load(path, "accelerators")
    devices = []
    for index, entry in enumerate(entries):
        fields = _Fields(path, entry, index)
        devices.append(_accelerator(fields, legend))
        fields.finish()
    _unique(path, devices)
    return tuple(devices)


def load_models(path: Path) -> tuple[Model, ...]:
    """Read a model catalog; a published exact total its own fields do not give is an error, as is any bad field."""
    entries, legend = _load(path, "models")
    models = []
    for index, entry in enumerate(entries):
        fields = _Fields(path, entry, index)
        models.append(_model(fields, legend))
        fields.finish()
    _unique(path, models)
    return tuple(models)
