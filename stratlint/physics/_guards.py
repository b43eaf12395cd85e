"""Argument checks shared by the formulas: a law evaluated outside its domain must say so, not return a number."""

from __future__ import annotations

import math


def require_positive(**values: float) -> None:
    """Raise ``ValueError`` naming the first argument that is not a finite number above zero."""
    for name, value in values.items():
        if not (math.isfinite(value) and value > 0):
            raise ValueError(f"{name} must be positive, got {value!r}")


def require_non_negative(**values: float) -> None:
    """Raise ``ValueError`` naming the first argument that is negative or not finite."""
    for name, value in values.items():
        if not (math.isfinite(value) and value >= 0):
            raise ValueError(f"{name} must not be negative, got {value!r}")


def require_degree(**values: int) -> None:
    """Raise ``ValueError`` naming the first parallel degree or count that is not an integer of at least one."""
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(f"{name} must be an integer of at least 1, got {value!r}")
