"""Blocks → claims."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import NamedTuple

from stratlint.claims.announced import with_announced_units
from stratlint.claims.cells import cell_equations
from stratlint.claims.claim import ClaimSet, EquationClaim, NumberClaim, Statement, grouped
from stratlint.claims.derivation import derivations
from stratlint.claims.equation import equations_of, operands
from stratlint.claims.grammar import words
from stratlint.claims.operands import operand_starts
from stratlint.claims.prepare import FRACTION, LINE_END, prepare
from stratlint.claims.syntax import Atom, Claims, Group, Quantity, Word, atoms_of, read
from stratlint.document import Block, BlockKind, Document, Span

# Program text: its numbers are no claims about a plan. Shell lines are read for their flags only (facts).
PROGRAMS = frozenset(
    {"python", "py", "cpp", "c++", "c", "cuda", "rust", "go", "java", "js", "javascript", "typescript", "ts", "diff", "sql",
     "mermaid", "dockerfile", "docker", "svg", "html", "css", "xml", "cmake", "make", "makefile", "pycon", "ipython", "r",
     "julia", "scala", "swift", "proto", "latex", "tex", "mdx", "jsx", "tsx", "dot", "graphviz", "vega", "ps1", "powershell"}
)  # fmt: skip
SHELLS = frozenset({"bash", "sh", "shell", "console", "zsh", "shellsession", "cmd", "bat"})
CONFIGS = frozenset({"yaml", "yml", "json", "toml", "ini", "json5", "jsonc", "hocon", "properties", "conf"})
_PROGRAM_LINE = re.compile(
    r"^\s*(?:import |from \w+ import|def |class |return |for \w+ in |if .*:\s*$|@\w+|#include|"
    r"[\w.]+\(.*\)\s*;?\s*$|\w+ = \w+\(|print\()", re.M
)  # fmt: skip
_DIGIT = re.compile(r"\d")
_QUOTES = re.compile(r"“[^”]{12,}”|\"[^\"\n]{12,}\"|「[^」]{4,}」|„[^“”]{12,}[“”]")
# Somebody else's words: quotation marks alone may as well set off a statement of the document's own.
_REPORTED = re.compile(
    r"\b(?:wrong|claims?|claimed|said|says|told|tell|alert|draft|removed|marketing|read|reads|hear|myth|rumou?r|was|were|calls?|called|quoted?|"
    r"art[ei]facts?|shows|showed|displayed|misleading|bogus|spurious)\b", re.I
)  # fmt: skip
_CHALLENGED = re.compile(r"\b(?:challenged|erratum|errata|corrections?|mistakes?|wrong|rev\. ?1|myths?|misconceptions?)\b", re.I)
_QUOTE_WORDS = 4
# A label speaks of what follows the colon at once, not of the end of the sentence.
_LABEL_REACH = 12
_LONG = 400
_BLANK_LINES = re.compile(r"\s+")


class _Place(NamedTuple):
    """An atom of a block in reading order with its clause number."""

    atom: Atom
    clause: int
    sentence: int
    bracket: int  # where the innermost bracket around it closes; 0 outside


def extract(document: Document) -> ClaimSet:
    """Every number and equation of *document*."""
    trees: dict[int, Claims] = {}
    numbers: list[NumberClaim] = []
    equations: list[EquationClaim] = []
    statements: list[Statement] = []
    unparsed: list[int] = []
    for block in document.blocks:
        text = prepare(block)
        statements.extend(_statements(block, text))
        if not _DIGIT.search(text) or is_program(block):
            continue
        tree = read(_near_digits(text))
        if tree is None:
            unparsed.append(block.index)
            continue
        trees[block.index] = tree
        first = len(numbers)
        numbers.extend(_numbers(block, text, tree, first, _challenged(document, block)))
        equations.extend(_equations(block, text, tree, numbers[first:], len(equations)))
    numbers = list(with_announced_units(document, numbers))
    equations.extend(cell_equations(document, trees, numbers, len(equations)))
    numbers = _with_equations(numbers, equations)
    return ClaimSet(document, trees, tuple(numbers), tuple(equations), tuple(statements), tuple(unparsed))


# Words this far from any digit belong to no number; pages of them are not worth parsing.
_NEAR = 1000
_WITHOUT_DIGIT = re.compile(r"\D+")
_NOT_STRUCTURE = re.compile(rf"[^()\[\]{{}}（）【】{FRACTION}{LINE_END}]+")


def _near_digits(text: str) -> str:
    """*text* with long stretches far from all digits blanked, but for their brackets and line ends; same length."""
    if len(text) <= _ENDLESS:
        return text
    return _WITHOUT_DIGIT.sub(_without_far_words, text)


def _without_far_words(stretch: re.Match[str]) -> str:
    words = stretch[0]
    if len(words) <= _ENDLESS:
        return words
    far = _NOT_STRUCTURE.sub(lambda match: " " * len(match[0]), words[_NEAR:-_NEAR])
    return words[:_NEAR] + far + words[-_NEAR:]


def _with_equations(numbers: list[NumberClaim], equations: list[EquationClaim]) -> list[NumberClaim]:
    """Tell each number which equation it belongs to (the first of several)."""
    member: dict[int, int] = {}
    for claim in equations:
        for index in claim.numbers:
            member.setdefault(index, claim.index)
    return [replace(number, equation=member[number.index]) if number.index in member else number for number in numbers]


def is_program(block: Block) -> bool:
    """Whether a code block is program text rather than a calculation, a configuration or a command line."""
    if block.kind is not BlockKind.CODE:
        return False
    if block.language in PROGRAMS:
        return True
    return block.language not in SHELLS | CONFIGS and len(_PROGRAM_LINE.findall(block.content)) >= 2


def _statements(block: Block, text: str) -> Iterator[Statement]:
    if block.kind is BlockKind.CODE and block.language in PROGRAMS:
        return
    for index, (start, end) in enumerate(_sentences(text)):
        content = text[start:end]
        if content.strip():
            lead = len(content) - len(content.lstrip())
            stop = start + len(content.rstrip())
            yield Statement(block.index, index, start, end, content, block.source_span(start + lead, stop), verdict_of(content))


_SENTENCE_END = re.compile(r"[.!?](?=\s+[✅❌✔✓✗✘⚠]\ufe0f?\s+[A-Z]|\s+[A-Z\"“(*\ue000-\uffff\d]|\s*$)|[。！？]|\ue001")
_ABBREVIATIONS = re.compile(r"(?:\b(?i:e\.g|i\.e|vs|approx|ca|cf|etc|fig|sec|no|resp|incl|rev|max|min)|\b[A-Z])\.$")


@lru_cache(maxsize=16)
def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    """The sentences of a block's prepared text; several readers ask for those of the block at hand."""
    return tuple(_found_sentences(text))


def _found_sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if match[0] == "." and _ABBREVIATIONS.search(text[max(start, match.end() - 8) : match.end()]):
            continue
        yield from _pieces(text, start, match.end())
        start = match.end()
    if start < len(text):
        yield from _pieces(text, start, len(text))


# Nobody writes sentences of this length; a generated line may have no end, and all its numbers are read in its light.
_ENDLESS = 4000
_BREAKS = (("; ", ", ", "；", "，", "、"), (" ", "\t", "\n"))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence; one that seems endless in pieces, broken off behind separators or blanks where it has any."""
    while end - start > _ENDLESS:
        least, most = start + _ENDLESS // 2, start + _ENDLESS
        found = (max(text.rfind(mark, least, most) + len(mark) for mark in marks) for marks in _BREAKS)
        stop = next((each for each in found if each > least), most)
        yield start, stop
        start = stop
    yield start, end


def verdict_of(text: str) -> str:
    """`pass`, `fail` or "" by the marks in *text*; a failing mark wins."""
    if _marks().search(text) is None:
        return ""
    return "fail" if any(mark in text for mark in words()["verdict_fail"]) else "pass"


def signs_in(text: str) -> tuple[frozenset[str], str]:
    """What the signs of success and failure in *text* say ("pass", "fail", with "doubtful" for one that only warns), and the rest of it."""
    said: set[str] = set()
    for sign in _marks().findall(text):
        failed = sign in words()["verdict_fail"]
        said |= {"fail"} if failed else {"pass"}
        said |= {"doubtful"} if sign in words()["verdict_warns"] else set()
    return frozenset(said), _marks().sub(" ", text)


@cache
def _marks() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, (*words()["verdict_fail"], *words()["verdict_pass"]))))


def _numbers(block: Block, text: str, tree: Claims, first: int, challenged: bool) -> Iterator[NumberClaim]:
    sentences = _sentences(text)
    texts = [text[start:end] for start, end in sentences]
    verdicts = [verdict_of(each) for each in texts]
    starts = [start for start, _ in sentences]
    places = list(_places(tree, starts))
    # In a block that is one endless clause, the clause of a number says nothing.
    clauses: dict[int, str] = {}
    if len(places) < _LONG:
        members = grouped(places, lambda place: place.clause)
        clauses = {clause: _words_of(each) for clause, each in members.items()}
    struck, coded = _covered(block.struck), _covered(block.code)
    quoted = [
        (m.start(), m.end()) for m in _QUOTES.finditer(block.content)
        if len(m[0].split()) >= _QUOTE_WORDS
        and (block.quote_depth or _REPORTED.search(texts[max(bisect_right(starts, m.start()) - 1, 0)]) or challenged)
    ]  # fmt: skip
    computed = operand_starts(tree)
    index = first
    for position, place in enumerate(places):
        atom = place.atom
        if isinstance(atom, Group):
            continue
        if isinstance(atom, Word) and not _DIGIT.search(atom.text):
            continue
        sentence = sentences[place.sentence]
        start, end = atom.start, atom.end
        number_start = atom.number_start if isinstance(atom, Quantity) else start
        number_end = atom.number_end if isinstance(atom, Quantity) else end
        yield NumberClaim(
            index=index,
            block=block.index,
            sentence=place.sentence,
            start=start,
            end=end,
            span=block.source_span(number_start, end if isinstance(atom, Quantity) else number_end),
            text=block.content[start:end],
            quantity=atom if isinstance(atom, Quantity) else None,
            name=atom.text if isinstance(atom, Word) else "",
            noun=_noun(places, position, text),
            lead=_lead(places, position, text),
            label=_label(text, sentence, start),
            clause=clauses[place.clause] if clauses else _words_of([place]),
            sentence_text=texts[place.sentence],
            relation=_relation(places, position),
            equation=-1,
            operand=atom.start in computed,
            struck=start in struck,
            quoted=any(low <= start < high for low, high in quoted),
            code=block.kind is BlockKind.CODE or start in coded,
            verdict=verdicts[place.sentence],
        )
        index += 1


def _challenged(document: Document, block: Block) -> bool:
    """Whether the headings above announce quoted mistakes."""
    return any(_CHALLENGED.search(title) for title in document.heading_path(block.section))


def _covered(spans: Sequence[Span]) -> frozenset[int]:
    """All offsets inside *spans*."""
    return frozenset(offset for span in spans for offset in range(span.start, span.end))


def _places(tree: Claims, sentence_starts: list[int]) -> Iterator[_Place]:
    clause = 0
    open_brackets: list[int] = []
    for atom in atoms_of(tree):
        while open_brackets and atom.start >= open_brackets[-1]:
            open_brackets.pop()
        if isinstance(atom, Word) and atom.terminal in ("STOP", "COMMA", "COLON", "CONJUNCTION"):
            clause += 1
        sentence = max(bisect_right(sentence_starts, atom.start) - 1, 0)
        yield _Place(atom, clause, sentence, open_brackets[-1] if open_brackets else 0)
        if isinstance(atom, Group):
            clause += 1
            open_brackets.append(atom.end)


_ENDS_NOUN = frozenset({"STOP", "COMMA", "COLON", "CONJUNCTION", "RELATION", "MEANS", "VERDICT"})


_OPERATOR = re.compile(r"[×*·÷/+=]")


def _noun(places: list[_Place], position: int, text: str) -> str:
    """Words after a number, its own unit first: "expert instances per GPU"."""
    atom = places[position].atom
    out = [atom.unit_text] if isinstance(atom, Quantity) else []
    end = atom.end
    for place in places[position + 1 : position + 12]:
        follower = place.atom
        if isinstance(follower, Group) and not out and place is places[position + 1]:
            # "2 (TP) × 4 (PP)": the bracket names the number
            inner = [a.text for a in atoms_of(follower.claims) if isinstance(a, Word) and a.terminal in ("NAME", "LETTERS", "UNIT")]
            if len(inner) <= 3 and not any(isinstance(a, Quantity) for a in atoms_of(follower.claims)):
                return " ".join(inner)
        left = places[position].bracket and follower.start >= places[position].bracket
        if (
            left
            or isinstance(follower, (Quantity, Group))
            or follower.terminal in _ENDS_NOUN
            or ((between := text[end : follower.start]) != " " and _OPERATOR.search(between))
        ):
            break
        end = follower.end
        out.append(follower.text)
    return " ".join(part for part in out if part)


_OPERATOR_BETWEEN = re.compile(r"\s[×*·÷/+]\s")


def _lead(places: list[_Place], position: int, text: str) -> str:
    """Words before a number back to the last separator or number: "each GPU handles exactly", "hidden", "TP"."""
    out: list[str] = []
    first = 0
    for place in reversed(places[max(position - 14, 0) : position]):
        atom = place.atom
        if isinstance(atom, (Group, Quantity)) or (place.bracket and place.bracket <= places[position].atom.start):
            break
        if atom.terminal in ("STOP", "COMMA", "COLON", "CONJUNCTION", "VERDICT"):
            break
        if atom.terminal not in ("RELATION", "APPROXIMATELY"):
            out.append(atom.text)
            first = atom.start
    # "EP = TP × DP = 16": the words are a formula, not the number's name
    if out and _relation(places, position) and _OPERATOR_BETWEEN.search(text[first : places[position].atom.start]):
        return ""
    return " ".join(reversed(out))


def _relation(places: list[_Place], position: int) -> str:
    for place in reversed(places[max(position - 3, 0) : position]):
        atom = place.atom
        if isinstance(atom, Word) and atom.terminal in ("RELATION", "MEANS"):
            return atom.text
        if isinstance(atom, Word) and atom.terminal == "APPROXIMATELY":
            continue
        break
    return ""


_SYMBOLIC = re.compile(r"[^=≈\d]*[=≈]")
_LONGEST_PAIRS = 200
# "Heads: 64, TP: 12": the second label begins behind the first one's value.
_ANOTHER_PAIR = re.compile(r"[:：=].*\d.*?[,;，；]\s+(?P<label>[^,;:=\d]*[A-Za-z\u4e00-\u9fff][^,;:=\d]*)$", re.S)


def _label(text: str, sentence: tuple[int, int], offset: int) -> str:
    """What names a number: the words before the last colon ahead of it, or before the first `=` ("Ratio = 8 ÷ 8 = 1")."""
    before = text[sentence[0] : offset]
    head = ""
    for colon in (":", "："):
        if colon in before:
            head, _, between = before.rpartition(colon)
            if len(between.split()) > _LABEL_REACH:
                head = ""
            before = between
            break
    if another := _ANOTHER_PAIR.search(head[-_LONGEST_PAIRS:]):
        head = another["label"]
    symbolic = _SYMBOLIC.match(before)
    if symbolic and any(character.isalpha() for character in symbolic[0]):
        head = re.split(r"[,;(]", symbolic[0][:-1])[-1]
    return _BLANK_LINES.sub(" ", head).strip(" -•*:")


def _words_of(places: Sequence[_Place]) -> str:
    return " ".join(p.atom.text for p in places if not isinstance(p.atom, Group))


def _equations(block: Block, text: str, tree: Claims, numbers: list[NumberClaim], first: int) -> Iterator[EquationClaim]:
    if block.kind is BlockKind.CODE and block.language in SHELLS | CONFIGS:
        return
    by_start = {number.start: number.index for number in numbers}
    quoted = {number.index for number in numbers if number.quoted or number.struck}
    sentences = [start for start, _ in _sentences(text)]
    for offset, equation in enumerate((*equations_of(tree), *derivations(tree))):
        members = tuple(by_start[q.start] for q in (*operands(equation.left), *operands(equation.right)) if q.start in by_start)
        yield EquationClaim(
            first + offset,
            block.index,
            max(bisect_right(sentences, equation.start) - 1, 0),
            equation,
            block.source_span(equation.start, equation.end),
            members,
            any(member in quoted for member in members),
        )


__all__ = ["LINE_END", "extract", "is_program"]
