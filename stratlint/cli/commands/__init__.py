"""One file a command."""

from __future__ import annotations

# In the order of the help. The work of `review`, `lsp` and `mcp` is in packages of their own.
COMMAND_NAMES = (
    "check",
    "claims",
    "read",
    "explain",
    "rules",
    "config",
    "schema",
    "baseline",
    "model",
    "review",
    "lsp",
    "mcp",
    "completions",
)
