"""Same-length rewriting of a block's text before the grammar reads it: every character keeps its place."""

from __future__ import annotations

import itertools
import re

from stratlint.claims.units import load_lexicon
from stratlint.document import Block, BlockKind

# A fraction's numerator and denominator become `( … )` and FRACTION … `)`; see tokens.lark.
FRACTION = "\ue000"
LINE_END = "\ue001"
MAX_NESTING = 8

_LATEX_OPERATORS = {
    r"\times": "×", r"\cdot": "·", r"\div": "÷", r"\approx": "≈", r"\simeq": "≈", r"\to": "→", r"\rightarrow": "→",
    r"\Rightarrow": "→", r"\leq": "≤", r"\le": "≤", r"\geq": "≥", r"\ge": "≥", r"\lt": "<", r"\gt": ">", r"\ll": "≪", r"\gg": "≫",
    r"\mu": "μ", r"\ast": "*", r"\sim": "~", r"\pm": "±", r"\left": "", r"\right": "", r"\quad": "", r"\qquad": "",
    r"\displaystyle": "", r"\big": "", r"\Big": "", r"\bigl": "", r"\bigr": "",
}  # fmt: skip
_LATEX_COMMAND = re.compile(r"\\([A-Za-z]+|[ ,;:!%$#&_{}]|\\)")
_TEXT_COMMANDS = frozenset({"text", "mathrm", "textrm", "mathbf", "textbf", "operatorname", "mathit", "boxed", "underbrace", "mathsf"})
# LaTeX also stands outside dollar signs: in indented lists that Markdown takes for code, in `equation` environments.
_LATEX_OUTSIDE = re.compile(r"\\(?:frac|dfrac|text|times|cdot|approx|div|mathrm)(?![A-Za-z])")
# "6 060 steps": no number begins with a zero and goes on, so the blank divides groups of digits.
_SPACED_GROUP = re.compile(r"(?<=\d)(?<![\d.,]\d{3}) (?=0\d\d(?![\d.,]))")
_TEMPLATE = re.compile(r"\{%[^%]{0,200}%\}")
_LABEL_START = re.compile(r"[ \t]*(?:[-*+•]\s|\d+[.)]\s|[✅❌✓✔✗✘⚠]|[A-Z][\w &/()-]{0,40}:(?:\s|$))")
_CONTINUED = re.compile(r"[ \t]*[=≈→×÷/−]|[ \t]*[+*]\s*[\d(]")
# "… = 3" and then "+25 % headroom = 1 more": two lines with a result each, not one computation.
_CONCLUDED = re.compile(r"[=≈][^=≈×*/÷+−\n]*\d[^=≈×*/÷+−\n]*$")
_CONCLUDES = re.compile(r"[ \t]*(?:\+|=(?=[^=≈\n]*[×*/÷+−]))[^=≈\n]*\d[^=≈\n]*[=≈][^=≈\n]*\d")
_DEGREE = r"(?<![A-Za-z])(?:E?TP|PP|DP|EP|CP|SP|EDP|FSDP)\s?(?:=\s?\d{1,6}|\(\d{1,6}\))"
_BINDS = re.compile(r"[=()]")
# "32 GPUs ÷ EP=8"
_DIVIDED_BY_DEGREE = re.compile(rf"(?<=÷)\s?{_DEGREE}")
_PRODUCT_OF_DEGREES = re.compile(rf"(?i){_DEGREE}(?:\s*[×xX*·⋅]\s*{_DEGREE})+")
# A table that Markdown does not know, having no line under its header: cells of long computations with their results.
_ROW = re.compile(r"(?m)^[ \t]*\|.*\|[ \t]*$")
_FACTOR = r"\d[\d.,eE+]{0,24}(?:\s?[KMGT]i?B)?"
_COMPUTED_CELL = re.compile(
    rf"(?<![\d.,])(?P<formula>{_FACTOR}(?:\s?[×xX*·⋅]\s?{_FACTOR}){{1,12}}\s?)\|(?=\s?[~≈]?\s?\d[\d.,]{{0,24}}\s?[KMGTP]i?B\s?\|)"
)
_COLUMN_END = re.compile(r"(?<=\d)([ \t]{2,})(?=[A-Za-z])")
_COLUMN_GAP = re.compile(r"(?<=[\w)%\]])(?<![\d\s)][ \t][xX])([ \t]{2,})(?=[~≈$\d(])")


def prepare(block: Block) -> str:
    """The block's masked text with LaTeX, line ends, column gaps and unbalanced brackets made readable; same length."""
    text = _columns(block.text) if block.kind is BlockKind.CODE and block.language != "latex" else block.text
    for span in block.math:
        inner = rewrite_latex(text[span.start : span.end])
        # A formula with a relation is a clause of its own: words before the dollar sign are no operand of it.
        opening = ";" if "=" in inner and span.start else text[span.start - 1 : span.start]
        text = text[: max(span.start - 1, 0)] + opening + inner + text[span.end :]
    if _SPACED_GROUP.search(text):
        text = _SPACED_GROUP.sub("\u202f", text)
    if "{%" in text:
        text = _TEMPLATE.sub(lambda match: LINE_END + " " * (len(match[0]) - 1), text)
    if "\\" in text and _LATEX_OUTSIDE.search(text):
        text = rewrite_latex(text).replace("$", " ")
    if block.kind is BlockKind.PARAGRAPH and block.cell is None and "|" in text:
        text = _ROW.sub(_computed_row, text)
    # In "DP=16 × TP=8 = 128" the first signs bind names, only the last one states a result; "DP(16) × TP(8)" says the same.
    for degrees in (_PRODUCT_OF_DEGREES, _DIVIDED_BY_DEGREE):
        text = degrees.sub(lambda match: _BINDS.sub(" ", match[0]), text)
    if block.kind in (BlockKind.CODE, BlockKind.FRONT_MATTER):
        text = _line_ends(text, _ends_code_line)
    else:
        text = _line_ends(text, _ends_prose_line(block))
    return balance(text)


def _computed_row(row: re.Match[str]) -> str:
    """`| Checkpoints | 2 * 80 * 3 | 480 GB |` with a sign between computation and result, and its other bars as commas."""
    text = _COMPUTED_CELL.sub(lambda match: match["formula"] + "=", row[0])
    return row[0] if text == row[0] else text.replace("|", ";")


def rewrite_latex(text: str) -> str:
    r"""LaTeX operators as characters, `\frac{a}{b}` as `(a)FRACTION b)`, text commands opened up; same length."""
    if "\\" not in text and "{" not in text:
        return text
    out = list(text)
    closers: list[tuple[str, str]] = []
    position = 0
    fraction_next = ""
    function_next = False
    while position < len(text):
        character = text[position]
        if character == "\\":
            match = _LATEX_COMMAND.match(text, position)
            if match is None:
                position += 1
                continue
            name = match[1]
            command = text[position : match.end()]
            for index in range(position, match.end()):
                out[index] = " "
            if command == r"\mu" and text[match.end() : match.end() + 2].strip() in ("s", "s}"):
                at = match.end() if text[match.end()] == " " else match.end() - 1
                out[at] = "μ"
                position = at + 1
                continue
            if command in _LATEX_OPERATORS:
                out[match.end() - 1] = _LATEX_OPERATORS[command] or " "
            elif name in ("%", "$"):
                out[match.end() - 1] = name
            elif name in ("frac", "dfrac", "tfrac"):
                fraction_next = "numerator"
            elif name == "\\":
                out[match.end() - 1] = LINE_END
            elif name in ("sqrt", "log", "exp", "ln", "max", "min", "sum", "prod"):
                out[match.end() - len(name) : match.end()] = list(name)
                function_next = True
            elif name not in _TEXT_COMMANDS and name.isalpha():
                out[position : match.end()] = list(command[1:] + " ")
            position = match.end()
            continue
        if character == "{":
            if text.startswith("{,}", position):
                position += 3
                continue
            previous = out[position - 1] if position else ""
            if fraction_next:
                closers.append((")", fraction_next))
                out[position] = "(" if fraction_next == "numerator" else FRACTION
                fraction_next = ""
            elif function_next:
                closers.append((")", ""))
                out[position] = "("
                function_next = False
            elif previous and previous in "^_":
                closers.append(("}", "keep"))
            else:
                closers.append((" ", ""))
                out[position] = " "
        elif character == "}" and closers:
            closer, kind = closers.pop()
            out[position] = closer
            if kind == "numerator":
                fraction_next = "denominator"
        elif not character.isspace():
            fraction_next = ""
        position += 1
    return "".join(out)


_OPENED_BY = {")": "(", "]": "[", "}": "{", "）": "（", "】": "【"}
_BRACKET = re.compile(rf"[()\[\]{{}}（）【】{FRACTION}]")


def balance(text: str) -> str:
    """Unmatched and too deep brackets blanked, so that the grammar always sees balanced ones; linear."""
    pairs = _OPENED_BY
    stack: list[tuple[str, int]] = []
    blanks: list[int] = []
    for found in _BRACKET.finditer(text):
        character, position = found[0], found.start()
        if character not in pairs:
            if len(stack) >= MAX_NESTING:
                blanks.append(position)
                continue
            stack.append(("(" if character == FRACTION else character, position))
        elif stack and stack[-1][0] == pairs[character]:
            stack.pop()
        else:
            blanks.append(position)
    blanks += [position for _, position in stack]
    if not blanks:
        return text
    out = list(text)
    for position in blanks:
        out[position] = " "
    return "".join(out)


def _columns(text: str) -> str:
    """In aligned text a gap of two blanks after a label stands for a colon, after a number for a comma."""
    text = _COLUMN_GAP.sub(lambda match: ":" + match[1][1:], text)
    return _COLUMN_END.sub(lambda match: match[1] if _ends_in_unit(text, match.end()) else "," + match[1][1:], text)


def _ends_in_unit(text: str, at: int) -> bool:
    """Whether nothing but a unit or a magnitude stands in a line from *at* on: `= 1014.7  B`, whose units are aligned, too."""
    end = text.find("\n", at)
    word, *rest = text[at : end if end >= 0 else len(text)].split(None, 1)
    known = load_lexicon()
    return (word in known.magnitudes or bool(known.read(word))) and (not rest or rest[0].startswith("#"))


def _line_ends(text: str, ends: object) -> str:
    assert callable(ends)
    if "\n" not in text:
        return text
    lines = text.split("\n")
    out = [lines[0]]
    for before, line in itertools.pairwise(lines):
        out.append(LINE_END if ends(before, line) else " ")
        out.append(line)
    return "".join(out)


def _ends_code_line(before: str, line: str) -> bool:
    return not _CONTINUED.match(line) or bool(_CONCLUDED.search(before) and _CONCLUDES.match(line))


def _ends_prose_line(block: Block) -> object:
    strong_starts = {span.start for span in block.strong}
    marks: set[str] = set()
    position = 0
    for line in block.content.split("\n"):
        lead = len(line) - len(line.lstrip(" *_"))
        if any(position <= start <= position + lead + 2 for start in strong_starts) or _LABEL_START.match(line):
            marks.add(block.text[position : position + len(line)])
        position += len(line) + 1

    def ends(before: str, line: str) -> bool:
        return before.endswith(("  ", "\\")) or (line in marks and not before.rstrip().endswith((",", "=", "×", "+", "and")))

    return ends
