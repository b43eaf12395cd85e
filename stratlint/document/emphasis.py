"""Which asterisks, underscores and tildes are markup: CommonMark's delimiter algorithm, with room for arithmetic.

CommonMark reads ``1024*2048*2`` as emphasis. Engineers write it as a product, so a run of asterisks between two
operands is an operator unless the other end of the emphasis can be nothing but markup (``**64**GB`` is bold).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from stratlint.document.blocks import Span

_AFTER_OPERAND = frozenset(")]}%")
_BEFORE_OPERAND = frozenset("([{~-+$√.")
_CJK = 0x2E80  # wide punctuation behaves like letters, or **强调：**文字 would not be strong


@dataclass(slots=True)
class Run:
    """A run of ``length`` equal delimiters from ``start`` on, of which ``used`` are matched so far on either side."""

    start: int
    length: int
    character: str
    opens: bool
    closes: bool
    operand: bool
    """Between two operands, so perhaps an operator."""
    left: int = 0
    """How many characters at the left end are matched (as a closing run)."""
    right: int = 0
    """How many characters at the right end are matched (as an opening run)."""

    @property
    def free(self) -> int:
        """Delimiters not matched yet."""
        return self.length - self.left - self.right


@dataclass(slots=True)
class Emphasis:
    """Delimiters to blank, and the inner ranges of what they enclose."""

    markup: list[Span] = field(default_factory=list)
    strong: list[Span] = field(default_factory=list)
    struck: list[Span] = field(default_factory=list)


def delimiter_run(content: str, start: int, end: int) -> Run:
    """Classify the run ``content[start:end]`` by its neighbours (CommonMark's left- and right-flanking)."""
    character = content[start]
    before = content[start - 1] if start else " "
    after = content[end] if end < len(content) else " "
    space_before, space_after = before.isspace(), after.isspace()
    mark_before, mark_after = _is_punctuation(before), _is_punctuation(after)
    left = not space_after and (not mark_after or space_before or mark_before)
    right = not space_before and (not mark_before or space_after or mark_after)
    if character == "_":
        opens, closes = left and (not right or mark_before), right and (not left or mark_after)
        return Run(start, end - start, character, opens, closes, operand=False)
    operand = character == "*" and _is_operand(before) and _is_operand(after, before=True)
    if operand and before.isdigit() and after.isdigit():
        left = right = False
    return Run(start, end - start, character, left, right, operand)


def resolve(content: str, runs: list[Run]) -> Emphasis:
    """Match the runs in linear time; asterisks that stay unmatched are markup too unless they can be operators."""
    found = Emphasis()
    openers: list[Run] = []
    bottoms: dict[tuple[str, int, bool, bool], int] = {}
    for run in runs:
        if run.closes:
            _close(run, openers, bottoms, found)
        if run.opens and run.free:
            openers.append(run)
    for run in runs:
        if run.character == "*" and run.free and not _may_be_operator(content, run):
            found.markup.append(Span(run.start + run.left, run.start + run.length - run.right))
    found.strong.sort(key=_start)
    found.struck.sort(key=_start)
    return found


def _start(span: Span) -> int:
    return span.start


def _close(run: Run, openers: list[Run], bottoms: dict[tuple[str, int, bool, bool], int], found: Emphasis) -> None:
    """Match a closing run with openers from the innermost out; what lies between opener and closer is literal."""
    key = (run.character, run.length % 3, run.opens, run.operand)
    if run.character == "~":
        key = ("~", run.length, False, False)
    while run.free:
        index = len(openers) - 1
        bottom = bottoms.get(key, -1)
        while index >= 0 and openers[index].start > bottom and not _match(openers[index], run):
            index -= 1
        if index < 0 or openers[index].start <= bottom:
            # Nothing up to here fits this sort of closer: the next one need not look again.
            bottoms[key] = run.start - 1
            return
        opener = openers[index]
        width = 2 if opener.free >= 2 and run.free >= 2 else 1
        inner_start = opener.start + opener.length - opener.right
        inner = Span(inner_start, run.start + run.left)
        found.markup += (Span(inner_start - width, inner_start), Span(inner.end, inner.end + width))
        if run.character == "~":
            found.struck.append(inner)
        elif width == 2:
            found.strong.append(inner)
        opener.right += width
        run.left += width
        del openers[index + (1 if opener.free else 0) :]


def _match(opener: Run, closer: Run) -> bool:
    if opener.character != closer.character or (opener.operand and closer.operand):
        return False
    if closer.character == "~":
        return opener.length == closer.length
    if (opener.closes or closer.opens) and (opener.length + closer.length) % 3 == 0:
        return opener.length % 3 == 0 and closer.length % 3 == 0
    return True


def _may_be_operator(content: str, run: Run) -> bool:
    """Whether a literal run of asterisks stands between operands: "2 * n" and "2* 3", but not "64GB** and"."""
    if run.free != run.length or run.length > 2:
        return False
    end = run.start + run.length
    before = content[max(0, run.start - 8) : run.start]
    after = content[end : end + 8]
    if not before.strip() or not after.strip():
        return False
    last, first = before.rstrip()[-1], after.lstrip()[0]
    if not (_is_operand(last) and _is_operand(first, before=True)):
        return False
    if before[-1].isspace() == after[0].isspace():
        return True
    return not last.isalpha() and not first.isalpha()


def _is_operand(character: str, *, before: bool = False) -> bool:
    """Whether an operand can end with the character (or begin with it, if the operator stands ``before`` it)."""
    if character in (_BEFORE_OPERAND if before else _AFTER_OPERAND):
        return True
    return character.isalnum() and ord(character) < _CJK


def _is_punctuation(character: str) -> bool:
    if character.isalnum() or character.isspace():
        return False
    return ord(character) < 128 or (unicodedata.category(character)[0] in "PS" and ord(character) < _CJK)
