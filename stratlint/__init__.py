"""stratlint: a type checker for the numbers in engineering documents.

>>> import stratlint
>>> report = stratlint.check("Weights: 30B × 2 bytes = 80 GB")
>>> report.errors[0].computed
'60 GB'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from stratlint.config.settings import Settings
    from stratlint.report.outcome import Report

__version__ = "0.1.0"
__all__ = ["__version__", "check"]


def check(source: str | Path, settings: Settings | None = None) -> Report:
    """Check a Markdown text (`str`) or a file (`Path`) and report what contradicts.

    Nothing is raised for any content; see `stratlint.report.outcome.Report` for what comes back.
    """
    from stratlint.checking import check as run

    return run(source, settings)
