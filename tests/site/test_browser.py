"""The site in headless Chromium, from a server on this machine: at the width of a desk and of a phone, without a word on the console."""

from __future__ import annotations

import functools
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed: browser tests skipped")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="chromium and chromedriver are not installed (apt-get install chromium-driver)"
)
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--window-size=1280,900"),
)
DESKTOP, PHONE = (1280, 900), (390, 844)
PAGES = (
    "",
    "adopting/",
    "how-it-reads/",
    "how-it-decides/",
    "rules/",
    "rules/world-size-mismatch/",
    "configuration/",
    "formats/",
    "api/",
    "gallery/",
    "measured/",
)


class Quiet(SimpleHTTPRequestHandler):
    """Files of a folder, without a line in the log for each."""

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    from selenium.common.exceptions import WebDriverException
    from selenium.webdriver.chrome.service import Service

    # A profile path below pytest's own folders can be too long for Chromium's sockets.
    with tempfile.TemporaryDirectory(prefix="site", ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        try:
            running = webdriver.Chrome(service=Service(DRIVER), options=options)
        except WebDriverException as error:
            pytest.skip(f"chromium does not start here: {str(error.msg)[:200]}")
        yield running
        running.quit()


def resize(driver: Any, size: tuple[int, int]) -> None:
    metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size[0] < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.strip("/") or "start")
def test_a_page_fits_its_screen_and_says_nothing_on_the_console(
    driver: Any, address: str, page: str, size: tuple[int, int], tmp_path: Path
) -> None:
    resize(driver, size)
    driver.get("about:blank")
    driver.get_log("browser")
    driver.get(address + page)
    assert driver.execute_script("return document.documentElement.scrollWidth - innerWidth") <= 0
    assert driver.execute_script("return document.querySelector('article h1').getBoundingClientRect().top") < size[1]
    assert [entry for entry in driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")] == []
    assert driver.save_screenshot(str(tmp_path / "page.png"))


def test_the_search_finds_a_rule(driver: Any, address: str) -> None:
    resize(driver, DESKTOP)
    driver.get(address + "?q=world-size-mismatch")
    end = time.monotonic() + 30
    found: list[str] = []
    while not any("world-size-mismatch" in link for link in found):
        assert time.monotonic() < end, found
        time.sleep(0.1)
        found = driver.execute_script("return [...document.querySelectorAll('.md-search-result__link')].map(each => each.href)")


def test_a_page_of_the_gallery_opens_with_its_findings(driver: Any, address: str) -> None:
    resize(driver, DESKTOP)
    driver.get(address + "gallery/generated_strategy.html")
    assert driver.execute_script("return document.querySelectorAll('article mark, article [class*=\"c\"]').length") > 5
    assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []
