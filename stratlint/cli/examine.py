"""Check documents, one at a time or in a pool of processes. Nothing that one document does stops the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from stratlint.cli.files import Input
from stratlint.cli.outcome import Usage
from stratlint.cli.reading import Unreadable, read_file, read_stdin

if TYPE_CHECKING:
    from stratlint.report.outcome import DocumentReport
    from stratlint.report.policy import Settled
    from stratlint.rules.registry import RuleSet

# A process costs more than a few documents do.
_WORTH_A_PROCESS = 12


@cache
def rule_set(rules: tuple[str, ...]) -> RuleSet:
    """The built-in rules and those of the given files."""
    from stratlint.rules.registry import load_rules

    try:
        return load_rules(tuple(Path(each) for each in rules))
    except (OSError, ValueError) as problem:
        raise Usage(f"the rules cannot be loaded: {problem}") from None


@cache
def families(rules: tuple[str, ...]) -> Mapping[str, str]:
    """Every rule with its family."""
    loaded = rule_set(rules)
    return {name: loaded.get(name).family for name in loaded.names}


def examine(document: Input, today: date) -> Settled:
    """One document, with its suppressions applied; whatever goes wrong is its `error`."""
    from stratlint.report.policy import Settled

    try:
        return _examine(document, today)
    except Unreadable as problem:
        return Settled(_failed(document, str(problem)))
    except Usage:
        raise
    except Exception as problem:  # includes RecursionError and MemoryError: the next document may be fine
        return Settled(_failed(document, internal(problem)))


def examine_all(documents: Sequence[Input], jobs: int, today: date, done: Callable[[], None] = lambda: None) -> Iterator[Settled]:
    """All of them, in their order. *jobs* 0 means: as many processes as pay off."""
    count = _processes(documents, jobs)
    if count <= 1:
        for document in documents:
            yield examine(document, today)
            done()
    else:
        yield from _pooled(documents, count, today, done)


INTERNAL = "internal error"
DEFECT = "; this is a defect of stratlint, please report it"


def _examine(document: Input, today: date) -> Settled:
    from stratlint.checking import check_document
    from stratlint.document import UnreadableDocument, decode, parse
    from stratlint.report.policy import settle

    settings = document.settings
    data = read_stdin(settings.max_file_size) if document.stdin else read_file(document.path, settings.max_file_size)
    try:
        text, notes = decode(data)
    except UnreadableDocument as problem:
        raise Unreadable(str(problem)) from None
    parsed = parse(text, document.path)
    report = check_document(replace(parsed, notes=(*notes, *parsed.notes)), settings)
    return settle(report, settings, families(settings.rules), today)


def _failed(document: Input, why: str) -> DocumentReport:
    from stratlint.report.outcome import DocumentReport

    return DocumentReport(document.path, error=why)


def internal(problem: BaseException) -> str:
    """What was raised, and where, in one line."""
    from stratlint.rules.failure import described

    return f"{INTERNAL}: {described(problem)}"


def _processes(documents: Sequence[Input], jobs: int) -> int:
    import os

    # Standard input cannot be read by another process.
    if any(document.stdin for document in documents):
        return 1
    wanted = jobs or min(os.cpu_count() or 1, len(documents) // _WORTH_A_PROCESS)
    return min(wanted, len(documents))


def _pooled(documents: Sequence[Input], count: int, today: date, done: Callable[[], None]) -> Iterator[Settled]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    ready = 0
    pool = ProcessPoolExecutor(count, initializer=_leave_interrupts)
    try:
        for settled in pool.map(examine, documents, [today] * len(documents), chunksize=_chunk(len(documents), count)):
            yield settled
            ready += 1
            done()
    except BrokenProcessPool:
        # A process was killed (out of memory, most likely), and the pool does not say by which document.
        for document in documents[ready:]:
            yield _alone(document, today)
            done()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _alone(document: Input, today: date) -> Settled:
    """One document in a process of its own, which may die."""
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    from stratlint.report.policy import Settled

    with ProcessPoolExecutor(1, initializer=_leave_interrupts) as pool:
        try:
            return pool.submit(examine, document, today).result()
        except BrokenProcessPool:
            return Settled(_failed(document, f"{INTERNAL}: the process that checked it was killed (out of memory?)"))


def _leave_interrupts() -> None:
    """Ctrl-C reaches every process of a terminal; one answer, the parent's, is enough."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _chunk(documents: int, processes: int) -> int:
    return max(1, min(16, documents // (processes * 4)))
