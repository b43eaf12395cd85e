"""Amounts as pages write them, each in a line that is wrong and in its twin that holds: words, prices, units, what is below a slash."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import changes, equations, layouts, shares, units
from stratlint.laws.judge import Judgement

# What the fixtures of conftest judge: every law that may take such an amount for something else.
LAWS = (equations.proposals, changes.proposals, layouts.proposals, shares.proposals, units.proposals)
Judged = Callable[[str], list[Judgement]]
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

# A line, the wrong value in it, and the value that makes it hold.
IN_WORDS = [
    ("Two dozen nodes × 8 GPUs/node = {} GPUs.", "196", "192"),
    ("Half a dozen nodes × 8 GPUs/node = {} GPUs.", "56", "48"),
    ("A dozen racks × 8 nodes/rack = {} nodes.", "98", "96"),
    ("3 dozen nodes × 8 GPUs/node = {} GPUs.", "298", "288"),
    ("Two hundred fifty-six nodes × 8 GPUs/node = {} GPUs.", "2,148", "2,048"),
    ("One thousand twenty-four nodes of 8 GPUs is {} GPUs.", "8,292", "8,192"),
    ("A hundred and twenty hosts of 8 GPUs make {} GPUs.", "990", "960"),
    ("Twenty four nodes × 8 GPUs/node = {} GPUs.", "196", "192"),
    ("Two and a half racks × 8 nodes/rack = {} nodes.", "24", "20"),
    ("Twice eight nodes × 8 GPUs/node = {} GPUs.", "136", "128"),
    ("Half of the eight nodes × 8 GPUs/node = {} GPUs.", "36", "32"),
    ("Twice 36 GPUs = {} GPUs.", "76", "72"),
    ("Three times 96 GPUs = {} GPUs.", "298", "288"),
    ("Two thirds of 96 GPUs = {} GPUs.", "68", "64"),
    ("4 replicas × 2 GPUs per replica = {} GPUs.", "nine", "eight"),
    # the factor belongs to what follows it, and changes nothing before
    ("The cluster has 96 GPUs; half of 96 GPUs = {} GPUs.", "44", "48"),
    ("The cluster has 96 GPUs; twice 96 GPUs = {} GPUs.", "182", "192"),
    ("A hundred and twenty GPUs are there; a third of 120 GPUs = {} GPUs.", "44", "40"),
    # fractions in signs
    ("½ × 96 GB = {} GB.", "58", "48"),
    ("1½ × 96 GB = {} GB.", "164", "144"),
    ("¾ of 96 GPUs = {} GPUs.", "78", "72"),
    ("3/4 of 96 GPUs = {} GPUs.", "78", "72"),
]
PRICES = [
    ("640 GPU-hours × $2.50/GPU-hour = ${}.", "1,900", "1,600"),
    ("640 GPU-hours × $2.50 per GPU-hour = ${}.", "1,900", "1,600"),
    ("640 GPU hours × $2.50 per GPU hour = ${}.", "1,900", "1,600"),
    ("640 card-hours × 2.50 $/card-hour = {} $.", "1,900", "1,600"),
    ("640 card-hours × EUR 2.50/card-hour = EUR {}.", "1,900", "1,600"),
    ("640 GPU-hours at $2.50/GPU-hour cost ${}.", "1,900", "1,600"),
    ("12 cards × £30/card = £{}.", "390", "360"),
    ("12 cards × $30,000/card = ${}.", "390,000", "360,000"),
    ("12 cards × 30,000 € = {} €.", "390,000", "360,000"),
    ("1,000 kWh × $0.12/kWh = ${}.", "190", "120"),
    ("1,000 kWh × 0.25 €/kWh = {} €.", "290", "250"),
    ("The hall draws 100 kWh at €0.25/kWh, which costs €{}.", "29", "25"),
    ("20 MWh × €80 per MWh = €{}.", "1,900", "1,600"),
    ("$1.250M/year × 4.00 years = ${}M.", "5.900", "5.000"),
    ("$1,600 / 640 GPU-hours = ${}/GPU-hour.", "2.90", "2.50"),
    ("Reserved for a year: $1.30 → $0.98/GPU-hour, a saving of {} %.", "15", "24.6"),
    # periods of the calendar, by any of their lengths
    ("$115,200/month × 12 = ${}/year.", "1,482,400", "1,382,400"),
    ("$92,160/day = ${}M/year.", "36.64", "33.64"),
    ("$6.30M/month = ${}M/year.", "85.6", "75.6"),
    ("100 kW × $0.10/kWh × 24 = ${}/day.", "290", "240"),
]
PHYSICAL = [
    ("12 × 1.50 L/s = {} L/s.", "21.0", "18.0"),
    ("12 × 1.50 l/s = {} l/s.", "21.0", "18.0"),
    ("12 racks × 1.50 L/s per rack = {} L/s.", "21.0", "18.0"),
    ("12 × 1.50 litres per second = {} litres per second.", "21.0", "18.0"),
    ("12 × 1.50 liters/s = {} liters/s.", "21.0", "18.0"),
    ("18.0 L/s × 600 s = {} L.", "11,800", "10,800"),
    ("The loop moves 18.0 L/s = {} L/min.", "1,280", "1,080"),
    ("25.0 m³/h × 4 h = {} m³.", "120", "100"),
    ("40 × 1.25 t = {} t.", "56.0", "50.0"),
    ("2,000 MWh × 0.30 t/MWh = {} t CO2.", "680", "600"),
    ("40 racks × 1,200 kg/rack = {} tonnes.", "52", "48"),
    ("30.0 m = {} ft.", "108.4", "98.4"),
    ("100 kg = {} lb.", "250", "220"),
    ("25.4 mm = {} in.", "1.20", "1.00"),
]
BELOW_A_SLASH = [
    ("12 racks × 8 nodes/rack = {} nodes.", "98", "96"),
    ("40 kW/rack × 12 racks = {} kW.", "500", "480"),
    ("6 pods × 12 racks/pod × 40 kW/rack = {} kW.", "2,980", "2,880"),
    ("48 ports/switch × 12 switches = {} ports.", "596", "576"),
    ("120 requests/user × 50 users = {} requests.", "6,600", "6,000"),
    ("1,152 tokens/image × 4 images = {} tokens.", "4,708", "4,608"),
    ("3 sites × 512 GPUs/site = {} GPUs.", "1,636", "1,536"),
    ("96 nodes / 12 racks = {} nodes/rack.", "9", "8"),
]


@pytest.mark.parametrize(("line", "wrong", "right"), IN_WORDS + PRICES + PHYSICAL + BELOW_A_SLASH)
def test_an_amount_counts_as_a_whole_however_it_is_written(line: str, wrong: str, right: str, refuted: Refuted, settled: Settled) -> None:
    assert refuted(line.format(wrong))
    assert settled(line.format(right))


@pytest.mark.parametrize(
    "line",
    [
        # no number as a whole, and none in part
        "A few dozen nodes × 8 GPUs/node = 400 GPUs.",
        "Several hundred nodes × 8 GPUs/node = 2,400 GPUs.",
        "Two twenty nodes × 8 GPUs/node = 176 GPUs.",
        "Three to four jobs × 8 GPUs = 32 GPUs.",
        # a result that counts other things
        "16 × 8 GPUs = two racks.",
        "16 × 8 GPUs = two nodes of 64 GPUs.",
        "The new pod draws 80 kW, twice the 40 kW of the old pod.",
        # nobody knows what a euro is worth
        "$100 = €92.",
        "$100 + €50 = €142.",
        "€100 × 1.08 = $108.",
        "The price is $2.50/GPU-hour, i.e. €2.30/GPU-hour.",
        # names that are units elsewhere
        "d = 4096, 32 L, 32 H.",
        "2 × 32 L × 4096 = 262,144.",
        "25 t/s × 8 = 200 t/s.",
        "3 × 15 m = 45 min.",
        "0.75 h = 45 m.",
        # symbols below a slash
        "chunk = 4. Then 8,192 tokens/chunk × 2 = 4,096.",
        "64 GPUs/TP × 2 = 16 with TP = 8.",
        "1,024 samples/mbs × 2 = 64.",
    ],
)
def test_what_may_mean_something_else_is_no_contradiction(line: str, refuted: Refuted) -> None:
    assert refuted(line) == []


@pytest.mark.parametrize(
    ("line", "computed"),
    [
        ("12 cards × €30,000 = €390,000.", "€360,000"),
        ("12 cards × £30,000 = £390,000.", "£360,000"),
        ("12 cards × ¥30,000 = ¥390,000.", "¥360,000"),
        ("12 cards × US$30,000 = US$390,000.", "US$360,000"),
        ("12 cards × EUR 30,000 = EUR 390,000.", "EUR 360,000"),
        ("12 cards × 30,000 EUR = 390,000 EUR.", "360,000 EUR"),
        ("12 cards × 30,000 $ = 390,000 $.", "360,000 $"),
        ("12 cards × €1.25 million = €18 million.", "€15 million"),
        ("12 cards × $1.25M = $18.0M.", "$15.0M"),
        ("$1,600 / 640 GPU-hours = $2.90/GPU-hour.", "$2.50/GPU-hour"),
        ("$1,600 / 640 GPU-hours = $2.90 per GPU-hour.", "$2.50 per GPU-hour"),
    ],
)
def test_evidence_is_in_the_currency_of_the_page(line: str, computed: str, judged: Judged) -> None:
    assert {each.computed for each in judged(line)} == {computed}


def test_of_several_factors_none_is_that_of_the_amount_alone(refuted: Callable[[str], list[str]]) -> None:
    for text in ("A third and a half of 96 cards = 80 cards.", "Half of half of 64 cards = 16 cards."):
        assert refuted(text) == []
    assert refuted("We lose 20 %; half of 96 cards = 44 cards.") == ["44 cards"]
