"""What an amount of a sentence counts, and per what: the nouns and units that its neighbours give it."""

from __future__ import annotations

import pytest

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.meaning.page import page_of
from stratlint.meaning.statement import Term


def term(sentence: str, text: str) -> Term:
    page = page_of(extract(parse(sentence, "x.md")))
    return next(term for statement in page.statements for term in statement.terms if term.amount.text.startswith(text))


@pytest.mark.parametrize(
    ("sentence", "text", "dimensions"),
    [
        ("Every machine carries eight H100s.", "eight", {"device": 1.0, "node": -1.0}),
        ("Each GPU contributes 4,800 tokens per second.", "4,800", {"device": -1.0, "time": -1.0, "token": 1.0}),
        ("Per GPU we are at 4,800 tokens per second.", "4,800", {"device": -1.0, "time": -1.0, "token": 1.0}),
        ("A host has two 200 Gb/s ports.", "two", {"port": 1.0, "node": -1.0}),
        ("A host has two 200 Gb/s ports.", "200", {"port": -1.0, "information": 1.0, "time": -1.0}),
        ("That is 900 GPU-hours at $3.", "$3", {"device": -1.0, "money": 1.0, "time": -1.0}),
        ("We rent 64 GPUs for 20 hours at $3.", "$3", {"device": -1.0, "money": 1.0, "time": -1.0}),
        ("It costs $0.85 per million tokens.", "$0.85", {"money": 1.0, "token": -1.0}),
        ("It takes 0.4 kWh per 1,000 requests.", "0.4", {"energy": 1.0, "request": -1.0}),
        ("It delivers 8,050 tokens/s against 5,885.", "5,885", {"time": -1.0, "token": 1.0}),
        ("Half a million tokens pass.", "half a million", {"token": 1.0}),
        ("A rack takes 40 kW/rack.", "40", {"energy": 1.0, "rack": -1.0, "time": -1.0}),
        ("It has 48 links/switch.", "48", {"link": 1.0, "switch": -1.0}),
        ("Power is €0.25/kWh.", "€0.25", {"energy": -1.0, "money": 1.0}),
        ("It emits 0.3 t/MWh.", "0.3", {"energy": -1.0, "mass": 1.0}),
        ("It takes 512 / token.", "512", {"token": -1.0}),
        ("Cost per million tokens: $0.40", "$0.40", {"money": 1.0, "token": -1.0}),
        ("Monthly cost: $900", "$900", {"money": 1.0, "time": -1.0}),
        ("We pay $2.50 per GPU hour.", "$2.50", {"device": -1.0, "money": 1.0, "time": -1.0}),
    ],
)
def test_an_amount_has_the_dimensions_that_its_sentence_gives_it(sentence: str, text: str, dimensions: dict[str, float]) -> None:
    assert dict(term(sentence, text).dimensions) == dimensions


def test_so_many_of_a_thing_below_the_line_are_in_the_factor() -> None:
    assert term("It costs $0.85 per million tokens.", "$0.85").amount.first.nominal == pytest.approx(0.85e-6)
    assert term("Half a million tokens pass.", "half").amount.first.nominal == 500_000


@pytest.mark.parametrize(
    ("sentence", "text", "role"),
    [
        ("A rack draws 31 kW under load.", "31", "limit"),
        ("The hall takes 3 MW before cooling.", "3 MW", "before"),
        ("It is over after twenty days.", "twenty", "after"),
    ],
)
def test_a_preposition_speaks_of_what_follows_it(sentence: str, text: str, role: str) -> None:
    assert role not in term(sentence, text).tags


def test_a_label_names_the_result_unless_that_counts_something_else() -> None:
    assert term("Cache: 32 × 4 GB = 128 GB", "128 GB").name == frozenset({"cache"})
    assert term("Nodes: 64 × 8 GPUs = 512 GPUs", "512 GPUs").name == frozenset({"device"})
