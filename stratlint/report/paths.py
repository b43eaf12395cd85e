"""Paths as outputs show them: relative to the repository, with forward slashes."""

from __future__ import annotations

import os
import posixpath

from stratlint.report.escaping import uri
from stratlint.report.options import RenderOptions


def shown_path(path: str, options: RenderOptions) -> str:
    """The path for machine formats: POSIX, relative to `options.base` when it lies below it."""
    posix = path.replace("\\", "/") if os.sep == "\\" else path
    if not options.base:
        return posixpath.normpath(posix) if posix else posix
    absolute = posixpath.normpath(posixpath.join(options.directory or options.base, posix))
    base = posixpath.normpath(options.base)
    inside = base.rstrip("/") + "/"
    return absolute[len(inside) :] if absolute.startswith(inside) else absolute


def path_uri(path: str, options: RenderOptions) -> str:
    """The path as a URI: a relative reference if it can be, else `file:///…`."""
    shown = shown_path(path, options)
    return f"file://{uri(shown)}" if shown.startswith("/") else uri(shown)
