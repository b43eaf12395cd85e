"""Records that are built quickly are what dataclasses would have made of them."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from stratlint.records import quickly_built


@quickly_built
@dataclass(frozen=True, slots=True)
class Pair:
    one: int
    two: str = "none"
    both: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "both", f"{self.one} {self.two}")


def test_fields_defaults_and_derived_fields_are_set() -> None:
    assert (Pair(1).one, Pair(1).two, Pair(1).both) == (1, "none", "1 none")
    assert Pair(two="b", one=2) == Pair(2, "b")
    assert hash(Pair(1)) == hash(Pair(1, "none"))
    assert repr(Pair(1)) == "Pair(one=1, two='none', both='1 none')"
    assert replace(Pair(1), two="c").both == "1 c"


def test_it_stays_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Pair(1).one = 2  # type: ignore[misc]


def test_a_missing_field_is_told_as_ever() -> None:
    with pytest.raises(TypeError, match="one"):
        Pair()  # type: ignore[call-arg]


def test_what_cannot_be_built_quickly_is_refused() -> None:
    with pytest.raises(TypeError, match="factory"):

        @quickly_built
        @dataclass(frozen=True, slots=True)
        class Listed:
            items: list[int] = field(default_factory=list)

    with pytest.raises(TypeError, match="slot"):

        @quickly_built
        @dataclass(frozen=True)
        class Loose:
            one: int
