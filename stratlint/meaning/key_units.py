"""Units at the end of keys: `memory_per_gpu_gb`, `throughput_tokens_per_s`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from stratlint.claims.units import load_lexicon
from stratlint.resources import data_folder, read_yaml

_MOST_WORDS = 4


def split_key(label: str) -> tuple[str, str]:
    """The name in a key and the unit behind it, "" where a label is no key or ends in none.

    >>> split_key("memory_per_gpu_gb"), split_key("throughput_tokens_per_s"), split_key("num_layers"), split_key("Memory (GB)")
    (('memory_per_gpu', 'GB'), ('throughput', 'tokens per s'), ('num_layers', ''), ('Memory (GB)', ''))
    """
    parts = label.split("_")
    if len(parts) < 2 or " " in label:
        return label, ""
    known = _key_units()
    for count in range(min(_MOST_WORDS, len(parts) - 1), 1, -1):
        tail = parts[-count:]
        if "per" in tail[1:-1]:
            unit = " ".join(known.get(part, part) for part in tail)
            read = load_lexicon().read(unit)
            if read and read[0].hard:
                return "_".join(parts[:-count]), unit
    unit = known.get(parts[-1], "")
    return ("_".join(parts[:-1]), unit) if unit else (label, "")


@cache
def _key_units() -> Mapping[str, str]:
    units = read_yaml(data_folder("grammar") / "lexicon" / "tables.yaml")["key_units"]
    return {str(key): str(unit) for key, unit in units.items()}
