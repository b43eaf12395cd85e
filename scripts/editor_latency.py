#!/usr/bin/env python3
"""How long an author waits for the findings of a change: `python scripts/editor_latency.py [REPORT.md] [CHANGES]`.

A client starts `stratlint lsp`, opens the report (by default 300 lines of `fixtures/`) and changes a digit again and again. Shown are the
time from a change to its diagnostics, the pause that the server makes before it checks, and the processor time of a change, each also as
a multiple of one check of the same text in this process. More than a little over 1 would mean that something is read or imported anew.
"""

from __future__ import annotations

import asyncio
import resource
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from stratlint.checking import check_document
from stratlint.config.settings import Settings
from stratlint.document import parse
from stratlint.editor.desk import PAUSE

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
LINES = 300
COMMAND = (sys.executable, "-m", "stratlint", "lsp", "--isolated")


def report_of_fixtures() -> str:
    """300 lines of engineering Markdown, the pages one after the other."""
    lines = [line for path in sorted(FIXTURES.glob("*.md")) for line in path.read_text(encoding="utf-8").splitlines()]
    return "\n".join(lines[:LINES]) + "\n"


def in_process(text: str, rounds: int) -> tuple[float, float]:
    """Seconds of one check, by the clock and of the processor: medians, after one that loads everything."""
    check_document(parse(text, "report.md"), Settings())
    clock, processor = [], []
    for _ in range(rounds):
        started, used = time.perf_counter(), time.process_time()
        check_document(parse(text, "report.md"), Settings())
        clock.append(time.perf_counter() - started)
        processor.append(time.process_time() - used)
    return statistics.median(clock), statistics.median(processor)


async def session(text: str, changes: int) -> list[float]:
    """Open the report and change it so often; the seconds from each change to its diagnostics."""
    client = LanguageClient("latency", "1")
    answers: asyncio.Queue[int | None] = asyncio.Queue()
    client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: answers.put_nowait(params.version))
    client.feature(types.WINDOW_LOG_MESSAGE)(lambda params: print(params.message, file=sys.stderr))
    await client.start_io(*COMMAND)
    await client.initialize_async(types.InitializeParams(types.ClientCapabilities()))
    client.initialized(types.InitializedParams())
    uri, waited = "untitled:report.md", []
    client.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "markdown", 0, text)))
    while await answers.get() != 0:
        pass
    end = types.Position(text.count("\n"), 0)
    for version in range(1, changes + 1):
        change = types.TextDocumentContentChangePartial(types.Range(end, end), f"{version}")
        started = time.perf_counter()
        client.text_document_did_change(
            types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(version, uri), [change]),
        )
        while await answers.get() != version:
            pass
        waited.append(time.perf_counter() - started)
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    return waited


def measured(text: str, changes: int) -> tuple[list[float], float]:
    """The times of a session, and the processor time of its server."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    waited = asyncio.run(session(text, changes))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return waited, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main(argv: Sequence[str]) -> int:
    """Measure and print."""
    text = Path(argv[0]).read_text(encoding="utf-8") if argv else report_of_fixtures()
    changes = int(argv[1]) if len(argv) > 1 else 10
    clock, processor = in_process(text, changes)
    _, idle = measured(text, 0)
    waited, busy = measured(text, changes)
    latency, work = statistics.median(waited), (busy - idle) / changes
    print(f"{text.count(chr(10))} lines; one check in process: {clock * 1000:.0f} ms, processor {processor * 1000:.0f} ms")
    print(f"from a change to its diagnostics: {latency * 1000:.0f} ms, of them {PAUSE * 1000:.0f} ms pause: {latency / clock:.2f} checks")
    print(f"without the pause: {(latency - PAUSE) / clock:.2f} checks; processor time of a change: {work / processor:.2f} checks")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
