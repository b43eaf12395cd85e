"""Published figures of the devices and models that a page names, as amounts that a reading may use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from stratlint.claims.amount import Amount, AmountReading
from stratlint.claims.interval import exactly
from stratlint.claims.units import Dimensions, unit
from stratlint.meaning.sheet_words import another_thing
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

_LIKE = 1e-9
_TERA = 1e12
# Of 64 GiB in GB nobody wants to read ten.
_MOST_DECIMALS = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a catalog entry: `field` of `name`, in base units. Figures of one `group` are all in honest use for one name."""

    name: str
    field: str
    group: str
    value: float
    dimensions: Dimensions

    def is_amount(self, amount: Amount) -> bool:
        """Whether an amount is the figure to its printed digits."""
        slack = _LIKE * abs(self.value)
        low, high = self.value - slack, self.value + slack
        return any(each.interval.low <= high and each.interval.high >= low and each.hard == self.dimensions for each in amount.readings)

    def as_amount(self, like: Amount) -> Amount:
        """The figure as an exact amount, printed in the unit of *like*."""
        factor = next((each.factor for each in like.readings if each.hard == self.dimensions), like.first.factor)
        digits = self.value / factor
        shown = f"{digits:,.10g}"
        if len(shown.partition(".")[2]) > _MOST_DECIMALS:
            shown = f"{digits:,.{_MOST_DECIMALS}f}".rstrip("0").rstrip(".")
        text = f"{shown} {like.unit_text}".strip()
        reading = AmountReading("", exactly(self.value), self.value, factor, self.dimensions)
        return Amount(text, exactly(digits), digits, 0.0, like.unit_text, (reading,), True, False, False, False, False)


class Published:
    """The figures of all devices and models that a text names."""

    def __init__(self, text: str) -> None:
        self._figures: dict[str, list[Figure]] = {}
        for name, entries in _named(text):
            for entry in entries:
                for figure in _figures(name, entry):
                    self._figures.setdefault(figure.group, []).append(figure)

    def groups_with(self, amount: Amount) -> Iterator[tuple[Figure, ...]]:
        """The groups of figures of which one is *amount* to its printed digits, that one first."""
        for group in self._figures.values():
            fitting = [each for each in group if each.is_amount(amount)]
            if fitting:
                yield (*fitting, *(each for each in group if each not in fitting))


Fields = Mapping[str, tuple[Figure, ...]]


@lru_cache(maxsize=64)
def figures_of(text: str) -> tuple[dict[str, Fields], dict[str, Fields]]:
    """The figures of each device, and of each model, that a text names: by its name and by field."""
    found: tuple[dict[str, Fields], ...] = tuple(
        {name: _by_field(name, entries) for name, entries in _named_in(text, finder, known)} for finder, known in _catalog()
    )
    return found[0], found[1]


def device_of(text: str) -> tuple[str, Fields] | None:
    """The one device that a text names, with the figures of all its builds that fit every name; None for none.

    Its name is "" where several devices are named, or something derived from one or compared with it.
    """
    finder, known = _catalog()[0]
    builds: dict[str, Accelerator] = {}
    longest = ""
    for start, end in finder.find(text):
        name = normalise_name(text[start:end])
        entries = known.get(name) or known.get(name.removesuffix("s")) or ()
        if not entries:
            continue
        if another_thing(text[:start], text[end:]):
            return "", {}
        same = {entry.name: entry for entry in entries if not builds or entry.name in builds}
        if not same:
            return "", {}
        builds, longest = same, max(longest, name, key=len)
    if not builds:
        return None
    fields = _by_field(longest, builds.values())
    if any(word in build.link for build in builds.values() for word in _NOT_BUILT_IN):
        fields = {field: figures for field, figures in fields.items() if field != "interconnect"}
    return longest, fields


# Links that a card may have beside its bus, or not: no label says which is meant.
_NOT_BUILT_IN = ("PCIe", "bridge")


def figures_alike(amount: Amount, field: str, own: Fields) -> Iterator[Figure]:
    """Whose figure an amount is to its printed digits: another field's of the *own* device in the same unit, or that field's of another
    device; of memory, which comes in all sizes, one of its vendor."""
    for name, found in own.items():
        if name != field:
            yield from (figure for figure in found if figure.is_amount(amount))
    vendors = {_vendors()[figure.name] for figure in own.get(field, ())}
    for figure in _of_all_devices().get(field, ()):
        if (field != "memory" or _vendors()[figure.name] in vendors) and figure.is_amount(amount):
            yield figure


@cache
def _vendors() -> Mapping[str, str]:
    return {entry.name: entry.vendor for entries in _catalog()[0][1].values() for entry in entries}


def has_all(name: str, stated: Iterable[tuple[Amount, str]]) -> bool:
    """Whether the device called *name* in the catalog has all amounts that are stated of its fields."""
    own = _of_all_devices()
    return all(any(figure.name == name and figure.is_amount(amount) for figure in own.get(field, ())) for amount, field in stated)


@cache
def _of_all_devices() -> Mapping[str, tuple[Figure, ...]]:
    """Every figure of the devices of the catalog, by field."""
    found: dict[str, list[Figure]] = {}
    for entries in _catalog()[0][1].values():
        for entry in entries:
            for figure in _figures(entry.name, entry):
                found.setdefault(figure.field, []).append(figure)
    return {field: tuple(dict.fromkeys(figures)) for field, figures in found.items()}


def _by_field(name: str, entries: Iterable[Accelerator | Model]) -> Fields:
    fields: dict[str, tuple[Figure, ...]] = {}
    for entry in entries:
        for figure in _figures(name, entry):
            fields[figure.field] = (*fields.get(figure.field, ()), figure)
    return fields


@cache
def _catalog() -> tuple[tuple[NameFinder, dict[str, tuple[Accelerator, ...]]], tuple[NameFinder, dict[str, tuple[Model, ...]]]]:
    folder = data_folder("rules") / "catalog"
    devices, models = load_accelerators(folder / "accelerators.yaml"), load_models(folder / "models.yaml")
    return (name_finder(devices, weak=True), dict(lookup(devices))), (name_finder(models, weak=True), dict(lookup(models)))


def _named(text: str) -> Iterator[tuple[str, tuple[Accelerator | Model, ...]]]:
    for finder, entries in _catalog():
        yield from _named_in(text, finder, entries)


def _named_in(
    text: str, finder: NameFinder, entries: Mapping[str, tuple[Accelerator, ...]] | Mapping[str, tuple[Model, ...]]
) -> Iterator[tuple[str, tuple[Accelerator | Model, ...]]]:
    names = dict.fromkeys(normalise_name(text[start:end]) for start, end in finder.find(text))
    for name in names:
        found = entries.get(name) or entries.get(name.removesuffix("s")) or ()
        if found:
            yield name, found


def _figures(name: str, entry: Accelerator | Model) -> Iterator[Figure]:
    fields = _of_device(entry) if isinstance(entry, Accelerator) else _of_model(entry)
    for field, values, base in fields:
        measured = unit(base) if base else None
        for value in values:
            scaled = value * (measured.factor if measured else 1.0)
            yield Figure(entry.name, field, f"{name}: {field}", scaled, measured.hard if measured else ())


def _of_device(device: Accelerator) -> Iterator[tuple[str, Iterable[float], str]]:
    yield "memory", device.memory_bytes(), "byte"
    yield "memory bandwidth", device.bandwidth_gb_s, "gigabyte/second"
    for precision, peaks in device.peak_tflops.items():
        yield f"dense {precision} peak", peaks, "teraflop/second"
        yield f"sparse {precision} peak", [peak / _TERA for peak in device.sparse_peaks(precision)], "teraflop/second"
    yield "interconnect", (*(device.link_gb_s or ()), *device.link_other_gb_s), "gigabyte/second"
    yield "power", device.tdp_w, "watt"
    if device.gpus_per_node:
        yield "devices of a node", (float(device.gpus_per_node),), ""


def _of_model(model: Model) -> Iterator[tuple[str, Iterable[float], str]]:
    shape = model.architecture
    single: dict[str, float | None] = {
        "layers": shape.layers, "hidden size": shape.hidden, "heads": shape.heads, "KV heads": shape.kv_heads,
        "head size": shape.head_dim, "FFN size": shape.ffn, "vocabulary": shape.vocab, "window": shape.window,
    }  # fmt: skip
    if shape.latent is not None:
        latent = shape.latent
        single |= {
            "latent width": latent.kv_lora_rank, "query latent width": latent.q_lora_rank, "rotary head size": latent.qk_rope_head_dim,
            "head size without rotation": latent.qk_nope_head_dim, "value head size": latent.v_head_dim,
        }  # fmt: skip
    if shape.experts is not None:
        experts = shape.experts
        single |= {
            "experts": experts.experts, "experts per token": experts.top_k, "expert FFN size": experts.expert_ffn,
            "shared experts": experts.shared_experts, "dense layers": experts.first_dense,
            "MoE layers": (shape.layers - experts.first_dense) // experts.every,
        }  # fmt: skip
    for field, value in single.items():
        if value:
            yield field, (float(value),), ""
    totals = (model.published_total, model.announced_total, model.total_parameters)
    yield "parameters", [float(total) for total in totals if total], ""
    active = model.active_parameters
    announced = (model.announced_active,) if model.announced_active else ()
    yield "active parameters", [*map(float, active.readings), *announced], ""
