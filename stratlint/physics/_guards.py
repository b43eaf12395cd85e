"""Argument checks shared by the formulas: a law evaluated outside its domain must say so, not return a number."""

from __future__ import annotations

import math


class OutsideDomain(ValueError, ArithmeticError):  # noqa: N818 - like ZeroDivisionError, it is about numbers, not about code
    """A formula was asked for numbers it does not hold for (no GPUs, negative bytes): there is no result."""


def require_positive(**values: float) -> None:
    """Raise ``OutsideDomain`` naming the first argument that is not a finite number above zero."""
    for name, value in values.items():
        if not (math.isfinite(value) and value > 0):
            raise OutsideDomain(f"{name} must be positive, got {value!r}")


def require_non_negative(**values: float) -> None:
    """Raise ``OutsideDomain`` naming the first argument that is negative or not finite."""
    for name, value in values.items():
        if not (math.isfinite(value) and value >= 0):
            raise OutsideDomain(f"{name} must not be negative, got {value!r}")


def require_degree(**values: int) -> None:
    """Raise ``OutsideDomain`` naming the first parallel degree or count that is not an integer of at least one."""
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise OutsideDomain(f"{name} must be an integer of at least 1, got {value!r}")
