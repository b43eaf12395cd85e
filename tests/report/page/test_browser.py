"""The page in headless Chromium: real clicks, hover and keys, no console messages, and what it looks like."""

from __future__ import annotations

import base64
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed: pip install selenium")
from selenium.webdriver.common.action_chains import ActionChains  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.select import Select  # noqa: E402

from stratlint.report.outcome import DocumentReport  # noqa: E402
from stratlint.rules.finding import Status  # noqa: E402

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="no Chromium with its chromedriver")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1280,900",
)
DESKTOP, PHONE = (1280, 900), (390, 844)


class Browser:
    """A few words on top of the driver."""

    def __init__(self, driver: Any, folder: Path) -> None:
        self.driver = driver
        self.folder = folder

    def size(self, width: int, height: int) -> None:
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {
                "width": width,
                "height": height,
                "deviceScaleFactor": 1,
                "mobile": width < 600,
            },
        )

    def media(self, medium: str = "", scheme: str = "light") -> None:
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": medium, "features": features})

    def scripting(self, on: bool) -> None:
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not on})

    def open(self, html: str, name: str = "page.html") -> None:
        path = self.folder / name
        path.write_text(html, encoding="utf-8", newline="")
        self.driver.get("about:blank")
        self.driver.get_log("browser")
        self.driver.get(path.as_uri())

    def js(self, code: str, *values: Any) -> Any:
        return self.driver.execute_script(code, *values)

    def one(self, selector: str) -> Any:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def many(self, selector: str) -> list[Any]:
        return list(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def keys(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def hover(self, element: Any) -> None:
        ActionChains(self.driver).move_to_element(element).perform()

    def focused(self) -> Any:
        return self.driver.switch_to.active_element

    def until(self, condition: str, seconds: float = 5) -> None:
        end = time.monotonic() + seconds
        while not self.js(f"return Boolean({condition})"):
            assert time.monotonic() < end, f"never became true: {condition}"
            time.sleep(0.03)

    def in_view(self, element: Any) -> bool:
        return bool(
            self.js(
                "const b = arguments[0].getBoundingClientRect();"
                "return b.bottom > 0 && b.top < innerHeight && b.right > 0 && b.left < innerWidth",
                element,
            )
        )

    def shot(self, name: str) -> Path:
        path = self.folder / f"{name}.png"
        assert self.driver.save_screenshot(str(path)) and path.stat().st_size > 5000
        return path

    def messages(self) -> list[str]:
        return [entry["message"] for entry in self.driver.get_log("browser")]


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    from selenium.common.exceptions import WebDriverException
    from selenium.webdriver.chrome.service import Service

    # A profile path below pytest's own folders can be too long for Chromium's sockets.
    with tempfile.TemporaryDirectory(prefix="page", ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        try:
            running = webdriver.Chrome(service=Service(DRIVER), options=options)
        except WebDriverException as error:
            pytest.skip(f"Chromium does not start: {str(error.msg).splitlines()[0][:80]}")
        yield running
        running.quit()


@pytest.fixture
def browser(driver: Any, tmp_path: Path) -> Iterator[Browser]:
    it = Browser(driver, tmp_path)
    it.scripting(True)
    it.media()
    it.size(*DESKTOP)
    yield it
    it.scripting(True)


@pytest.fixture(params=["plan", "many", "long", "hostile", "unread", "none"])
def any_html(request: pytest.FixtureRequest, samples: Any) -> str:
    return {
        "plan": lambda: samples.page(samples.plan()),
        "many": lambda: samples.page(samples.plan(), samples.plan("b.md"), DocumentReport("gone.md", error="gone")),
        "long": lambda: samples.page(samples.long()),
        "hostile": lambda: samples.page(samples.hostile()),
        "unread": lambda: samples.page(DocumentReport("gone.md", error="No such file")),
        "none": lambda: samples.page(),
    }[request.param]()


def test_silent_and_alone(browser: Browser, any_html: str) -> None:
    browser.open(any_html)
    browser.until("document.documentElement.classList.contains('js')")
    loaded = browser.js("return performance.getEntriesByType('resource').map(e => e.name)")
    assert [name for name in loaded if not name.startswith("data:")] == []
    embedded = "document.querySelectorAll('iframe,img,object,embed').length"
    assert browser.js(f"return [document.scripts.length, {embedded}]") == [1, 0]
    browser.keys("n", "n", "p", Keys.ESCAPE)
    browser.shot("page")
    assert browser.messages() == []


def test_click_leads_to_the_derivation_and_back(browser: Browser, samples: Any) -> None:
    browser.open(samples.page(samples.plan()))
    mark = browser.one(".doc a.c")
    browser.js("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", mark)
    before = browser.js("return scrollY")
    mark.click()
    browser.until("location.hash === '#d1f1'")
    assert browser.in_view(browser.one("#d1f1")) and browser.in_view(mark)
    time.sleep(0.1)
    assert abs(browser.js("return scrollY") - before) < 2, "the text stays where it was"
    premise = browser.one("#d1f1 dd a")
    premise.click()
    browser.until("location.hash.startsWith('#d1p')")
    browser.until("document.querySelector(location.hash).getBoundingClientRect().top > 40")
    assert browser.in_view(browser.one(browser.js("return location.hash")))
    assert browser.messages() == []


def test_verified_number_leads_to_its_formula(browser: Browser, samples: Any) -> None:
    browser.open(samples.page(samples.plan()))
    mark = browser.one("pre a.v")
    mark.click()
    entry = browser.one(browser.js("return location.hash"))
    assert "64 × 2 × 8 = 1,024" in entry.text
    browser.until("document.querySelector(location.hash).getBoundingClientRect().bottom <= innerHeight")
    assert browser.in_view(mark)
    entry.find_element(By.TAG_NAME, "a").click()
    assert browser.js("return document.querySelector(location.hash) === arguments[0]", mark)


def test_hover_shows_the_computation(browser: Browser, samples: Any) -> None:
    browser.open(samples.page(samples.plan()))
    browser.hover(browser.one(".doc a.c"))
    browser.until("!document.getElementById('pop').hidden")
    shown = browser.one("#pop")
    assert "4,294,967,296" in shown.text and "as written" in shown.text
    assert browser.in_view(shown) and browser.many(".doc .hit"), "premises light up"
    assert not browser.many("#pop [id]")
    browser.shot("hover")
    browser.hover(browser.one("h1"))
    browser.until("document.getElementById('pop').hidden")
    browser.hover(browser.one(".doc a.n"))
    browser.until("!document.getElementById('pop').hidden")
    assert "not checked: no rule applies" in browser.one("#pop").text
    assert browser.messages() == []


def test_keyboard_alone(browser: Browser, samples: Any) -> None:
    browser.open(samples.page(samples.plan()))
    browser.keys("n")
    assert browser.focused().get_attribute("data-n") == "1" and browser.one("#where").text.startswith("1 of 3")
    browser.keys("n")
    assert browser.focused().get_attribute("data-n") == "2" and browser.in_view(browser.one("#d1f2"))
    browser.keys("p")
    assert browser.focused().text.startswith("4.3 TFLOPS")
    browser.keys(Keys.ENTER)
    browser.until("location.hash === '#d1f1'")
    browser.keys(Keys.TAB)
    assert browser.js("return document.activeElement.closest('#d1f1') !== null"), "Tab goes on inside the card"
    browser.keys(Keys.ESCAPE)
    assert browser.focused().text.startswith("4.3 TFLOPS"), "Escape returns to the mark"


def test_stepping_takes_both_columns_along(browser: Browser, samples: Any) -> None:
    browser.open(samples.page(samples.long(600)))
    for number in range(1, 13):
        browser.keys("n")
        mark, card = browser.focused(), browser.one(f"#d1f{number}")
        assert mark.get_attribute("data-n") == str(number)
        assert browser.in_view(mark) and browser.in_view(card), number


def test_tab_shows_the_derivation_and_escape_closes_it(browser: Browser, samples: Any) -> None:
    browser.open(samples.page(samples.plan()))
    browser.js("document.querySelector('.doc a').focus()")
    browser.keys(Keys.TAB)
    browser.until("!document.getElementById('pop').hidden")
    outline = browser.js("return getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid", "the focus is visible"
    here = browser.focused()
    browser.keys(Keys.ESCAPE)
    assert not browser.one("#pop").is_displayed() and browser.focused() == here


def test_every_mark_can_be_focused_and_says_its_status(browser: Browser, samples: Any) -> None:
    browser.open(samples.page(samples.plan()))
    assert browser.js(
        "return [...document.querySelectorAll('.doc a')].every(a => a.tabIndex === 0 && (a.ariaLabel ||"
        " document.getElementById(a.getAttribute('aria-describedby')).textContent))"
    )


def test_filters(browser: Browser, samples: Any) -> None:
    browser.open(samples.page(samples.plan()))
    line = "getComputedStyle(document.querySelector('pre a.v')).textDecorationLine"
    assert browser.js(f"return {line}") == "underline"
    browser.one("input[value=v]").click()
    assert browser.js(f"return {line}") == "none"
    assert not browser.one(".num.v").is_displayed() and browser.one("#d1f1").is_displayed()
    browser.one("input[value=v]").click()
    assert browser.one(".num.v").is_displayed()
    Select(browser.one("select[name=severity]")).select_by_visible_text("warning")
    assert [card.is_displayed() for card in browser.many(".f")] == [False, True, False]
    assert browser.one("#where").text.startswith("1 ")
    browser.one("#next").click()
    assert browser.focused().get_attribute("data-n") == "2"
    Select(browser.one("select[name=severity]")).select_by_visible_text("every severity")
    Select(browser.one("select[name=rule]")).select_by_visible_text("arithmetic/product")
    assert [card.is_displayed() for card in browser.many(".f")] == [True, False, False]
    assert not [each for each in browser.many(".side .num li") if each.is_displayed()]
    Select(browser.one("select[name=rule]")).select_by_visible_text("memory/weights")
    assert [each.text.split()[0] for each in browser.many(".side .num li") if each.is_displayed()] == ["60"]
    browser.one("#next")
    assert not browser.one("#next").is_enabled()
    assert browser.messages() == []


def test_phone(browser: Browser, samples: Any) -> None:
    browser.size(*PHONE)
    browser.open(samples.page(samples.plan(), samples.long(300, "a/rather/long/path/of-a-document-that-wraps.md")))
    assert browser.js("return document.documentElement.scrollWidth") <= PHONE[0], "only tables and code scroll sideways"
    assert browser.js("return getComputedStyle(document.querySelector('.tw')).overflowX") == "auto"
    browser.shot("phone")
    mark = browser.one(".doc a.c")
    browser.js("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", mark)
    mark.click()
    sheet = browser.one("#pop")
    box = browser.js("const b = arguments[0].getBoundingClientRect(); return [b.left, b.right, b.bottom]", sheet)
    assert sheet.is_displayed() and box == [0, PHONE[0], PHONE[1]]
    browser.shot("phone-sheet")
    browser.one("#pop .x").click()
    assert not sheet.is_displayed() and browser.focused() == mark
    mark.click()
    browser.one("#pop dd a").click()
    browser.until("location.hash.startsWith('#d1p')")
    assert not sheet.is_displayed()
    assert browser.one("#next").is_displayed() and browser.in_view(browser.one("#next"))


def test_on_a_phone_the_findings_come_first(browser: Browser, samples: Any) -> None:
    """Then the document, then all the other numbers; the computation of a finding is a tap away."""
    browser.size(*PHONE)
    browser.open(samples.page(samples.plan()))
    places = "[...document.querySelectorAll('.f, .doc, .rest')].map(e => [e.className.split(' ')[0], e.getBoundingClientRect().top])"
    assert [name for name, _ in sorted(browser.js(f"return {places}"), key=lambda each: each[1])] == ["f", "f", "f", "doc", "rest"]
    assert browser.in_view(browser.one("#d1f1 .msg")), "the first finding without scrolling"
    formula = browser.one("#d1f1 .calc")
    assert not formula.is_displayed()
    browser.one("#d1f1 summary").click()
    assert formula.is_displayed()
    browser.one(".jump").click()
    browser.until("location.hash === '#d1t'")
    browser.shot("phone-findings")
    browser.size(*DESKTOP)
    browser.until("document.querySelector('#d1f2 .how').open")
    assert browser.one("#d1f2 .calc").is_displayed()
    assert browser.js("return document.querySelector('.side').getBoundingClientRect().left > 600")


@pytest.mark.parametrize("width", [320, 360, 768, 1024, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_of_the_bar_is_cut_off(browser: Browser, samples: Any, width: int, scheme: str) -> None:
    """Every filter and the stepper can be seen and reached at any width, with every filter that there is."""
    browser.size(width, 800)
    browser.media(scheme=scheme)
    draft = samples.draft("b.md", "A long one: 5 GB.\n")
    draft.find("5 GB", "no", rule="a-rule-with-a-very-long-name-that-no-bar-has-room-for").say("5 GB", Status.CONTRADICTED, finding=0)
    draft.say("long", Status.VERIFIED, derivation="x", read_by="a-model-with-a-long-name-2026-11-30")
    browser.open(samples.page(samples.words(), draft.done()))
    filters = browser.one("#filters")
    if width <= 1024:
        assert not browser.one("#bar select").is_displayed()
        browser.one("#filters summary").click()
    assert filters.get_attribute("open")
    outside = browser.js(
        "return [...document.querySelectorAll('#bar label, #bar select, #bar button, #where')].filter(e => {"
        " const b = e.getBoundingClientRect(); return b.width === 0 || b.left < 0 || b.right > innerWidth; }).length"
    )
    assert outside == 0 and browser.js("return document.documentElement.scrollWidth") <= width
    overlaps = browser.js(
        "const all = [...document.querySelectorAll('#bar label, #bar button')].map(e => e.getBoundingClientRect());"
        "return all.some((a, i) => all.some((b, j) => i < j && a.left < b.right - 1 && b.left < a.right - 1"
        " && a.top < b.bottom - 1 && b.top < a.bottom - 1))"
    )
    assert not overlaps
    browser.shot(f"bar-{width}-{scheme}")


def test_the_view_of_what_is_unknown(browser: Browser, samples: Any) -> None:
    """Only unknown words with their numbers, which stand out in the text; a phone has them before the text."""
    browser.open(samples.page(samples.words(), samples.plan()))
    Select(browser.one("select[name=view]")).select_by_visible_text("what is unknown")
    shown = [each.text for each in browser.many(".side li") if each.is_displayed()]
    assert shown == ["40 s time, line 3", "50 s time, line 3", "2 line 3", "7 line 5"]
    assert [each.text for each in browser.many(".side h3") if each.is_displayed()] == ["Not understood 4"]
    assert not any(card.is_displayed() for card in browser.many(".f"))
    marked = "[...document.querySelectorAll('.doc a:not(.off):not(.ref)')].map(a => a.textContent)"
    assert browser.js(f"return {marked}") == ["40 s", "50 s", "2", "7"]
    assert browser.js("return document.querySelector('#filters').classList.contains('on')")
    browser.hover(browser.one(".doc a.n"))
    browser.until("!document.getElementById('pop').hidden")
    assert browser.one("#pop .st").text.endswith("not understood: Drain takes")
    browser.size(*PHONE)
    assert browser.js(
        "return document.querySelector('.rest').getBoundingClientRect().top < document.querySelector('.doc').getBoundingClientRect().top"
    )
    browser.shot("unknown")
    assert browser.messages() == []


def test_operands_are_not_underlined(browser: Browser, samples: Any) -> None:
    """What claims nothing draws no eye; it still says what it is when asked."""
    browser.open(samples.page(samples.words()))
    assert browser.js("return getComputedStyle(document.querySelector('.doc a.o')).textDecorationLine") == "none"
    browser.hover(browser.one(".doc a.o"))
    browser.until("!document.getElementById('pop').hidden")
    assert browser.one("#pop .st").text.endswith("no claim: part of a name")


def test_dark(browser: Browser, samples: Any) -> None:
    browser.media(scheme="dark")
    browser.open(samples.page(samples.plan()))
    red, green, blue = browser.js("return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
    assert red + green + blue < 150
    browser.shot("dark")


def test_without_javascript(browser: Browser, samples: Any) -> None:
    browser.scripting(False)
    browser.open(samples.page(samples.plan()))
    assert not browser.one("#bar").is_displayed() and browser.one(".num.v").is_displayed()
    browser.one("pre a.v").click()
    assert browser.driver.current_url.endswith(browser.one("pre a.v").get_attribute("href").rpartition("#")[2])
    browser.shot("no-script")


def test_paper(browser: Browser, samples: Any) -> None:
    browser.open(samples.page(samples.plan()))
    browser.media("print")
    assert not browser.one("#bar").is_displayed() and browser.one(".num.v").is_displayed()
    note, list_top = browser.js(
        "return [getComputedStyle(document.querySelector('pre a.v'), '::after').content,"
        " document.querySelector('.side').getBoundingClientRect().top -"
        " document.querySelector('.doc').getBoundingClientRect().bottom]"
    )
    assert "counter" in note and list_top >= 0, "derivations follow the text as end notes"
    pdf = base64.b64decode(browser.driver.execute_cdp_cmd("Page.printToPDF", {})["data"])
    assert pdf.startswith(b"%PDF")
    (browser.folder / "plan.pdf").write_bytes(pdf)


def test_hostile_text_stays_text(browser: Browser, samples: Any) -> None:
    report = samples.hostile()
    browser.open(samples.page(report))
    for mark in browser.many(".doc a")[:4]:
        browser.hover(mark)
        time.sleep(0.2)
    seen = browser.js(
        "return [...document.querySelectorAll('*')].flatMap(e => [...e.attributes].map(a => a.name))"
        ".filter(n => n.startsWith('on') || n === 'src')"
    )
    assert seen == []
    assert browser.js("return document.body.textContent.includes('<script>alert(1)</script>')"), "shown, not run"
    assert "javascript:alert(4)" in browser.one(".doc").text and "U+202E" in browser.one(".doc").text
    assert browser.js("return getComputedStyle(document.body).display") == "block", "its <style> had no effect"
    browser.shot("hostile")
    assert browser.messages() == []


def test_policy_stops_injected_code(browser: Browser, samples: Any) -> None:
    browser.open(samples.page(samples.plan()))
    blocked = browser.js(
        "let kept = []; try { const s = document.createElement('script'); s.text = 'window.hit = 1';"
        " document.body.append(s); } catch (e) { kept.push('script'); }"
        "try { document.body.innerHTML = '<img>'; } catch (e) { kept.push('html'); }"
        "const t = document.createElement('style'); t.textContent = 'body{display:none}'; document.head.append(t);"
        "return [window.hit === undefined, kept.includes('html'), getComputedStyle(document.body).display]"
    )
    assert blocked == [True, True, "block"]


def test_three_thousand_lines_stay_smooth(browser: Browser, samples: Any) -> None:
    html = samples.page(samples.long(3000))
    began = time.monotonic()
    browser.open(html)
    browser.until("document.documentElement.classList.contains('js')")
    loaded = time.monotonic() - began
    spent = browser.js(
        "const spent = {};"
        "const time = (name, run) => { const t = performance.now(); run(); document.body.offsetHeight;"
        " spent[name] = performance.now() - t; };"
        "time('next', () => document.getElementById('next').click());"
        "time('filter', () => document.querySelector('input[value=n]').click());"
        "time('again', () => document.querySelector('input[value=n]').click()); return spent"
    )
    print(f"loaded in {loaded:.2f} s, {spent}")
    # Generous for a loaded machine; measured: 0.6 s and at most 0.2 s.
    assert loaded < 15 and max(spent.values()) < 3000
