"""Text from documents and paths, made harmless for where it goes. Nothing reaches an output without one of these."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

# Everything a terminal, a log or a reader's eye could take for a command: C0 and C1 controls, line and paragraph
# separators, bidi controls, invisible format characters and tags, lone surrogates, noncharacters. U+200C/U+200D and
# the variation selectors stay: emoji and some scripts need them and they cannot move anything.
_HIDDEN = (
    "\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f"
)
_UNSAFE = re.compile(f"[{_HIDDEN}]")
# Azure Pipelines, TeamCity and the first GitHub runners look for these anywhere in a line of output.
_JSON_UNSAFE = re.compile(f"(?!\n)[{_HIDDEN}]")
_LOG_COMMAND = re.compile(r"#(?=#(?:vso|teamcity)?\[)")
_WORKFLOW_COMMAND = re.compile(r"^(\s*):(?=:)", re.MULTILINE)
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>|~$:]|(?<=www)\.|&|#\d?|@(?=\w)", re.IGNORECASE)
_XML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def printable(text: str) -> str:
    r"""One line without any hidden character: they show as `\x1b`, `\u202e`, …; tabs and line ends become spaces."""
    return _UNSAFE.sub(_visible, re.sub(r"\r\n|[\t\n\r]", " ", text))


def terminal(text: str) -> str:
    """`printable`, and nothing that a build log would obey."""
    return _LOG_COMMAND.sub(r"#\\", printable(text))


def terminal_pieces(text: str) -> list[str]:
    """`terminal` of one line character by character, for whoever has to know where each one ends up."""
    commands = {match.start() for match in _LOG_COMMAND.finditer(text)}
    return ["#\\" if place in commands else printable(character) for place, character in enumerate(text)]


def terminal_path(path: str) -> str:
    """A path that may begin a line of output: `::error::.md` becomes the same file's `./::error::.md`.

    So does one that begins with a single colon: what is put after the path may be another one.
    """
    shown = terminal(path)
    return f"./{shown}" if shown.lstrip().startswith(":") else shown


def workflow_text(text: str) -> str:
    """Lines of ordinary output in a GitHub Actions log: none is taken for a command."""
    return _WORKFLOW_COMMAND.sub(r"\1\\:", text)


def workflow_data(text: str) -> str:
    """The message of a workflow command, as `escapeData` of actions/toolkit's command.ts."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def workflow_property(text: str) -> str:
    """A property of a workflow command, as `escapeProperty` of actions/toolkit's command.ts."""
    return workflow_data(text).replace(":", "%3A").replace(",", "%2C")


def markdown(text: str) -> str:
    """Text inside a paragraph or table cell that renders as itself: no markup, HTML, link, mention or math.

    Backslashes rather than entities, so that it stays readable where Markdown is not rendered.
    """
    return _MARKDOWN.sub(_markdown_escape, printable(text))


def _markdown_escape(match: re.Match[str]) -> str:
    found = match.group()
    if found == "&":
        return "&amp;"
    # GitHub looks for mentions and issue numbers after unescaping; only something in between stops it.
    if found == "@":
        return "@&#8203;"
    return f"\\{found}" if len(found) == 1 else f"\\#&#8203;{found[1:]}"


def markdown_code(text: str) -> str:
    """Text shown as code inside a table cell. HTML rather than backticks, which cannot hold `|` or themselves."""
    return f"<code>{markdown(text)}</code>" if text else ""


def xml(text: str) -> str:
    """Text or attribute value of an XML document, without the characters that XML 1.0 forbids."""
    return "".join(_XML.get(character, character) for character in printable(text))


def uri(path: str) -> str:
    """A POSIX path as a URI reference. Colons are encoded too: one in the first segment would read as a scheme."""
    try:
        encoded = path.encode("utf-8", "surrogateescape")  # the bytes that the file name has
    except UnicodeEncodeError:
        encoded = path.encode("utf-8", "replace")
    return quote(encoded, safe="/-._~!$&'()*+;=@")


def json_text(value: Any, *, indent: int | None = None) -> str:
    """JSON that says the same to every parser and nothing to a terminal: hidden characters are `\\u` escapes.

    Outside strings JSON is printable ASCII (and the line ends of `indent`), so what is replaced stands in strings.
    """
    separators = (",", ":") if indent is None else (",", ": ")
    plain = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent, separators=separators)
    return _JSON_UNSAFE.sub(_json_escape, plain)


def _json_escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
