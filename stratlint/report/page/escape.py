"""The only way text gets onto the page: escaped, with every invisible character that could mislead made visible."""

from __future__ import annotations

import re

# C0 and C1 controls (NUL and the ESC of terminal sequences among them), what reorders or hides text (Trojan Source,
# zero-width, tags), lone surrogates, which no UTF-8 file can hold, non-characters. Joiners stay: emoji need them.
_MISLEADING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f]"
)
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


def visible(character: str) -> str:
    """A printable stand-in that every font has: `U+202E`."""
    return f"U+{ord(character):04X}"


def attribute(value: str) -> str:
    """*value* for a double-quoted attribute, or any place where no element can stand."""
    return _MISLEADING.sub(lambda match: visible(match[0]), value).translate(_MARKUP)


def text(value: str) -> str:
    """*value* as element content; misleading characters become small boxes that say what stood there."""
    escaped = value.translate(_MARKUP)
    if _MISLEADING.search(escaped) is None:
        return escaped
    return _MISLEADING.sub(lambda match: f'<i class="cc">{visible(match[0])}</i>', escaped)


def plural(count: int, noun: str) -> str:
    """`1 number`, `2 numbers`, thousands set off."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
