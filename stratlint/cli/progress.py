"""A progress bar on a terminal's standard error, once a run has taken a moment; nothing anywhere else."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING

from stratlint.cli.streams import Streams

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

_PATIENCE_SECONDS = 0.7


class Progress:
    """Counts documents; shows itself only to people who wait."""

    def __init__(self, streams: Streams, total: int, *, quiet: bool) -> None:
        self._wanted = total > 1 and not quiet and streams.err.isatty()
        self._total = total
        self._done = 0
        self._started = time.monotonic()
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    def step(self) -> None:
        """One more document is done."""
        self._done += 1
        if not self._wanted:
            return
        if self._bar is None and time.monotonic() - self._started > _PATIENCE_SECONDS:
            self._show()
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self._done)

    def _show(self) -> None:
        # rich costs as much as a document: it is loaded for those who wait anyway.
        from rich.console import Console
        from rich.progress import Progress as Bar

        self._bar = Bar(console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task("checking", total=self._total)
        self._bar.start()
