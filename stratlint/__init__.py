"""stratlint: a type checker for the numbers in engineering documents.

>>> import stratlint
>>> report = stratlint.check_text("Weights: 30B × 2 bytes = 80 GB")
>>> report.errors[0].computed
'60 GB'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from stratlint.config.settings import Settings
    from stratlint.report.outcome import Report
    from stratlint.rules.finding import Finding, Severity

__version__ = "0.1.0"
__all__ = ["Finding", "Report", "Settings", "Severity", "__version__", "check", "check_text"]

# Loaded when they are asked for: importing stratlint loads nothing else of it.
_EXPORTED = {
    "Finding": "stratlint.rules.finding",
    "Report": "stratlint.report.outcome",
    "Settings": "stratlint.config.settings",
    "Severity": "stratlint.rules.finding",
}


def check(path: Path, settings: Settings | None = None) -> Report:
    """Check the file at *path* and report what contradicts, under *settings* (default: those of `Settings()`).

    A file that cannot be read becomes a report with one document whose `error` says why; no content raises.

    Raises:
        TypeError: *path* is a string. It could be a name or a text: `check(Path(name))`, or `check_text(text)`.
    """
    from stratlint.checking import check_file

    return check_file(path, settings)


def check_text(text: str, settings: Settings | None = None) -> Report:
    """Check a Markdown *text*; its one document is called "-". No content raises.

    Raises:
        TypeError: *text* is no string.
        ValueError: *text* is the name of a file that exists, which `check(Path(name))` reads.
    """
    from stratlint.checking import check_text as run

    return run(text, settings)


def __getattr__(name: str) -> Any:
    """The exported classes, each loaded on first use."""
    from importlib import import_module

    if name not in _EXPORTED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_EXPORTED[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
