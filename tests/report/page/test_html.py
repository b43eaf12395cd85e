"""The page as text: well formed, nothing from outside unescaped, every link leads somewhere, and small enough."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections import Counter
from html.parser import HTMLParser
from typing import Any

import pytest
from jinja2 import UndefinedError

import stratlint
from stratlint.report.html import asset, render
from stratlint.report.options import RenderOptions, RuleInfo
from stratlint.report.outcome import DocumentReport
from stratlint.report.page.details import repaired
from stratlint.report.page.places import LETTER
from stratlint.report.page.template import rendered
from stratlint.rules.finding import Location, Severity, Status, Suggestion
from stratlint.rules.ledger import UNSAID

VOID = {"meta", "link", "br", "input", "rect"}
OWN_TAGS = set(
    re.findall(
        r"\w+",
        """
    html head meta title link style body a div header p h1 h2 h3 h4 h5 h6 svg rect ul ol li b span details summary nav
    table thead tbody tr th td label input select option output button main article section aside dl dt dd
    code pre strong del var i blockquote footer kbd script br
""",
    )
)


class Page(HTMLParser):
    """Elements, ids, links and text; raises on anything that does not nest."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: Counter[str] = Counter()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.document: list[str] = []
        self.raw: Counter[str] = Counter()
        self.feed(html)
        self.close()
        assert self.stack == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        assert len(values) == len(attrs), f"an attribute twice on <{tag}>"
        self.tags[tag] += 1
        self.attributes.update(list(values))
        self.elements.append((tag, values))
        if "id" in values:
            self.ids.append(values["id"])
        if "href" in values:
            self.links.append(values["href"])
        if tag == "a":
            assert "a" not in self.stack, "a link in a link"
        if tag not in VOID:
            self.stack.append(f"{tag}.{values.get('class', '')}" if tag == "div" else tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.stack[-1].split(".")[0] == tag, (self.stack[-5:], tag)
            self.stack.pop()

    def handle_data(self, data: str) -> None:
        if self.stack and self.stack[-1] in ("script", "style"):
            self.raw[self.stack[-1]] += 1
            return
        self.words.append(data)
        if "div.doc" in self.stack:
            self.document.append(data)

    @property
    def text(self) -> str:
        return "".join(self.document)

    def check_links(self) -> None:
        assert max(Counter(self.ids).values()) == 1, "an id twice"
        known = set(self.ids)
        broken = [link for link in self.links if link.startswith("#") and link[1:] not in known]
        assert broken == []
        described = {name for _, each in self.elements for name in each.get("aria-describedby", "").split()}
        labelled = {name for _, each in self.elements for name in each.get("aria-labelledby", "").split()}
        assert described | labelled <= known


@pytest.fixture(params=["plan", "long", "hostile", "many", "none", "unread"], scope="module")
def html(request: pytest.FixtureRequest, samples: Any) -> str:
    documents: dict[str, tuple[DocumentReport, ...]] = {
        "plan": (samples.plan(),),
        "long": (samples.long(),),
        "hostile": (samples.hostile(),),
        "many": (samples.plan(), samples.plan("b.md"), samples.hostile(), DocumentReport("x.md", error="<gone>")),
        "none": (),
        "unread": (DocumentReport("x.md", error="No such file"),),
    }
    return samples.page(*documents[request.param])


def test_well_formed_and_links_resolve(html: str) -> None:
    page = Page(html)
    page.check_links()
    assert page.tags["h1"] >= 1 and page.tags["main"] == 1


def test_only_own_elements_and_no_network(html: str) -> None:
    page = Page(html)
    assert set(page.tags) <= OWN_TAGS
    assert page.tags["script"] == 1 and page.tags["style"] == 1
    assert not [name for name in page.attributes if name.startswith("on") or name in ("style", "src", "action")]
    assert all(link.startswith(("#", "data:image/svg+xml,")) for link in page.links)
    assert html.startswith('<!DOCTYPE html>\n<html lang="en">') and html.endswith("\n")


def test_policy_allows_exactly_what_is_inline(html: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert policy and "unsafe" not in policy[1] and policy[1].startswith("default-src 'none'")
    for tag in ("script", "style"):
        inline = re.search(f"<{tag}>(.*?)</{tag}>", html, re.S)
        assert inline
        digest = base64.b64encode(hashlib.sha256(inline[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy[1]


def test_no_misleading_character_survives(html: str) -> None:
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", html)
    html.encode("utf-8")


def test_the_template_shows_whatever_it_is_given_and_runs_none_of_it(samples: Any) -> None:
    """Version, path, rule, reader, reason, unknown word: all of it is text, in elements and in attributes."""
    evil = "\"><script>alert(1)</script>{{ 7 * 7 }}{% raw %}' onload=x \u202e"
    draft = samples.draft(evil, "Just 5 and 6 and 7 words.\n")
    draft.find("5", evil, rule=evil)
    draft.say("5", Status.CONTRADICTED, finding=0, rule=evil, read_by=evil)
    draft.say("6", Status.NOT_CHECKED, reason=UNSAID, words=evil)
    draft.say("7", Status.NOT_CHECKED, reason=evil, kind="known")
    html = samples.page(draft.done(), samples.draft(evil + "2", "8\n").done(), options=RenderOptions(version=evil))
    page = Page(html)
    page.check_links()
    assert page.tags["script"] == 1 and not [name for name in page.attributes if name.startswith("on")]
    shown = evil.replace("\u202e", "U+202E")
    assert "49" not in "".join(page.words) and "\u202e" not in html
    words = "".join(page.words)
    for place in (f"stratlint {shown} · the numbers", f"1 × {shown}", f"only {shown}", f"{shown}2"):
        assert place in words, place
    assert f"findings and derivations, {shown}" in {each.get("aria-label") for _, each in page.elements}


def test_what_is_not_given_to_the_template_is_a_mistake() -> None:
    """A value that is forgotten stops the page; it does not leave a gap."""
    with pytest.raises(UndefinedError):
        rendered("page.html.j2")


def test_meanings_are_told_in_words(samples: Any) -> None:
    html = samples.page(samples.words())
    assert '6 GB</a> <span class="dim">KV cache per token</span><code>2 × 3 GB = 6 GB</code>' in html
    assert "kv_per_token" not in html and "memory." not in html


def test_operands_and_names_are_neither_verified_nor_missing(samples: Any) -> None:
    """They claim nothing: no underline, not counted among what was checked or not checked."""
    html = samples.page(samples.words())
    marks = {name: letter for letter, name in re.findall(r'<a class="(\w)" id="d1m(\d+)"', html)}
    shown = [marks[str(index)] for index, _ in enumerate(samples.words().ledger)]
    assert shown == ["o", "n", "n", "n", "n", "o", "o", "v"]
    assert "<b>1</b> verified" in html and "<b>4</b> not checked" in html and "counted apart: 2 operands, 1 name." in html
    assert re.findall(r"<h3>(\w[\w ]*) <span>(\d+)</span>", html) == [
        ("Verified", "1"),
        ("Not understood", "4"),
        ("Operands and names", "3"),
    ]


def test_what_is_unknown_is_listed_by_word(samples: Any) -> None:
    """How often, at which numbers, on which lines; the commonest first, and last the numbers beside which no word stands."""
    html = samples.page(samples.words())
    Page(html).check_links()
    part = html[html.index("<h3>Not understood") : html.index("<h3>Operands")]
    assert re.findall(r'<summary>(.*?) <span class="dim">(\d+)</span></summary>', part) == [
        ("Drain takes", "2"),
        ("Spare nodes", "1"),
        ("no word beside it says what it is", "1"),
    ]
    assert re.findall(r">([^<]+)</a> <span class=\"dim\">([^<]+)</span>", part)[:2] == [("40 s", "time, line 3"), ("50 s", "time, line 3")]
    assert "What is unknown: 2 words at 3 numbers" in html and '<li>2 × <a href="#d1n1">Drain takes</a></li>' in html


def test_a_page_that_is_understood_has_no_list_of_what_is_unknown(samples: Any) -> None:
    html = samples.page(samples.plan())
    assert "What is unknown" not in html and "Not understood" not in html and 'name="view"' not in html


def test_what_a_message_quotes_is_code(samples: Any) -> None:
    draft = samples.draft("a.md", "Just 5 words.\n")
    draft.find("5", "`5 <b>` is not `6`, ` alone")
    assert '<p class="msg"><code>5 &lt;b&gt;</code> is not <code>6</code>, ` alone</p>' in samples.page(draft.done())


def test_same_input_same_bytes(samples: Any) -> None:
    assert samples.page(samples.plan()) == samples.page(samples.plan())


def test_document_is_rendered(samples: Any) -> None:
    html = samples.page(samples.plan())
    text = re.sub(r"\s+", " ", Page(html).text)
    assert "so that every accelerator holds" in text  # a wrapped line is one line
    assert "Activations per layer: 2 × 128 × 1024 × 1024 × 16 = 4.3 TFLOPS" in text  # no backticks
    assert "**" not in text and "~~" not in text and "`" not in text
    for piece in (
        "<del>",
        "<blockquote>",
        "<ol>",
        '<th class="right">degree</th>',
        "<thead>",
        "<h3>Throughput</h3>",
        "<strong>Available</strong>",
        "<br>",
    ):
        assert piece in html


def test_every_number_is_marked_once_where_it_stands(samples: Any) -> None:
    report = samples.plan()
    html = samples.page(report)
    shown = re.sub(r"<[^>]+>", "", html)
    for index, entry in enumerate(report.ledger):
        mark = re.search(rf'<a class="([vcbin])" id="d1m{index}"[^>]*>(.*?)</a>', html)
        assert mark, entry
        assert re.sub("<[^>]+>", "", mark[2]) == entry.location.text
        assert mark[1] == LETTER[entry.status]
    assert "64 × 2 × 8 = 1,024" in shown


def test_marks_lead_to_derivations_and_back(samples: Any) -> None:
    html = samples.page(samples.plan())
    contradicted = re.search(r'<a class="c" id="(d1m\d+)" href="#(d1f1)"[^>]* data-n="1">', html)
    assert contradicted
    card = html[html.index('id="d1f1"') : html.index('id="d1f2"')]
    assert f'href="#{contradicted[1]}"' in card
    for said in ("4,294,967,296", "as written", "IEC 80000-13", "4.3 GFLOP", "An amount of work", "line 23"):
        assert said in card
    premise = re.search(r'href="#(d1p1r1)">2 × 128 × 1024', card)
    assert premise and f'<span class="s" id="{premise[1]}">' in html


def test_premise_in_another_document_is_linked(samples: Any) -> None:
    spec = samples.draft("spec.md", "The node has 8 GPUs.\n").rest().done()
    draft = samples.draft("plan.md", "We use 16 GPUs of a node.\n")
    there = samples.draft("spec.md", "The node has 8 GPUs.\n").at("8 GPUs", 0, "node")
    draft.find("16", "a node has 8", related=(there,))
    draft.say("16", Status.CONTRADICTED, finding=0)
    page = Page(samples.page(draft.done(), spec))
    page.check_links()
    assert any(link.startswith("#d2") and link != "#d2" for link in page.links)


def test_overlapping_claims_and_findings_stay_reachable(samples: Any) -> None:
    draft = samples.draft("a.md", "Here **64 × 2 =** 128 and `12 GB` more.\n")
    whole = draft.at("64 × 2 =** 128")
    draft.find(whole, "one").find(whole, "two", severity=Severity.WARNING).find(draft.at("2 =** 128 and"), "three")
    draft.say("64 × 2", Status.VERIFIED, derivation="a").say("2 =** 1", Status.NOT_CHECKED, reason="overlap")
    draft.say(draft.at("128"), Status.CONTRADICTED, finding=0)
    draft.say(draft.at("12 GB` more"), Status.VERIFIED, derivation="b")
    html = samples.page(draft.done())
    page = Page(html)
    page.check_links()
    assert page.text.strip() == "Here 64 × 2 = 128 and 12 GB more."
    assert {"#d1f1", "#d1f2", "#d1f3"} <= {link for link in page.links if "f" in link}


def test_locations_outside_the_text_are_harmless(samples: Any) -> None:
    draft = samples.draft("a.md", "Just 5 words.\n")
    for start, end in ((-5, -1), (10**6, 10**6 + 4), (5, 5), (8, 2), (0, 10**7)):
        bad = Location("a.md", start, end, 0, 0, 0, 0, "role", "text")
        draft.say(bad, Status.VERIFIED, derivation="d")
        draft.find(bad, "m", related=(bad,))
    page = Page(samples.page(draft.done()))
    page.check_links()
    assert "Just 5 words." in page.text


@pytest.mark.parametrize(
    "source",
    [
        "- a\n  - b\n    1. c\n\n       d\n- e\n\n3. f\n5. g\n",
        "> - a\n>   > b\n> - c\n\n- d\n  > e\n  >\n  > - f\n",
        "- ```\n  code 1\n  ```\n- # head 2\n- | a | b |\n  |--|--|\n  | 3 | 4 |\n  | 5 |\n",
        "".join(f"{'  ' * depth}- level {depth}\n" for depth in range(80)),
        "> " * 50 + "deep 1\n",
        "---\ntitle: 5\n---\n\ntext 6\n\n<!-- 7 -->\n\n<div>8</div>\n",
        "Setext 1\n===\n\n    indented 2\n\n***3***\n\\* 4 &amp; &lt;b&gt; &nbsp; 5<br>6 [a](b) <http://x.y> $7\\times8$\n",
        "a 1\r\nb 2\r\n\r\n- c 3\r\n- d 4\r",
        "",
        "\n\n",
        "\x00",
        "\ud800 1",
        "\ufeff# 1\n",
    ],
)
def test_any_structure_is_well_formed_with_every_number(samples: Any, source: str) -> None:
    report = samples.draft("a.md", source).rest().done()
    html = samples.page(report)
    page = Page(html)
    page.check_links()
    for number in re.findall(r"\d+", "|".join(block.text for block in report.document.blocks)):
        assert number in page.text


def test_lists_nest_as_written(samples: Any) -> None:
    html = samples.page(samples.draft("a.md", "- a\n  - b\n\n    c\n  - d\n- e\n\n3. f\n5. g\n").done())
    body = re.sub(r"\n", "", html[html.index('<div class="doc"') : html.index("<aside")])
    assert body.endswith(
        '<ul><li>a<ul><li>b<p>c</p></li><li>d</li></ul></li><li>e</li></ul><ol start="3"><li>f</li><li value="5">g</li></ol></div>'
    )


def test_quotes_and_lists_nest_as_written(samples: Any) -> None:
    html = samples.page(samples.draft("a.md", "> - a\n>   > b\n> - c\n\n- d\n  > e\n  >\n  > - f\n").done())
    body = re.sub(r"\n", "", html[html.index('<div class="doc"') : html.index("<aside")])
    assert body.endswith(
        "<blockquote><ul><li>a<blockquote><p>b</p></blockquote></li><li>c</li></ul></blockquote>"
        "<ul><li>d<blockquote><p>e</p><ul><li>f</li></ul></blockquote></li></ul></div>"
    )


def test_rule_pages_are_linked_only_over_http(samples: Any) -> None:
    rules = {
        "arithmetic/product": RuleInfo("arithmetic/product", 'a "sum"', help_uri="https://example.org/r#p"),
        "parallelism/bubble": RuleInfo("parallelism/bubble", help_uri="javascript:alert(1)"),
    }
    html = samples.page(samples.plan(), options=RenderOptions(rules=rules))
    assert '<a href="https://example.org/r#p" rel="noreferrer" title="a &quot;sum&quot;">' in html
    assert "javascript:" not in html


def test_a_repair_of_a_part_shows_the_whole_claim(samples: Any) -> None:
    draft = samples.draft("a.md", "It takes 4.3TFLOPS per layer.\n")
    whole, unit = draft.at("4.3TFLOPS per layer"), draft.at("TFLOPS")
    fix = Suggestion(unit.start, unit.end, 1, 13, 1, 19, "GFLOPS")
    assert repaired(whole, fix) == "4.3GFLOPS per layer"
    assert repaired(draft.at("per layer"), fix) == "GFLOPS"


def test_paths_are_shown_as_in_other_formats(samples: Any) -> None:
    options = RenderOptions(base="/repo", directory="/repo/sub")
    page = Page(samples.page(samples.plan("/repo/docs/a.md"), samples.plan("b.md"), options=options))
    assert {"docs/a.md", "sub/b.md"} <= set(page.words) and "/repo" not in "".join(page.words)


def test_three_thousand_lines_are_small_and_fast(samples: Any) -> None:
    report = samples.long(3000)
    source = len(report.document.text.encode())
    began = time.process_time()
    size = len(samples.page(report).encode())
    assert time.process_time() - began < 2
    assert size <= 6 * source


def test_time_grows_with_the_text_not_its_square(samples: Any) -> None:
    def spent(lines: int) -> float:
        report = samples.long(lines)
        times = []
        for _ in range(2):
            began = time.process_time()
            samples.page(report)
            times.append(time.process_time() - began)
        return min(times)

    assert spent(4000) < 16 * spent(500) + 0.1


def test_many_findings_at_one_place(samples: Any) -> None:
    draft = samples.draft("a.md", "one 1 " * 500 + "\n")
    for index in range(400):
        draft.find(draft.span(0, 6 + index), f"finding {index}")
    page = Page(samples.page(draft.done()))
    page.check_links()
    targets = {link for link in page.links if re.fullmatch(r"#d1f\d+", link)}
    assert "#d1f1" in targets


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1, 2], ids=["light", "dark", "print"])
def test_contrast_is_aa(theme: int) -> None:
    """4.5:1 for all text on every ground it stands on, 3:1 for the underlines."""
    themes = re.findall(r":root\{(.*?)\}", asset("style.css"), re.S)
    colours: dict[str, str] = {}
    for part in themes[: 1 if theme == 0 else 2] if theme < 2 else themes:
        for name, value in re.findall(r"--([a-z]+):(#[0-9a-f]{3,6})\b", part):
            colours[name] = value if len(value) == 7 else "#" + "".join(digit * 2 for digit in value[1:])
    pairs = [("ink", ground) for ground in ("paper", "panel", "vb", "cb", "ib", "nb", "hit")]
    pairs += [(text, ground) for text in ("soft", "v", "c", "i") for ground in ("paper", "panel")]
    pairs += [("c", "cb"), ("i", "ib"), ("soft", "hit"), ("c", "hit"), ("i", "hit"), ("n", "paper")]
    for text, ground in pairs:
        light, dark = sorted((_luminance(colours[text]), _luminance(colours[ground])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)


def test_the_head_counts_findings_and_the_bar_numbers() -> None:
    """A remark about a comment is a finding about no number, and what is silenced is not forgotten."""
    page = render(
        stratlint.check_text(
            "2 × 3 = 7 GPUs <!-- stratlint: ignore[wrong-sum]: x -->\n\n2 × 3 = 8 GPUs <!-- stratlint: ignore[wrong-product]: y -->\n"
        ),
        RenderOptions(),
    )
    assert "<strong>1 error, 1 warning</strong>, 1 silenced. 2 numbers of 2 were recomputed; 100\u00a0% were understood" in page
    assert "; counted apart: 4 operands." in page
    assert "<b>0</b> consistent" in page and "<b>2</b> contradicted" in page


def test_what_was_accepted_is_shown_with_its_reason() -> None:
    page = render(stratlint.check_text("2 × 3 = 8 GPUs <!-- stratlint: ignore[wrong-product]: see <b>below</b> -->\n"), RenderOptions())
    assert "<h3>Accepted <span>1</span></h3>" in page
    assert "claims 8 GPUs, but 2 × 3 = 6 GPUs" in page
    assert "(accepted in the document: see &lt;b&gt;below&lt;/b&gt;)" in page
