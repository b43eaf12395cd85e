"""The open documents, and when each is checked: a moment after the last change, one at a time, the latest version only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from stratlint.editor.page import Page, Text

# So long after the last change nobody is in the middle of a number.
PAUSE = 0.15


class Desk:
    """`check` is called in a thread of its own, `publish` and everything else in that of the event loop.

    A check that is overtaken by a change is finished and forgotten: its places would be those of a text that is gone.
    """

    def __init__(self, check: Callable[[Text], Page], publish: Callable[[Page], None], pause: float = PAUSE) -> None:
        self._check = check
        self._publish = publish
        self._pause = pause
        self._thread = ThreadPoolExecutor(1, "check")
        self._open: dict[str, Text] = {}
        self._pages: dict[str, Page] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._waiting: dict[str, None] = {}
        self._checking: Text | None = None
        self._worker: asyncio.Task[None] | None = None
        self._step = asyncio.Event()

    @property
    def pages(self) -> tuple[Page, ...]:
        """The latest page of each open document that was ever checked."""
        return tuple(self._pages.values())

    def text(self, uri: str) -> Text | None:
        """The latest version of a document; None for one that is not open."""
        return self._open.get(uri)

    def put(self, text: Text, *, pause: bool) -> None:
        """A new version: checked after the *pause* (another version ends it), or as soon as possible."""
        self._open[text.uri] = text
        self._stop_timer(text.uri)
        if pause:
            self._timers[text.uri] = asyncio.get_running_loop().call_later(self._pause, self._want, text.uri)
        else:
            self._want(text.uri)

    def close(self, uri: str) -> None:
        """Forget a document."""
        self._stop_timer(uri)
        self._open.pop(uri, None)
        self._pages.pop(uri, None)
        self._stepped()

    def again(self, uri: str | None = None) -> None:
        """Check a document again, or all of them: something that they depend on changed."""
        for text in [each for each in self._open.values() if uri in (None, each.uri)]:
            self.put(replace(text), pause=text.uri in self._timers)

    async def page(self, uri: str) -> Page | None:
        """What is known of the latest version, as soon as it is; None when the document is not open, or closed meanwhile."""
        while (text := self._open.get(uri)) is not None:
            page = self._pages.get(uri)
            if page is not None and page.text is text:
                return page
            if self._checking is not text:
                self._stop_timer(uri)
                self._want(uri)
            await self._step.wait()
        return None

    def warm_up(self, text: Text) -> None:
        """Check what is no document, so that the first one need not wait for the grammar and the rules."""
        self._thread.submit(self._check, text)

    def end(self) -> None:
        """Take nothing on any more."""
        self._waiting.clear()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _want(self, uri: str) -> None:
        self._timers.pop(uri, None)
        self._waiting.pop(uri, None)
        self._waiting[uri] = None  # the last that was asked for comes first: it is the one that is looked at
        if self._worker is None or self._worker.done():
            self._worker = asyncio.ensure_future(self._work())

    async def _work(self) -> None:
        while self._waiting:
            uri, _ = self._waiting.popitem()
            text = self._open.get(uri)
            if text is None:
                continue
            self._checking = text
            try:
                page = await asyncio.get_running_loop().run_in_executor(self._thread, self._check, text)
            finally:
                self._checking = None
            if self._open.get(uri) is text:
                self._pages[uri] = page
                self._publish(page)
            elif uri in self._open and uri not in self._timers:
                self._waiting[uri] = None
            self._stepped()

    def _stepped(self) -> None:
        """Wake everybody who waits for a page."""
        self._step.set()
        self._step = asyncio.Event()

    def _stop_timer(self, uri: str) -> None:
        if (timer := self._timers.pop(uri, None)) is not None:
            timer.cancel()
