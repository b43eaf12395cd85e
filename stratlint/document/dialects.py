"""Markdown with more in it: MDX, and the one of Quarto and R Markdown. What is markup or program there is blanked, at its length.

The dialect is that of the file's suffix. Text keeps every offset, so that all places stay right; the code in fences stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePath

from stratlint.document.html import blank

MDX = "mdx"
_FENCE = re.compile(r"(?P<indent>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?P<mark>`{3,}|~{3,})(?P<info>[^\n]*)")
_CODE = re.compile(r"`+")
_LINE = re.compile(r"[^\n]*\n?")

# MDX
_MODULE = re.compile(r"(?:import|export)\b(?=[ \t{*\"'])")
_TAG = re.compile(r"<(?:/?(?:[A-Z][\w.:-]*|[a-z][\w-]*(?:[.:][\w.-]+)?)?)(?=[\s/>])|</?>|</?[A-Z][\w.:-]*")
_COMMENT = re.compile(r"\{/\*(?P<blank>\s)(?P<body>.*?)\*/\}", re.DOTALL)
_OF_CODE = re.compile(r"[{}\"'`]|//|/\*")
_ENDS = re.compile(r"[{}<>\"'`]")
# An expression or a tag that goes on for longer is none, or nobody's to read; a page with more of those is no MDX.
_LONGEST = 20_000
_MOST_UNCLOSED = 20

# Quarto, R Markdown
_DIVISION = re.compile(r"[ \t>]*:{3,}(?:[ \t]*(?:\{[^\n]*\}|[\w.-]+)[ \t]*)?:*[ \t]*")
_OPTION = re.compile(r"[ \t>]*(?:#|//|--|%%)\|[^\n]*")
_INSIDE = re.compile(
    r"\{\{[<%][^{}\n]{0,500}+\}\}"  # a shortcode
    r"|`(?:r|\{[\w.-]+\})[ \t][^`\n]*`"  # a computation whose result is not here yet
    r"|\{(?:[#.][\w-]|-|[\w-]{1,80}+[ \t]*=)[^{}\n]{0,500}+\}"  # attributes
    r"|\[[^\[\]\n@]{0,200}+@\w[^\[\]\n]{0,300}+\]|(?<![\w.])-?@[A-Za-z_][\w:.-]*+"  # a citation, a reference
)


def readable(text: str, path: str) -> str:
    """*text* with LF line ends as a Markdown document of its suffix: as long as it is, without what is no Markdown in its dialect."""
    blanked = _DIALECTS.get(PurePath(path).suffix.lower())
    return text if blanked is None else blanked(text)


def has_indented_code(path: str) -> bool:
    """Whether four blanks make a line code: not in MDX, where they only say how deep an element stands."""
    return PurePath(path).suffix.lower() != f".{MDX}"


def _mdx(text: str) -> str:
    """Modules, expressions and the tags of components are blank; what stands between tags is text. `{/* … */}` is a comment."""
    out: list[str] = []
    done = 0
    for start, end in _spans_of_mdx(text):
        if start < done:
            continue
        out += (text[done:start], _replaced(text[start:end]))
        done = end
    return "".join((*out, text[done:]))


def _replaced(span: str) -> str:
    comment = _COMMENT.fullmatch(span)
    # One character shorter at its start, and as long at its end: HTML's comment, which everything else knows.
    if comment is not None and "--" not in comment["body"]:
        return f"<!--{comment['body']}-->"
    return blank(span)


@dataclass(slots=True)
class _Unclosed:
    """Braces and tags that nothing closed so far: looking for the end of each would take as long as there are many."""

    count: int = 0

    def end(self, text: str, start: int, after: Callable[[str, int], int]) -> int:
        """Where *after* says that what begins at *start* ends; 0 for nowhere, or when it is nothing of ours."""
        if self.count >= _MOST_UNCLOSED:
            return 0
        found = after(text, start)
        self.count += found < 0
        return max(found, 0)


def _spans_of_mdx(text: str) -> Iterator[tuple[int, int]]:
    """Ranges to be blanked; fences and spans of code hold none."""
    position = _front_matter(text)
    unclosed = _Unclosed()
    alone = True  # whether the line before is blank, or there is none
    while position < len(text):
        line = _LINE.match(text, position)
        assert line is not None
        fence = _FENCE.match(line[0])
        if fence is not None:
            position = _after_fence(text, line.end(), fence)
            alone = True
            continue
        if alone and _MODULE.match(line[0]):
            end = _after_module(text, position)
            yield position, end
            position = end
            continue
        alone = not line[0].strip()
        end = line.end()
        while position < end:
            reach = end
            for span in _inside_line(text, position, end, unclosed):
                yield span
                reach = max(reach, span[1])
            position = reach
            if reach > end:  # a tag or an expression over several lines, and the rest of its last one
                end = text.find("\n", reach) + 1 or len(text)


def _inside_line(text: str, start: int, end: int, unclosed: _Unclosed) -> Iterator[tuple[int, int]]:
    """Tags and expressions that begin between *start* and *end*; they may end below."""
    position = start
    while position < end:
        character = text[position]
        if character == "\\":
            position += 2
        elif character == "`":
            position = _after_code(text, position)
        elif (ends := _SPANS.get(character)) is not None and (after := unclosed.end(text, position, ends)):
            yield position, after
            position = after
        else:
            position += 1


def _after_code(text: str, start: int) -> int:
    """After a span of code, or after its backticks when nothing closes it in this paragraph."""
    run = _CODE.match(text, start)
    assert run is not None
    limit = min(len(text), start + _LONGEST)
    stop = text.find("\n\n", run.end(), limit)
    for other in _CODE.finditer(text, run.end(), stop if stop >= 0 else limit):
        if len(other[0]) == len(run[0]):
            return other.end()
    return run.end()


def _after_expression(text: str, start: int) -> int:
    """After the brace that closes the one at *start*; -1 when none does."""
    depth = 0
    position = start
    limit = min(len(text), start + _LONGEST)
    while found := _OF_CODE.search(text, position, limit):
        token = found[0]
        position = found.end()
        if token == "{":
            depth += 1
        elif token == "}":
            depth -= 1
            if not depth:
                return position
        elif token == "/*":
            close = text.find("*/", position, limit)
            position = close + 2 if close >= 0 else position
        elif token == "//":
            close = text.find("\n", position, limit)
            position = close if close >= 0 else limit
        else:
            close = _after_string(text, found.start(), limit)
            position = close or position
    return -1


def _after_string(text: str, start: int, limit: int) -> int:
    quote = text[start]
    position = start + 1
    while position < limit:
        if text[position] == "\\":
            position += 2
        elif text[position] == quote:
            return position + 1
        elif text[position] == "\n" and quote != "`":
            return 0
        else:
            position += 1
    return 0


def _after_tag(text: str, start: int) -> int:
    """After the tag of a component, or of an element with an expression in it, that begins at *start*.

    0 for any other (HTML's own tags are read as in any Markdown), -1 for one that nothing closes.
    """
    head = _TAG.match(text, start)
    if head is None:
        return 0
    component = not head[0].strip("</>") or not head[0].lstrip("</")[0].islower() or "." in head[0]
    expressions = False
    position = head.end()
    if head[0].endswith(">"):
        return position
    limit = min(len(text), start + _LONGEST)
    while found := _ENDS.search(text, position, limit):
        token = found[0]
        if token == ">":
            return found.end() if component or expressions else 0
        if token == "{":
            position = _after_expression(text, found.start())
            expressions = True
        elif token in "\"'":
            close = text.find(token, found.end(), limit)
            position = close + 1 if close >= 0 else -1
        else:
            return 0
        if position < 0:
            return -1
    return -1


_SPANS: Mapping[str, Callable[[str, int], int]] = {"{": _after_expression, "<": _after_tag}


def _after_module(text: str, start: int) -> int:
    """After an import or export: the end of its line, or of the lines that its brackets go on for."""
    position = start
    depth = 0
    while position < len(text):
        line = _LINE.match(text, position)
        assert line is not None
        if not line[0].strip() and depth <= 0:
            return position
        depth += sum(map(line[0].count, "{([")) - sum(map(line[0].count, "})]"))
        position = line.end()
        if position - start > _LONGEST:
            return position
    return position


def _front_matter(text: str) -> int:
    """Where the text begins below its front matter, which is read as everywhere."""
    if not text.startswith("---\n"):
        return 0
    close = re.compile(r"^---[ \t]*$", re.MULTILINE).search(text, 4)
    return close.end() if close is not None else 0


def _after_fence(text: str, position: int, fence: re.Match[str]) -> int:
    """After the line that closes a fence, or the end of the text."""
    mark = fence["mark"]
    close = re.compile(rf"^[ \t>]*{re.escape(mark[0])}{{{len(mark)},}}[ \t]*(?:\n|\Z)", re.MULTILINE).search(text, position)
    return close.end() if close is not None else len(text)


def _quarto(text: str) -> str:
    """The marks of divisions, shortcodes, attributes, citations, computed spans and the options of chunks are blank."""
    return "".join(chain.from_iterable(_lines_of_quarto(text)))


def _lines_of_quarto(text: str) -> Iterator[tuple[str, ...]]:
    position = _front_matter(text)
    yield (text[:position],)
    while position < len(text):
        line = _LINE.match(text, position)
        assert line is not None
        fence = _FENCE.match(line[0])
        if fence is not None:
            end = _after_fence(text, line.end(), fence)
            yield line[0], _without_options(text[line.end() : end]) if "{" in fence["info"] else text[line.end() : end]
            position = end
            continue
        body = line[0].removesuffix("\n")
        whole = _DIVISION.fullmatch(body)
        yield (blank(body) if whole else _without_markup(body)), line[0][len(body) :]
        position = line.end()


def _without_options(chunk: str) -> str:
    """A chunk of a program without the lines that say how to run and to show it."""
    return "".join(blank(line) if _OPTION.match(line) else line for line in chunk.splitlines(keepends=True))


def _without_markup(line: str) -> str:
    if not any(mark in line for mark in "{@`"):
        return line
    return _INSIDE.sub(lambda found: blank(found[0]), line)


_DIALECTS: Mapping[str, Callable[[str], str]] = {f".{MDX}": _mdx, ".qmd": _quarto, ".rmd": _quarto}
