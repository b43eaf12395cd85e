"""Every law belongs to a family whose weight is known."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

from stratlint import laws
from stratlint.laws.families import families, family

MODULES = sorted(module.name for module in pkgutil.iter_modules(laws.__path__))


@pytest.mark.parametrize("name", MODULES)
def test_the_family_of_a_law_is_in_the_book(name: str) -> None:
    module = importlib.import_module(f"stratlint.laws.{name}")
    for family_of in (getattr(module, "FAMILY", None), getattr(module, "_FAMILY", None)):
        assert family_of is None or family(family_of).name == family_of


def test_what_weighs_nothing_is_no_family() -> None:
    assert families()
    with pytest.raises(KeyError):
        family("no-such-family")
