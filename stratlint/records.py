"""Records that are made by the hundred thousand.

The `__init__` of a frozen dataclass asks `object.__setattr__` for every field, which is most of what an amount or a word of a page
costs. The slots themselves can be set at half the price, and nothing else changes: the class stays frozen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any, TypeVar

Record = TypeVar("Record")


def quickly_built(cls: type[Record]) -> type[Record]:
    """A frozen dataclass with slots whose `__init__` fills them directly; above `@dataclass`.

    Raises:
        TypeError: the class has no slots, or a field that is built by a factory or taken by keyword only.
    """
    names: list[str] = []
    parameters: list[str] = []
    known: dict[str, Any] = {}
    for field in fields(cls):  # type: ignore[arg-type]  # a dataclass, or `fields` raises
        if field.default_factory is not MISSING or field.kw_only:
            raise TypeError(f"{cls.__name__}.{field.name}: a factory or a keyword cannot be built quickly")
        slot = getattr(getattr(cls, field.name, None), "__set__", None)
        if slot is None:
            raise TypeError(f"{cls.__name__} has no slot for {field.name}")
        if not field.init:
            continue  # what `__post_init__` sets
        known[f"set_{field.name}"] = slot
        names.append(field.name)
        if field.default is MISSING:
            parameters.append(field.name)
        else:
            known[f"default_{field.name}"] = field.default
            parameters.append(f"{field.name}=default_{field.name}")
    lines = [f" set_{name}(self, {name})" for name in names]
    if hasattr(cls, "__post_init__"):
        lines.append(" self.__post_init__()")
    exec(f"def __init__(self, {', '.join(parameters)}):\n" + "\n".join(lines), known)  # as dataclasses does
    made: Callable[..., None] = known["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    cls.__init__ = made  # type: ignore[method-assign]
    return cls
