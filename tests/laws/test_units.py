"""The law of units: what every amount of a statement or a record leaves open."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import record_units
from stratlint.laws.judge import Judgement, Outcome
from stratlint.laws.units import proposals

# What the fixtures of conftest judge.
LAWS = (proposals, record_units.proposals)
Judged = Callable[[str], list[Judgement]]
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


# A sentence, the wrong value in it, and the value that makes it hold.
STATED = [
    ("Twelve racks with 6 trays each give {} trays.", "80", "72"),
    ("The hall has 20 racks of 4 trays, {} trays altogether.", "90", "80"),
    ("A tray holds 4 GPUs; 30 trays therefore hold {} GPUs.", "140", "120"),
    ("Each of the 24 shards keeps 12.5 GB, which makes {} GB.", "420", "300"),
    ("Shipping 240 GB at 12 GB/s takes {} s.", "35", "20"),
    ("At 250 sequences/s the queue of 10,000 sequences is done in {} s.", "65", "40"),
    ("With 16 racks to a hall, 100 racks occupy {} halls.", "9", "7"),
    ("Reserving 96 GPUs for 50 hours at $1.50 per GPU-hour costs ${}.", "9,600", "7,200"),
    ("Fourteen pods, five hosts to a pod: {} hosts.", "84", "70"),
    ("One booster serves 320 requests/s. Nine boosters serve {} requests/s together.", "2,560", "2,880"),
    ("每台服务器 8 张卡，25 台服务器合计 {} 张卡。", "160", "200"),
    ("The fabric moves 6.4 GB at 80 GB/s = {} ms per step.", "20", "80"),
    # what stands behind "at" is the price of one of what was counted
    ("That is 24,000 GPU-hours at $2.50, or about ${}.", "79,000", "60,000"),
    ("48 GPUs for 500 hours at $3.20 come to ${}.", "98,600", "76,800"),
    # an amount between a number and a noun is what each of them has
    ("A host has six 200 Gb/s ports, which is {} GB/s per host.", "1,200", "150"),
    ("A node with eight 96 GB cards offers {} GB.", "728", "768"),
    # what one of several does, and what it does under which circumstances
    ("Each GPU contributes 1,500 tokens/s, so 24 GPUs deliver {} tokens/s.", "30,000", "36,000"),
    ("A rack draws 31 kW under load, so 12 racks draw about {} MW before cooling.", "0.55", "0.372"),
    # a clause of its own within a sentence
    ("With 180 tok/s on each NPU the 64 NPUs deliver {} tok/s, and the run of 300B tokens ends in spring.", "9,600", "11,520"),
]


@pytest.mark.parametrize(("sentence", "wrong", "right"), STATED)
def test_a_product_that_a_sentence_states_is_recomputed(
    sentence: str, wrong: str, right: str, judged: Judged, refuted: Refuted, settled: Settled
) -> None:
    assert refuted(sentence.format(wrong))
    assert settled(sentence.format(right))
    assert any(judgement.outcome in (Outcome.HOLDS, Outcome.BOUNDED) for judgement in judged(sentence.format(right)))


RECORDS = [
    ("- Trays: 9\n- GPUs per tray: 4\n- GPUs: {}\n", "40", "36"),
    ("| Trays | GPUs/tray | GPUs |\n|---|---|---|\n| 9 | 4 | {} |\n", "40", "36"),
    ("- Hosts: 12 (16 GPUs each)\n- GPUs: {}\n", "200", "192"),
    ("- Activation memory per layer: 1.5 GB\n- Layers: 40\n- Activation memory: {} GB\n", "80", "60"),
    ("The tokens per batch are 4,096. The number of batches is 25. The tokens are {}.", "120,000", "102,400"),
    ("- Volume: 600 GB\n- Link: 30 GB/s\n- Copy time: {} s\n", "12", "28"),  # slower than its link it may be, not faster
]


@pytest.mark.parametrize(("page", "wrong", "right"), RECORDS)
def test_what_each_has_times_their_number_is_the_whole_of_a_record(
    page: str, wrong: str, right: str, refuted: Refuted, settled: Settled
) -> None:
    assert refuted(page.format(wrong))
    assert settled(page.format(right))


@pytest.mark.parametrize(
    "page",
    [
        "Of the 90 GPUs, 20 trays of 4 GPUs are ours.",  # a part of a whole
        "At least 10 trays of 4 GPUs stay free of the 60 GPUs.",
        "The model has 48 layers and 16 heads of 64.",  # a size, no count
        "Trays are 9 of 12, GPUs 4 per tray.",
        "- Spare trays: 3\n- GPUs per tray: 4\n- GPUs: 36\n",  # spare trays are other trays
        "If we rented 10 trays of 4 GPUs, that would be 50 GPUs.",  # nobody asserts it
        "- ✅ 62 GB needed in all vs 40 GB per GPU, on 32 GPUs\n",  # compared, not multiplied
        "- Help desk: 6K-token preamble, about 70 fresh tokens per turn, 5 turns per visit.",  # nothing says that one follows
    ],
)
def test_amounts_that_nothing_multiplies_make_no_product(page: str, refuted: Refuted) -> None:
    assert refuted(page) == []


def test_more_than_one_assignment_is_none(judged: Judged) -> None:
    assert judged("The 8 GPUs of a tray and the 8 GPUs of another are 16 GPUs in 2 trays.") == []


@pytest.mark.parametrize(
    "page",
    [
        "Each of the six boards has 90 GB. The shards are spread evenly, with each using 40 GB.",  # each has and each uses
        "- Layers: 30\n- Experts per sparse layer: 16\n- Experts: 432\n",  # not every layer is a sparse one
        "Each of the 12 cables moves 50 GB/s one way; both ways together they move 1,200 GB/s.",
        'Draft "small": 8 racks with 4 trays in every rack, i.e. 32 trays.\n'
        'Draft "large": 9 racks with 4 trays in every rack, i.e. 36 trays.',
    ],
)
def test_scopes_and_directions_that_differ_make_no_product(page: str, refuted: Refuted) -> None:
    assert refuted(page) == []


@pytest.mark.parametrize(
    ("page", "wrong", "right"),
    [
        ("We lease 17 cabinets, each of which takes six trays, so the floor plan shows {} of them.", "98", "102"),
        ("The 960 prompts of a round go to 80 tensor-parallel ranks, which makes {} prompts for each rank.", "16", "12"),
        ("The dump is 1.8 TB big and is written with 12 GB/s, what takes us {} s every time.", "90", "150"),
        ("At $1.80 per card-hour, 48 cards for 90 hours cost ${}.", "6,876", "7,776"),
        ("| 机房 | 节点数 | 每节点卡数 | 总卡数 |\n|---|---|---|---|\n| 东区 | 18 | 8 | {} |\n", "154", "144"),
    ],
)
def test_a_product_is_read_whoever_it_speaks_of(page: str, wrong: str, right: str, refuted: Refuted, settled: Settled) -> None:
    assert refuted(page.format(wrong))
    assert settled(page.format(right))


@pytest.mark.parametrize(
    "text",
    [
        # which cards they are, no part of the computation
        "The retired cluster (24 GB cards) wrote the state in 31.5 s at 14 GB/s.",
        # a label that begins a sentence
        "- now: 90 per host, 270,000 tok each\n- one host lost: 120 per host on the other 3, 360,000 tok each, 31 %\n- total: 410k tok",
    ],
)
def test_a_size_that_tells_a_kind_and_a_sentence_behind_a_colon_are_no_factors(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The two 96 GB cards need 60 GB of weights.",  # no capacity of both
        "Each of the two 96 GB cards needs 60 GB of weights.",
        "We bought 40 cards at the fair for $90,000, and each has 96 GB.",
    ],
)
def test_a_size_that_tells_a_kind_is_no_factor_of_what_is_needed(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Per token a card sends 6 copies of 5,120 B in FP8 and receives 6 results of 10,240 B.",  # two products
        "Three adjacent racks form a cell, and five such cells a hall, so a service occupies 15 racks or 120 GPUs.",
        "Over four years the hall costs $38.2 million, which comes to $2.71 for each GPU-hour that we expect to use.",
    ],
)
def test_no_equation_is_made_of_two_guesses_or_of_two_products_side_by_side(text: str, refuted: Refuted) -> None:
    assert refuted(text) == []


def test_two_amounts_that_a_sign_makes_equal_leave_nothing_for_a_third(refuted: Refuted) -> None:
    assert not refuted("- **2-Year Plan**: $1.60/hour = $1,168/month (45% less)")


def test_counts_alone_warn_and_measured_units_prove(judged: Judged) -> None:
    wrong = [each.proposal.family for each in judged("24 nodes of 8 GPUs make 184 GPUs.") if each.outcome is Outcome.REFUTED]
    assert wrong == ["statement-counts"]
    wrong = [each.proposal.family for each in judged("Reading 42 GB at 3 TB/s takes 31 ms.") if each.outcome is Outcome.REFUTED]
    assert wrong == ["statement-units"]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_a_cost_is_no_less_than_its_hours_and_as_a_rule_no_more(order: tuple[int, ...], judged: Judged, settled: Settled) -> None:
    def bill(cost: str) -> str:
        lines = ("- GPU-hours: 420,000\n", "- Price per GPU-hour: $2.50\n", f"- Training cost: ${cost} M\n")
        return "".join(lines[at] for at in order)

    def families(page: str) -> list[tuple[str, str]]:
        return [(each.proposal.family, each.proposal.claim.amount.text) for each in judged(page) if each.outcome is Outcome.REFUTED]

    assert settled(bill("1.05"))
    assert families(bill("1.35")) == [("bill", "$1.35 M")]
    assert families(bill("0.85")) == [("row-units", "$0.85 M"), ("bill", "$0.85 M")]
    assert families(bill("1.35") + "- Storage: 12 TB\n") == []  # which is paid for, too


def test_an_equation_beside_the_whole_says_of_how_many_it_is(refuted: Refuted) -> None:
    assert refuted("- Micro-batch: 1 sequence of 4,096 tokens\n- Global batch: 1,536 sequences = 6,291,456 tokens\n") == []
