"""When an open document is checked: after a pause, one at a time, the latest version only, and at once for who asks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable

from stratlint.editor.desk import Desk
from stratlint.editor.page import Page, Text

PAUSE = 0.05
LONG = 3_600.0  # nobody waits for it
SECONDS = 60


class Checks:
    """A check that waits where it is told to, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []
        self.published: list[tuple[str, int]] = []
        self.started = threading.Event()
        self.free = threading.Event()
        self.free.set()

    def check(self, text: Text) -> Page:
        self.asked.append((text.uri, text.version))
        self.started.set()
        self.free.wait(SECONDS)
        return Page(text, "utf-16")

    def publish(self, page: Page) -> None:
        self.published.append((page.text.uri, page.text.version))


def run(talk: Callable[[Desk, Checks], Awaitable[None]], pause: float = PAUSE) -> Checks:
    checks = Checks()

    async def session() -> None:
        desk = Desk(checks.check, checks.publish, pause)
        try:
            await talk(desk, checks)
        finally:
            checks.free.set()
            desk.end()

    asyncio.run(asyncio.wait_for(session(), SECONDS))
    return checks


async def begun(checks: Checks) -> None:
    """A check is running now."""
    await asyncio.get_running_loop().run_in_executor(None, checks.started.wait, SECONDS)
    checks.started.clear()


def test_changes_within_the_pause_are_one_check() -> None:
    async def talk(desk: Desk, checks: Checks) -> None:
        for version in range(5):
            desk.put(Text("a", version, ""), pause=True)
        while not checks.published:
            await asyncio.sleep(PAUSE)

    assert run(talk).asked == [("a", 4)]


def test_what_a_change_has_overtaken_is_not_published() -> None:
    async def talk(desk: Desk, checks: Checks) -> None:
        checks.free.clear()
        desk.put(Text("a", 1, ""), pause=False)
        await begun(checks)
        desk.put(Text("a", 2, ""), pause=False)
        desk.put(Text("a", 3, ""), pause=False)
        checks.free.set()
        page = await desk.page("a")
        assert page is not None
        assert page.text.version == 3

    checks = run(talk)
    assert checks.asked == [("a", 1), ("a", 3)]
    assert checks.published == [("a", 3)]


def test_who_asks_does_not_wait_for_the_pause_and_costs_no_second_check() -> None:
    async def talk(desk: Desk, checks: Checks) -> None:
        desk.put(Text("a", 1, ""), pause=True)
        pages = await asyncio.gather(desk.page("a"), desk.page("a"), desk.page("a"))
        assert [each and each.text.version for each in pages] == [1, 1, 1]
        assert await desk.page("a") is pages[0]

    assert run(talk, LONG).asked == [("a", 1)]


def test_the_document_that_was_asked_for_last_comes_first() -> None:
    async def talk(desk: Desk, checks: Checks) -> None:
        checks.free.clear()
        desk.put(Text("a", 1, ""), pause=False)
        await begun(checks)
        for uri in "bcd":
            desk.put(Text(uri, 1, ""), pause=False)
        waiting = asyncio.ensure_future(desk.page("b"))
        await asyncio.sleep(0)
        checks.free.set()
        await waiting

    assert [uri for uri, _ in run(talk).asked][:2] == ["a", "b"]


def test_a_closed_document_is_not_published_and_nobody_waits_for_it() -> None:
    async def talk(desk: Desk, checks: Checks) -> None:
        checks.free.clear()
        desk.put(Text("a", 1, ""), pause=False)
        await begun(checks)
        waiting = asyncio.ensure_future(desk.page("a"))
        await asyncio.sleep(0)
        desk.close("a")
        assert await waiting is None
        checks.free.set()
        desk.put(Text("b", 1, ""), pause=False)
        await desk.page("b")

    assert run(talk).published == [("b", 1)]


def test_again_checks_the_same_text_once_more() -> None:
    async def talk(desk: Desk, checks: Checks) -> None:
        for uri in "ab":
            desk.put(Text(uri, 1, ""), pause=False)
            await desk.page(uri)
        desk.again("a")
        await desk.page("a")
        desk.again()
        await desk.page("a")
        await desk.page("b")

    checks = run(talk)
    assert checks.asked.count(("a", 1)) == 3
    assert checks.asked.count(("b", 1)) == 2
    assert checks.published == checks.asked
