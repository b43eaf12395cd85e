"""The built site: every link leads somewhere, every rule has its page, and nothing comes from the network."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from lxml import html

from stratlint.report import FORMATS
from stratlint.rules.registry import load_rules

ROOT = Path(__file__).parents[2]
SITE = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Documentation"]
_LOADED = (("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"))


@cache
def parsed(path: Path) -> html.HtmlElement:
    return html.fromstring(path.read_bytes())


@cache
def names(path: Path) -> frozenset[str]:
    """What an address may point at within a page."""
    page = parsed(path)
    return frozenset([*page.xpath("//@id"), *page.xpath("//a/@name")])


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def target(site: Path, page: Path, link: str) -> tuple[Path, str] | None:
    """The file and the anchor that a link of a page leads to; None for another site."""
    here = urljoin(SITE, page.relative_to(site).as_posix())
    address, anchor = urldefrag(urljoin(here, link))
    if not address.startswith(SITE):
        return None
    path = site / unquote(urlsplit(address).path.removeprefix(urlsplit(SITE).path))
    return (path / "index.html" if path.is_dir() else path), unquote(anchor)


def test_every_link_within_the_site_leads_somewhere(site: Path) -> None:
    broken: list[str] = []
    checked = 0
    for page in pages(site):
        if page.name == "404.html":  # its links start at the root of the host
            continue
        for link in {str(each) for each in parsed(page).xpath("//a/@href")}:
            found = target(site, page, link) if not link.startswith(("mailto:", "data:", "javascript:")) else None
            if found is None:
                continue
            checked += 1
            path, anchor = found
            exists = path.is_file() and (not anchor or path.suffix != ".html" or anchor in names(path) or anchor == "__comments")
            broken += [] if exists else [f"{page.relative_to(site)}: {link}"]
    assert broken == []
    assert checked > 2000


def test_nothing_is_loaded_from_another_host(site: Path) -> None:
    foreign = [
        f"{page.relative_to(site)}: {link}"
        for page in pages(site)
        for tag, attribute in _LOADED
        for link in parsed(page).xpath(f"//{tag}[not(@rel='canonical' or @rel='alternate')]/@{attribute}")
        if urlsplit(link).scheme in ("http", "https")
    ]
    assert foreign == []


@pytest.mark.parametrize("name", load_rules().names)
def test_each_rule_has_a_page_with_what_explain_says_and_what_was_measured(site: Path, name: str) -> None:
    rule = load_rules().get(name)
    text = " ".join(parsed(site / "rules" / name / "index.html").xpath("string(//article)").replace("`", "").split())
    for heading in ("Why it matters", "What this rule cannot see", "Contradicted", "Consistent", "Phrasings it was tried on", "Power"):
        assert heading in text
    for said in (rule.why, rule.limits, rule.contradicted, rule.consistent):
        assert " ".join(said.replace("`", "").split()) in text
    for reading in rule.readings:
        assert reading.formula.source in text
    assert "of our own documents" in text or "this rule confirms" in text


def test_the_list_of_rules_leads_to_all_of_them(site: Path) -> None:
    links = {str(link) for link in parsed(site / "rules" / "index.html").xpath("//article//a/@href")}
    assert {f"{name}/" for name in load_rules().names} <= links


def test_every_output_format_is_shown_with_its_real_output(site: Path) -> None:
    page = parsed(site / "formats" / "index.html")
    for name in FORMATS:
        assert page.xpath(f"//h2[@id='{name}']")
    text = page.xpath("string(//article)")
    assert "::error" in text
    assert "sarif-schema-2.1.0.json" in text


def test_the_pages_show_what_the_commands_print(site: Path) -> None:
    adopting = parsed(site / "adopting" / "index.html").xpath("string(//article)")
    assert "500 findings recorded" in adopting
    assert "$ stratlint baseline docs" in adopting
    assert "no findings in 25 documents, 500 silenced" in adopting
    assert "no findings in 1 document, 21 silenced" in adopting
    assert "2 gone and removed" in adopting
    assert "claims 768 MB, but 16 × 64 = 1,024 MB" in adopting
    assert "```" not in adopting
    reading = parsed(site / "how-it-reads" / "index.html").xpath("string(//article)")
    assert "magnitude-slip" in reading


def test_the_gallery_has_every_document_of_ours(site: Path) -> None:
    shown = {str(link) for link in parsed(site / "gallery" / "index.html").xpath("//iframe/@src")}
    assert shown == {f"{path.stem}.html" for path in (ROOT / "fixtures").glob("*.md")}
    for name in shown:
        assert "Content-Security-Policy" in (site / "gallery" / name).read_text(encoding="utf-8")


def test_no_generated_page_is_in_the_repository() -> None:
    assert not (ROOT / "docs" / "rules").exists()
    assert {path.name for path in (ROOT / "docs").glob("*.md")}.isdisjoint({"index.md", "configuration.md", "formats.md", "measured.md"})
