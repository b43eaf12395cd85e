"""`stratlint review` from beginning to end."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from stratlint.cli.configuration import Configuration
from stratlint.cli.examine import DEFECT
from stratlint.cli.outcome import CLEAN, ERROR, FINDINGS
from stratlint.cli.reader import terms
from stratlint.cli.streams import Streams
from stratlint.config.loading import is_repository
from stratlint.report.escaping import json_text
from stratlint.report.summary import counted
from stratlint.review.asking import RunReader
from stratlint.review.body import Author, left_unread, unread_line
from stratlint.review.client import Client
from stratlint.review.comments import comments_of, ranked
from stratlint.review.earlier import read_earlier
from stratlint.review.examine import Examined, Examiner
from stratlint.review.marks import is_name
from stratlint.review.plan import Draft, plan
from stratlint.review.problems import ReviewProblem, Uncertain
from stratlint.review.pull import MOST_FILES, Change, Pull, read_pull
from stratlint.review.retrying import Pace
from stratlint.review.send import Sent, requests_for, send
from stratlint.review.target import find_target
from stratlint.rules.finding import Severity

_ATTEMPTS = 3
# A test on this machine need not be as patient.
PACE = Pace()


def review(arguments: argparse.Namespace, streams: Streams) -> int:
    """Carry it out; the exit code.

    Raises:
        ReviewProblem: it cannot be carried out.
    """
    if not is_name(arguments.name):
        raise ReviewProblem(f'--name "{arguments.name}": up to 40 letters, digits, dots, hyphens and underscores')
    target = find_target(arguments.repo, arguments.pull, arguments.api_url, os.environ, anonymous=arguments.dry_run)
    root = _root()
    note: Callable[[str], None] = streams.note if not arguments.quiet else lambda text: None
    examiner = Examiner(Configuration(arguments), root, arguments.paths, _reader(arguments, target.token, note))
    examiner.check_rules()
    client = Client(target, PACE, note=note)
    pull = read_pull(client, target.repository, target.number)
    change = Change(client, pull, root)
    examined = examiner.examine_all(change)
    for each in examined:
        if each.error:
            streams.problem(f"{each.path}: {each.error}")
        for failure in each.failures:
            streams.problem(f"{each.path}: {failure}{DEFECT if failure.defect else ''}")
    for why, paths in left_unread(examined):
        streams.problem(unread_line(why, paths))
    draft = draft_of(examined, pull, arguments.max_comments)
    author = Author(arguments.name, pull)
    if arguments.dry_run:
        streams.write(_rehearsed(client, draft, author))
    else:
        _publish(client, draft, author, note)
    return _outcome(examined)


def _reader(arguments: argparse.Namespace, token: str, note: Callable[[str], None]) -> RunReader | None:
    """Who is named on this command line; a repository, and what a user has configured for `stratlint read`, name nobody here."""
    if arguments.reader:
        secrets = (token, os.environ.get("OPENAI_API_KEY", ""))
        return RunReader(arguments.reader, terms(arguments), arguments.max_tokens, note, secrets)
    if arguments.base_url or arguments.timeout or arguments.max_tokens:
        raise ReviewProblem("--base-url, --timeout and --max-tokens say how a reader is asked: name one with --reader")
    return None


def draft_of(examined: Sequence[Examined], pull: Pull, most: int) -> Draft:
    """What to say of it: at most *most* comments at lines, the gravest."""
    comments = ranked([comment for each in examined for comment in comments_of(each)])
    # Two findings of one key would be one comment to the next run.
    unique = list({each.key: each for each in reversed(comments)}.values())[::-1]
    placed = [each for each in unique if each.place is not None]
    shown = tuple(placed[:most])
    chosen = {each.key for each in shown}
    listed = tuple(each for each in unique if each.key not in chosen)
    notes: tuple[str, ...] = ()
    if pull.changed_files > MOST_FILES:
        notes = (f"GitHub lists the first {MOST_FILES:,} of {pull.changed_files:,} changed files; the others were not checked.",)
    return Draft(shown, listed, tuple(examined), notes)


def _publish(client: Client, draft: Draft, author: Author, note: Callable[[str], None]) -> None:
    """Send what is missing. When it is unclear whether something was sent, look again instead of sending it twice."""
    for attempt in range(_ATTEMPTS):
        earlier = read_earlier(client, author.pull, author.name)
        if read_pull(client, author.pull.repository, author.pull.number).head != author.pull.head:
            note("the pull request has a newer commit: left to the run for that one")
            return
        decided = plan(draft, earlier, author)
        try:
            note(_told(send(client, draft, decided, earlier, author), decided.kept))
            return
        except Uncertain:
            if attempt + 1 == _ATTEMPTS:
                raise
            client.wait(attempt)


def _told(sent: Sent, kept: int) -> str:
    parts = [f"{counted(sent.posted, 'comment')} posted", f"{kept:,} kept", f"{sent.changed:,} edited or removed"]
    if sent.moved:
        parts.append(f"{sent.moved:,} in the review's body, because GitHub takes none at their lines")
    return ", ".join(parts)


def _rehearsed(client: Client, draft: Draft, author: Author) -> str:
    earlier = read_earlier(client, author.pull, author.name)
    decided = plan(draft, earlier, author)
    requests = [{"method": each.method, "path": each.path, "body": each.body} for each in requests_for(draft, decided, earlier, author)]
    pull = author.pull
    data = {"repository": pull.repository, "pull": pull.number, "head": pull.head, "kept": decided.kept}
    return json_text({**data, "requests": requests}, indent=2) + "\n"


def _outcome(examined: Sequence[Examined]) -> int:
    if any(each.error or each.failures for each in examined):
        return ERROR
    return FINDINGS if any(_fails(each) for each in examined) else CLEAN


def _fails(examined: Examined) -> bool:
    if examined.fail_on == "never":
        return False
    worst = Severity(examined.fail_on).rank
    return any(each.finding.severity.rank <= worst for each in examined.remarks)


def _root() -> Path:
    """The working tree around the working directory, whose paths are those of the pull request."""
    here = Path.cwd()
    return next((each for each in (here, *here.parents) if is_repository(each)), here)
