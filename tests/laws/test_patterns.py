"""What a table keeps in all lines but one, each wrong page with a twin that holds; and what no line has to keep."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import patterns

# What the fixtures of conftest judge.
LAWS = (patterns.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]


def table(head: str, *rows: str) -> str:
    """A Markdown table of lines whose cells are parted by semicolons."""
    lines = [head, ";".join("-" * 3 for _ in head.split(";")), *rows]
    return "\n".join(f"| {line.replace(';', ' | ')} |" for line in lines)


# name: (page with a gap, right, wrong)
PAGES = {
    "a product of two columns": (
        table("site;boards;blades/board;blades", "Oslo;14;6;84", "Turin;23;6;138", "Porto;31;7;{}", "Gent;19;7;133"), "217", "271"
    ),
    "a quotient": (
        table("run;cards;rows/s;rows/s/card", "a;12;8,460;705", "b;24;16,310;680", "c;36;23,570;{}", "d;48;30,240;630"), "655", "565"
    ),
    "a constant that converts": (
        table("pool;$/h;tok/s;$/Mtok", "x;2.15;5,310;0.112", "y;4.30;2,870;0.416", "z;9.45;6,120;{}", "w;6.60;1,930;0.950"),
        "0.429", "0.249",
    ),
    "what grows with a sweep": (
        table("step;samples", "15,000;31.5M", "40,000;84M", "55,000;{}M", "90,000;189M"), "115.5", "151.5"
    ),
    "the sum of the columns ahead": (
        table("host;read;parse;copy;all", "k1;31.2;8.4;12.7;52.3", "k2;44.9;7.7;13.1;65.7", "k3;29.8;9.6;11.4;{}"), "50.8", "58.0"
    ),
    "a last line without a word for totals": (
        table("item;Mon;Tue;Wed;Thu", "power;312;344;298;371", "rent;120;120;120;120", "crew;86;92;88;{}", "week so far;518;556;506;590"),
        "99", "49",
    ),
    "a difference of two columns": (
        table("volume;size;used;left", "v1;14.6;9.1;5.5", "v2;22.4;13.9;8.5", "v3;30.2;25.7;{}", "v4;18.8;6.3;12.5"), "4.5", "5.4"
    ),
    "a running total": (
        table("week;sold;so far", "1;31.4;31.4", "2;27.9;59.3", "3;40.2;{}", "4;35.5;135.0", "5;22.1;157.1"), "99.5", "95.9"
    ),
    "what each differs by from the first": (
        table("build;size;Δ size", "plain;61.4;0", "with maps;74.9;13.5", "with logs;69.7;{}", "maps and logs;83.6;22.2"), "8.3", "13.8"
    ),
    "by how much a price falls": (
        table("pool;now;offer;cut", "a;2.70;2.16;20.0 %", "b;3.40;2.89;15.0 %", "c;1.60;1.36;{} %", "d;5.20;4.55;12.5 %"), "15.0", "25.0"
    ),
    "shares of one whole": (
        table("part;W;share", "fans;31.7;8.2 %", "cards;291;75.6 %", "links;22.9;{} %", "rest;39.4;10.2 %"), "5.9", "9.5"
    ),
    "one of the lines, times what many have": (
        table("what;one tray;all trays", "weight (kg);31.5;1134", "draw (kW);2.85;102.6", "disks;14;504", "memory (GB);768;{}"),
        "27648", "22648",
    ),
    "lines of a transposed table, whose labels say what each has": (
        table("of;A;B;C", "nodes;7;9;13", "disk per node, TB;61;74;58", "disk in total, TB;427;666;{}"), "754", "574"
    ),
    "the product of three columns": (
        table("job;rows;length;ways;points", "a;3;1,100;14;46,200", "b;5;1,700;14;119,000", "c;7;1,300;22;{}", "d;9;700;26;163,800"),
        "200,200", "220,000",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_cell_that_breaks_what_the_others_keep_is_refuted_and_its_twin_is_recomputed(
    name: str, refuted: Refuted, settled: Settled
) -> None:
    page, right, wrong = PAGES[name]
    assert settled(page.format(right))
    assert refuted(page.format(wrong)), name


# What makes an outlier of a line, or a pattern of chance.
NO_PATTERN = {
    "measured values that nearly scale": table("cards;rows/s", "8;1,012", "16;2,011", "32;3,987", "64;7,702"),
    "too few digits to tell": table("cards;trays", "4;1", "8;2", "16;4", "32;7"),
    "a remark says why": table(
        "GPUs;$/GPU-h;$/h;remark", "12;2.35;28.20;", "36;2.35;84.60;", "60;2.35;141.00;", "90;2.35;190.35;10 % off in bulk"
    ),
    "another card": table(
        "box;W;kWh/day", "tall Ampere;412;9.89", "small Ampere;277;6.65", "broad Ampere;538;12.9", "flat Hopper;601;18.9"
    ),
    "another setting": table(
        "run;rows;length;GB", "a;3;1,100;0.41", "b;14;1,100;1.92", "c;58;1,100;7.95", "d;71;2,200;19.5"
    ),
    "a factor that is the same in all other lines": table(
        "m;layers;heads;GB", "s;28;8;3.5", "m;36;8;4.5", "l;44;8;5.5", "old;40;40;25.0"
    ),
    "means and rates of the last line": table(
        "quarter;kWh;mean kW;EUR/kWh", "Q1;1,322;612;0.094", "Q2;1,398;640;0.081", "Q3;1,446;655;0.078", "year;4,166;636;0.084"
    ),
    "two lines that are rounded up": table(
        "rows;columns;cells", "12;7;84", "9;13;120", "15;8;120", "11;9;100", "21;6;126", "17;10;170"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_PATTERN)
def test_lines_may_differ_for_a_reason_that_the_table_shows(name: str, refuted: Refuted) -> None:
    assert refuted(NO_PATTERN[name]) == []


def test_the_cell_in_most_of_the_broken_relations_is_the_one_to_blame(refuted: Refuted) -> None:
    """The cards of the third line break its rate and its bill; rate and bill agree with each other."""
    page = table(
        "run;GPUs;rows/s/GPU;rows/s;$/GPU-h;$/h",
        "a;12;705;8,460;2.35;28.20", "b;24;680;16,320;2.35;56.40", "c;63;655;23,580;2.35;84.60", "d;48;630;30,240;2.35;112.80",
    )  # fmt: skip
    assert refuted(page) == ["63"]


def test_one_mistake_in_a_running_total_is_told_once(refuted: Refuted) -> None:
    page = table("week;sold;so far", "1;31.4;31.4", "2;27.9;59.3", "3;40.2;95.9", "4;35.5;135.0", "5;22.1;157.1")
    assert refuted(page) == ["95.9"]


def test_a_count_and_a_degree_make_no_parts_of_one_another(refuted: Refuted) -> None:
    page = table("plan;PP degree;micro-batches;bubble", "a;4;16;15.8 %", "b;4;32;8.6 %", "c;2;16;5.9 %")
    assert refuted(page) == []


def test_a_quotient_of_two_units_may_stand_without_one(refuted: Refuted) -> None:
    page = "card;peak, TFLOPS;bandwidth, TB/s;intensity", "a;312;2.04;153", "b;989;3.35;295", "c;989;4.80;206", "d;362;0.864;{}"
    assert refuted(table(*page[:-1], page[-1].format(419))) == []
    assert refuted(table(*page[:-1], page[-1].format(491))) == ["491"]


def test_two_further_settings_may_explain_why_a_share_is_another(refuted: Refuted) -> None:
    page = table("plan;parameters;TP;PP;parameters on each GPU", "a;8.03B;2;4;1.004B", "b;32.76B;4;2;4.095B", "c;68.98B;8;2;4.311B")
    assert refuted(page) == []


SPARES = ("pool;pods;GPUs;rows/s", "north;14;112;7,840", "south;9;72;5,310", "west;11;88;6,275", "cold;-;{};-", "Total;34;{};19,425")


def test_a_part_that_one_column_alone_has_is_part_of_its_total(refuted: Refuted) -> None:
    head, *rows = SPARES
    assert refuted(table(head, *rows[:3], rows[3].format(16), rows[4].format(288))) == []


def test_a_product_by_chance_is_none_where_others_explain_all_of_its_cells(refuted: Refuted) -> None:
    page = table(
        "service;rows/s per pod;pods;cards per pod;cards;rows/s", "a;3,700;21;2;42;{}", "b;2,900;37;1;37;107,300", "c;9,400;17;1;17;159,800"
    )
    assert refuted(page.format("77,700")) == []


def test_lines_that_repeat_show_no_factor_and_another_count_is_no_slip(refuted: Refuted) -> None:
    page = (
        "| Plan | $ per card-hour | $/h | $/month |\n|---|---:|---:|---:|\n| P | 2.10 | {} | {} |\n"
        "| Q | 3.00 | 144.00 | 105,120 |\n| R | 3.00 | 144.00 | 105,120 |\n| S | 2.50 | 120.00 | 87,600 |\n"
    )
    assert not refuted(page.format("151.20", "110,376"))
    assert refuted("| Cards | kW |\n|---:|---:|\n| 8 | 6.8 |\n| 16 | 13.6 |\n| 24 | 23.9 |\n| 32 | 27.2 |\n| 64 | 54.4 |\n")


def test_high_percentiles_do_not_add_up_and_a_bold_sign_counts(refuted: Refuted) -> None:
    assert not refuted(
        "| Order | A median | A p95 | B median | B p95 | Penalty |\n|---|---|---|---|---|---|\n"
        "| r | 1.302 ms | 1.305 ms | 2.804 ms | 2.807 ms | 1.502 ms |\n"
        "| s | 1.291 ms | 1.294 ms | 2.765 ms | 2.841 ms | 1.474 ms |\n| c | 1.276 ms | 1.279 ms | 1.543 ms | 1.546 ms | 0.267 ms |\n"
    )
    assert not refuted(
        "| Copies | Span | Delta |\n|---|---|---|\n| 0 | 13.144 ms | — |\n| 9 | 11.804 ms | -1.340 ms |\n"
        "| **16** | **11.138 ms** | **-2.007 ms** |\n| 19 | 10.905 ms | -2.239 ms |\n"
    )


def test_a_running_total_may_begin_anew(refuted: Refuted, settled: Settled) -> None:
    page = table("Quarter;Orders;Year to date", "Q2;31;71", "Q3;28;99", "Q4;37;136", "Q1;22;22", "Q2;41;63", "Q3;18;{}", "Q4;25;106")
    assert settled(page.format("81"))
    assert refuted(page.format("91"))


def test_what_is_no_more_than_one_of_its_parts_is_no_sum_of_them(refuted: Callable[[str], list[str]]) -> None:
    table = (
        "| | Pool A | Pool B | Both |\n|---|---|---|---|\n| Peak | 3,412 tok/s | 2,207 tok/s | 5,619 tok/s |\n"
        "| Share | 61 % | 39 % | 100 % |\n| Requests | 118 | 76 | 194 |\n| Per card | 213 tok/s | 276 tok/s | {} tok/s |\n"
    )
    assert refuted(table.format("234")) == []
    assert refuted(table.format("489")) == []
