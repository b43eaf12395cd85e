"""The words: comments, the review's summary, what replaces them when they are settled. Document text stays text."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stratlint.report.escaping import markdown, markdown_code, uri, xml
from stratlint.report.evidence import own_computation, reading_lines, source_lines
from stratlint.report.outcome import total_coverage
from stratlint.report.summary import counted, coverage_line
from stratlint.review.asking import Offer
from stratlint.review.comments import Comment
from stratlint.review.examine import Examined
from stratlint.review.marks import FINDING, MORE, RESOLVED, REVIEW, mark
from stratlint.review.pull import Pull
from stratlint.rules.finding import Finding, Location

# GitHub's limit is 65,536 characters, and it is not said how an emoji counts.
LIMIT = 60_000
_LINE = 600
_SHOWN = 12
_REASONS = 3
_PATHS = 3
_LONGEST_PATH = 80
_ISSUE = re.compile(r"\b(GH)-(?=\d)", re.IGNORECASE)
_NOUNS = (("error", "error"), ("warning", "warning"), ("info", "remark"))


@dataclass(frozen=True, slots=True)
class Author:
    """What all texts of a run share: the bot's name and the pull request, for links."""

    name: str
    pull: Pull

    def link(self, path: str, line: int) -> str:
        """The line at the head commit; `plain` because GitHub renders Markdown without lines otherwise."""
        url = f"{self.pull.url}/blob/{self.pull.head}/{uri(path)}?plain=1#L{line}"
        return url.replace("(", "%28").replace(")", "%29").replace("'", "%27").replace("*", "%2A")


def comment_body(comment: Comment, author: Author) -> str:
    """A line comment: claim and gap, the evidence, the repair."""
    finding = comment.remark.finding
    head = [mark(FINDING, author.name, comment.key), headline(finding), ""]
    repair = _suggestion(comment.repair) if comment.repair is not None else []
    return _fitted(head, _evidence(finding, comment, author), repair)


def resolved_body(author: Author) -> str:
    """For a comment that has been answered: removing it would leave the answers alone."""
    return f"{mark(FINDING, author.name, RESOLVED)}\nSettled: the numbers here do not contradict any more.\n"


def headline(finding: Finding) -> str:
    """`**error** rule: claim, computed value, gap`."""
    disputed = " (disputed)" if finding.disputed else ""
    return f"**{finding.severity.value}** {markdown_code(finding.rule)}{disputed}: {text(finding.message)}"


def summary_body(
    shown: Sequence[Comment],
    listed: Sequence[Comment],
    examined: Sequence[Examined],
    notes: Iterable[str],
    author: Author,
) -> str:
    """The review itself: counts, what could not be said at a line, what was not read, what a reader of this run offers."""
    found = [*shown, *listed]
    lines = [mark(REVIEW, author.name), f"### stratlint: {_counts(found)}", ""]
    offers = [each for each in examined if each.asked.offer is not None]
    if not found:
        if any(each.already for each in examined):
            lines.append("This pull request makes no number false.")
        else:
            lines.append(f"No number in the lines that this pull request changes contradicts{'' if offers else ' any more'}.")
    elif listed and shown:
        lines.append(f"{len(shown):,} of {len(found):,} at their lines, the others here:")
    lines += [f"- {text(note)}" for note in notes]
    lines += [f"- {markdown_code(each.path)} was not checked: {text(each.error)}" for each in examined if each.error]
    lines += _already(examined, author)
    lines += [f"- {markdown_code(each.path)} was not checked by all rules: {text(str(why))}" for each in examined for why in each.failures]
    lines += [f"- {_not_read([markdown_code(_short(path)) for path in paths], text(why))}" for why, paths in left_unread(examined)]
    read = [each for each in examined if not each.error]
    tail = ["", f"{counted(len(read), 'changed document')}: {coverage_line(total_coverage(e.coverage for e in read))}"]
    entries = [f"- {_where(each, author)}: {headline(each.remark.finding)}" for each in listed]
    body = _fitted([*lines, ""], entries, tail, "finding")
    return f"{body}{_offered(offers, LIMIT - _size(body))}" if offers else body


def _already(examined: Sequence[Examined], author: Author) -> list[str]:
    """What the pull request touches and did not make false, a line each, the first few of them."""
    told = [(each.path, finding) for each in examined for finding in each.already]
    if not told:
        return []
    shown = [
        f"  - [{text(path)}, line {finding.location.line}]({author.link(path, finding.location.line)}): {headline(finding)}"
        for path, finding in told[:_SHOWN]
    ]
    more = [f"  - and {counted(len(told) - _SHOWN, 'more finding')}"] if len(told) > _SHOWN else []
    return [f"- Touched by this pull request, but findings before it, and not counted: {len(told):,}", *shown, *more]


def left_unread(examined: Iterable[Examined]) -> list[tuple[str, list[str]]]:
    """Why a reader of this run did not read, and what: each reason once."""
    reasons: dict[str, list[str]] = {}
    for each in examined:
        if each.asked.problem:
            reasons.setdefault(each.asked.problem, []).append(each.path)
    listed = list(reasons.items())
    further = [path for _, paths in listed[_REASONS:] for path in paths]
    return [*listed[:_REASONS], *([("for other reasons", further)] if further else [])]


def unread_line(why: str, paths: Sequence[str]) -> str:
    """The same for a terminal."""
    return _not_read(paths, why)


def more_body(count: int, author: Author) -> str:
    """A further review, because GitHub adds no comments to the first one."""
    lines = [mark(MORE, author.name), f"stratlint: {counted(count, 'new finding')}; its first review has the summary."]
    return "\n".join(lines) + "\n"


def more_settled_body(author: Author) -> str:
    """The same when all of its comments are gone."""
    return f"{mark(MORE, author.name)}\nstratlint: settled; its first review has the summary.\n"


def text(raw: str) -> str:
    """Document text inside a line: nothing in it is markup, a mention or a reference."""
    clipped = raw if len(raw) <= _LINE else f"{raw[:_LINE]} …"
    return _ISSUE.sub(r"\1&#8203;-", markdown(clipped))


def _evidence(finding: Finding, comment: Comment, author: Author) -> list[str]:
    own = finding.location.path
    lines = [f"- {_premise(each, own, comment, author)}" for each in finding.related[:_SHOWN]]
    if len(finding.related) > _SHOWN:
        lines.append(f"- and {counted(len(finding.related) - _SHOWN, 'more premise')}")
    if worked_out := own_computation(finding):
        lines.append(f"- computed: {text(worked_out)}")
    lines += [f"- reading: {text(line)}" for line in reading_lines(finding)[:_SHOWN]]
    lines += [f"- {word}: {text(line)}" for word, line in source_lines(finding)]
    if finding.suggestion is not None and comment.repair is None:
        where = f"line {finding.suggestion.line}: " if finding.suggestion.line != finding.location.line else ""
        lines.append(f"- suggestion: {where}{text(finding.suggestion.replacement)}")
    return [*lines, f"- help: {text(finding.help)}"] if finding.help else lines


def _premise(place: Location, own: str, comment: Comment, author: Author) -> str:
    role = f" ({text(place.role)})" if place.role else ""
    if not place.path or not place.line:
        return f"given: {text(place.text)}{role}"
    if place.path != own:
        return f"{text(place.path)}, line {place.line}: {text(place.text)}{role}"
    return f"[line {place.line}]({author.link(comment.path, place.line)}): {text(place.text)}{role}"


def _where(comment: Comment, author: Author) -> str:
    return f"[{text(comment.path)}, line {comment.line}]({author.link(comment.path, comment.line)})"


def _counts(found: Sequence[Comment]) -> str:
    severities = [each.remark.finding.severity.value for each in found]
    parts = [counted(severities.count(name), noun) for name, noun in _NOUNS if name in severities]
    return ", ".join(parts) or "no findings"


def _suggestion(lines: str) -> list[str]:
    """A block that GitHub applies with a click."""
    return ["", *_fenced("suggestion", lines)]


def _fenced(kind: str, lines: str) -> list[str]:
    """A block of code. Its fence is longer than any in the text, which so cannot end it."""
    longest = max((len(run) for run in re.findall("`+", lines)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{kind}", lines, fence]


def _not_read(paths: Sequence[str], why: str) -> str:
    return f"Blocks of {_several(paths)} were not read: {why}"


def _several(paths: Sequence[str]) -> str:
    more = [f"{counted(len(paths) - _PATHS, 'more document')}"] if len(paths) > _PATHS else []
    *others, last = [*paths[:_PATHS], *more]
    return f"{', '.join(others)} and {last}" if others else last


def _short(path: str) -> str:
    return path if len(path) <= _LONGEST_PATH else f"… {path[-_LONGEST_PATH:]}"


def _offered(examined: Sequence[Examined], room: int) -> str:
    """Files of readings to commit, as far as there is *room*, and how to write the others."""
    parts: list[str] = []
    left: list[str] = []
    reader = ""
    for each in examined:
        offer = each.asked.offer
        assert offer is not None
        reader = offer.reader
        block = "\n".join(["", *_foldable(offer), ""])
        if _size(block) <= room:
            room -= _size(block)
            parts.append(block)
        else:
            left.append(markdown_code(_short(each.path)))
    who = text(reader[:_LONGEST_PATH])
    begin = f"\nRead by {who} for this review, and in no file yet. To keep what is right of it, commit:\n" if parts else ""
    command = markdown_code(f"stratlint read PATH --reader {shlex.quote(reader)}"[: 2 * _LONGEST_PATH])
    end = f"\nToo large to be shown here are the new readings of {_several(left)}: {command} writes them.\n" if left else ""
    return f"{begin}{''.join(parts)}{end}"


def _foldable(offer: Offer) -> list[str]:
    """A file that is shown when it is asked for. Markdown is read again below the empty line, HTML above it."""
    new = [counted(count, noun) for count, noun in ((offer.readings, "new reading"), (offer.objections, "new objection")) if count]
    head = f"<details><summary><code>{xml(offer.file)}</code>: {', '.join(new)}</summary>"
    return [head, "", *_fenced("yaml", offer.text.rstrip("\n")), "", "</details>"]


def _size(body: str) -> int:
    """In the units of UTF-16: it is not said how GitHub counts, and that is the most."""
    return len(body.encode("utf-16-le", "surrogatepass")) // 2


def _fitted(head: Sequence[str], lines: Sequence[str], tail: Sequence[str], noun: str = "line") -> str:
    """All of it, with as many *lines* left out at the end as it takes to stay within the limit."""
    room = LIMIT - sum(len(line) + 1 for line in (*head, *tail)) - 100
    kept = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    left = len(lines) - len(kept)
    note = [f"- and {counted(left, f'more {noun}')}"] if left else []
    return "\n".join([*head, *kept, *note, *tail]) + "\n"
