"""One file a command."""

from __future__ import annotations

# In the order of the help. The work of `review` is in a package of its own.
COMMAND_NAMES = (
    "check",
    "claims",
    "explain",
    "rules",
    "config",
    "baseline",
    "model",
    "review",
    "completions",
)
