"""URIs of documents as paths and back. A name that no path can have, and what is in no file system, has no path."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname


def path_of(uri: str) -> Path | None:
    """The absolute path of a `file:` URI, byte for byte; None for an untitled document, another scheme or an impossible name."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme != "file" or not parts.path.startswith("/"):
        return None
    host = f"//{parts.netloc}" if parts.netloc not in ("", "localhost") else ""
    # `url2pathname` decodes as UTF-8 and loses every other byte, but it alone knows the drives of Windows.
    name = url2pathname(host + parts.path) if os.name == "nt" else host + unquote(parts.path, errors="surrogateescape")
    path = Path(name)
    return path if "\0" not in name and path.is_absolute() else None


def uri_of(path: str | Path) -> str:
    """The `file:` URI of a path; a relative one starts in the working directory."""
    return Path(path).absolute().as_uri()
