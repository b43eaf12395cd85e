"""Text for people: colours that are readable on dark and on light, and lines wrapped at words, both by rich.

Markup, highlighting and emoji are off and everything is a `Text`, so that nothing in a document can colour, move or hide anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from io import StringIO

from rich.console import Console
from rich.style import Style
from rich.text import Text

from stratlint.report.lines import Line
from stratlint.report.options import RenderOptions

LEAST_WIDTH = 40
# Of the 216 colours that no theme changes, those in the middle between black and white: four to one against either.
RED, ORANGE, GREEN, CYAN, BLUE, GREY = (f"color({number})" for number in (196, 130, 28, 30, 63, 243))
SEVERITY = {"error": f"bold {RED}", "warning": f"bold {ORANGE}", "info": f"bold {CYAN}"}
# A number and its unit stay in one line; the sign in between is of no font and is none of a document's (`printable` keeps those out).
_BOUND = "\ufdd0"
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:%|[A-Za-zµ]{1,6})(?![A-Za-z]))")
# rich numbers its hyperlinks at random; terminals need no id for links of one line, and output must not vary.
_LINK_ID = re.compile(r"\x1b\]8;id=[^;\x1b]*;")


def console(options: RenderOptions) -> Console:
    """A console that writes into memory; `written` has what was printed to it."""
    return Console(
        file=StringIO(),
        force_terminal=options.color,
        color_system="256" if options.color else None,
        no_color=not options.color,
        force_jupyter=False,
        legacy_windows=False,
        width=max(options.width, LEAST_WIDTH),
        height=25,
        markup=False,
        highlight=False,
        emoji=False,
    )


def written(to: Console) -> str:
    """What was printed to a `console`."""
    assert isinstance(to.file, StringIO)
    return _LINK_ID.sub("\x1b]8;;", to.file.getvalue())


def shown(lines: Iterable[Line], options: RenderOptions) -> str:
    """The lines in colour and in the width of the terminal, as far as *options* want that; each ended."""
    to = console(options)
    for line in lines:
        if line.style == "title":
            to.print(Text(line.text, "bold"), soft_wrap=True)  # a path: whole, to be copied
            continue
        for part in wrapped(tagged(line), options.wrap_width, line.lead):
            to.print(part, soft_wrap=True)
    return written(to)


def tagged(line: Line) -> Text:
    """Tag and text, the tag in the colour of its severity and leading to its page."""
    style = Style.parse(SEVERITY.get(line.style, ""))
    tag = line.tag.rstrip()
    return Text.assemble((tag, style + Style(link=line.link) if line.link else style), line.tag[len(tag) :], line.text)


def wrapped(text: Text, width: int, start: Text | str = "", hang: int = 0) -> Iterator[Text]:
    """*start* and *text* in lines of at most *width* cells; further lines begin under the first, *hang* cells further in.

    Words that are longer than a line are broken. A width of 0 wraps nothing.
    """
    lead = Text(start) if isinstance(start, str) else start
    if not width:
        yield lead + text
        return
    room = max(width - lead.cell_len - hang, 8)
    bound = text.copy()
    bound.plain = _BEFORE_UNIT.sub(_BOUND, text.plain)
    for at, line in enumerate(bound.wrap(console(RenderOptions(width=width)), room, overflow="fold")):
        line.plain = line.plain.replace(_BOUND, " ")
        line.rstrip()
        yield (lead if not at else Text(" " * (lead.cell_len + hang))) + line
