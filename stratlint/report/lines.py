"""Lines of a text format: as they are in files and pipes, wrapped and coloured on a terminal, where rich is loaded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stratlint.report.options import RenderOptions


@dataclass(frozen=True, slots=True)
class Line:
    """What is said in one line: `lead` and `tag` stand before the text, further lines begin under the tag.

    `style`: "" (none), "title", or the severity that colours the tag; `link` is where the tag leads to.
    """

    text: str
    lead: str = ""
    tag: str = ""
    style: str = ""
    link: str = ""


def in_lines(lines: Iterable[Line], options: RenderOptions) -> str:
    """The lines, each ended."""
    if options.color or options.wrap:
        from stratlint.report.console import shown

        return shown(lines, options)
    return "".join(f"{each.lead}{each.tag}{each.text}".rstrip() + "\n" for each in lines)
