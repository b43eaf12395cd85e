"""Exit codes, and the one exception that means "this command line cannot be carried out"."""

from __future__ import annotations

CLEAN = 0
FINDINGS = 1
ERROR = 2
INTERRUPTED = 130
BROKEN_PIPE = 141


class Usage(Exception):  # noqa: N818 - it is what the user did, not what went wrong here
    """Bad usage or an input that cannot be used; the text is for the user."""
