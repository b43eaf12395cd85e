"""Where the knowledge lives: `grammar/` and `rules/`, whether run from a checkout, installed editable or from a wheel."""
from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def data_folder(name: str) -> Path:
    """The folder *name* (`grammar` or `rules`).

    A wheel carries both inside the package; a checkout keeps them at the top level, where people edit them.

    Raises:
        FileNotFoundError: the installation is incomplete; the message names both places that were tried.
    """
    candidates = (_PACKAGE / "_data" / name, _PACKAGE.parent / name)
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    tried = " nor ".join(str(candidate) for candidate in candidates)
    raise FileNotFoundError(f"stratlint's `{name}` folder is neither at {tried}; reinstall stratlint")
