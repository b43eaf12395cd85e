"""`stratlint baseline`: record the findings of now, so that `check` shows new ones only."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from stratlint.cli import options
from stratlint.cli.configuration import Configuration
from stratlint.cli.outcome import CLEAN, ERROR, FINDINGS
from stratlint.cli.run import examined, say_what_is_missing
from stratlint.cli.streams import Streams

if TYPE_CHECKING:
    from stratlint.report.baseline import Baseline
    from stratlint.report.outcome import Report

SUMMARY = "record the findings of now, so that `check` shows new ones only"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    options.add_paths(parser)
    parser.add_argument("--baseline", metavar="FILE", help="the file to write (default: stratlint-baseline.json)")
    parser.add_argument("--accept-new", action="store_true", help="add findings that the file does not have")
    parser.add_argument("--prune", action="store_true", help="take out findings that are gone")
    options.add_selection(parser)
    options.add_configuration(parser)
    options.add_verbosity(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Carry it out: 1 when the file is out of date and may not be changed."""
    from stratlint.report.baseline import DEFAULT_NAME, read_baseline, recorded
    from stratlint.report.summary import counted

    configuration = Configuration(arguments)
    path = Path(arguments.baseline or configuration.settings.baseline or DEFAULT_NAME)
    old = read_baseline(str(path)) if path.exists() else None
    seen = examined(arguments, configuration, streams)
    failed = say_what_is_missing(seen, streams, quiet=arguments.quiet)
    if old is not None:
        stale = _refresh(path, old, seen.report, arguments, streams)
    else:
        made = recorded(seen.report, path.absolute().parent)
        stale = not _save(path, made, streams)
        if not stale and not arguments.quiet:
            streams.note(f"{path}: {counted(made.size, 'finding')} recorded")
    return ERROR if failed else FINDINGS if stale else CLEAN


def _refresh(path: Path, old: Baseline, report: Report, arguments: argparse.Namespace, streams: Streams) -> bool:
    """Bring the file up to date as far as allowed; whether a difference is left."""
    from stratlint.report.baseline import compared

    missing = [name for name in old.documents if not (old.folder / name).exists()]
    found = compared(old, report, accept_new=arguments.accept_new, prune=arguments.prune, missing=missing)
    if found.updated != old and not _save(path, found.updated, streams):
        return True
    left = []
    if found.new:
        left += [f"{found.new} new{' accepted' if arguments.accept_new else ' (--accept-new records them)'}"]
    if found.gone:
        left += [f"{found.gone} gone{' and removed' if arguments.prune else ' (--prune removes them)'}"]
    if not arguments.quiet:
        streams.note(f"{path}: {', '.join(left) or 'up to date'}")
    return bool((found.new and not arguments.accept_new) or (found.gone and not arguments.prune))


def _save(path: Path, baseline: Baseline, streams: Streams) -> bool:
    """Write the whole file or nothing."""
    from stratlint.report.baseline import written

    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(written(baseline), "utf-8", newline="\n")
        temporary.replace(path)
    except OSError as problem:
        temporary.unlink(missing_ok=True)
        streams.problem(f"{path}: cannot be written: {(problem.strerror or str(problem)).lower()}")
        return False
    return True
