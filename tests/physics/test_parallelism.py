"""Layouts: real published ones are admitted, impossible ones are not, under every convention."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stratlint.physics.parallelism import (
    Convention,
    Layout,
    admissible_worlds,
    expert_instances_per_gpu,
    experts_per_rank,
    heads_divisible,
    kv_heads_per_rank,
    layers_per_stage,
    nodes,
    spread,
    world_readings,
)

DEGREES = st.sampled_from([1, 2, 3, 4, 6, 8, 16])


def _holding(layout: Layout, world: int) -> set[Convention]:
    return {reading.convention for reading in world_readings(layout, world) if reading.holds}


def _exact(layout: Layout, world: int) -> set[Convention]:
    return {reading.convention for reading in world_readings(layout, world) if reading.exact}


@pytest.mark.parametrize(
    ("layout", "world", "convention"),
    [
        (Layout(tp=8, pp=16, dp=1), 128, Convention.DENSE),
        (Layout(tp=4, ep=64), 256, Convention.OWN_AXIS),
        (Layout(tp=2, pp=8, ep=64), 1024, Convention.OWN_AXIS),
        (Layout(tp=1, pp=4, ep=64), 256, Convention.FOLDED),
        (Layout(tp=2, pp=8, dp=4, cp=2, ep=16, etp=1), 128, Convention.FOLDED),
        (Layout(tp=2, dp=16, ep=8), 32, Convention.INSIDE_DP),
        (Layout(tp=2, dp=8, ep=16), 16, Convention.SERVING_TP_DP),
        (Layout(tp=16, dp=16, ep=16), 16, Convention.SERVING_DP_ATTENTION),
    ],
)
def test_layouts_in_use_are_admitted(layout: Layout, world: int, convention: Convention) -> None:
    assert convention in _holding(layout, world)


@pytest.mark.parametrize(
    ("layout", "world"),
    [
        (Layout(tp=16, pp=4, ep=64), 64),
        (Layout(tp=2, pp=4, ep=8), 8),
        (Layout(tp=1, pp=8, ep=64), 256),
        (Layout(tp=3, pp=1, dp=1), 8),
    ],
)
def test_layouts_no_convention_admits(layout: Layout, world: int) -> None:
    readings = world_readings(layout, world)
    assert not any(reading.holds for reading in readings)
    assert all(reading.reason for reading in readings)


@given(DEGREES, DEGREES, st.none() | DEGREES, st.sampled_from([2, 4, 8, 64]), st.integers(1, 2048))
def test_experts_times_stages_never_exceed_the_world(tp: int, pp: int, dp: int | None, ep: int, world: int) -> None:
    layout = Layout(tp=tp, pp=pp, dp=dp, ep=ep)
    if ep * pp > world:
        assert _holding(layout, world) == set()


@given(DEGREES, DEGREES, DEGREES, DEGREES, st.integers(1, 4))
def test_dense_layout_fills_its_product(tp: int, pp: int, dp: int, cp: int, copies: int) -> None:
    layout, world = Layout(tp=tp, pp=pp, dp=dp, cp=cp), tp * pp * dp * cp
    (reading,) = world_readings(layout, world * copies)
    assert reading.holds and reading.copies == copies and reading.exact == (copies == 1)
    assert admissible_worlds(layout) == ((Convention.DENSE, world),)
    if world > 1:
        assert _holding(layout, world * copies + 1) == set()


@given(DEGREES, DEGREES, DEGREES, DEGREES)
def test_conventions_follow_their_definitions(tp: int, pp: int, dp: int, ep: int) -> None:
    layout = Layout(tp=tp, pp=pp, dp=dp, ep=ep)
    if ep == 1:
        assert _exact(layout, tp * pp * dp) == {Convention.DENSE}
        return
    dense = tp * pp * dp
    assert Convention.OWN_AXIS in _exact(layout, dense * ep)
    assert (Convention.FOLDED in _exact(layout, dense)) == (dense % (ep * pp) == 0)
    assert (Convention.INSIDE_DP in _exact(layout, dense)) == (dp % ep == 0)
    assert (Convention.SERVING_TP_DP in _exact(layout, dense)) == (ep == tp * dp)
    assert (Convention.SERVING_DP_ATTENTION in _exact(layout, tp * pp)) == (tp % ep == 0 and tp % dp == 0)


SMALL = st.sampled_from([1, 2, 3, 4, 8])


@given(SMALL, SMALL, st.none() | SMALL, st.none() | SMALL)
def test_admissible_worlds_are_admitted(tp: int, pp: int, dp: int | None, ep: int | None) -> None:
    layout = Layout(tp=tp, pp=pp, dp=dp, ep=ep)
    worlds = admissible_worlds(layout)
    assert worlds
    for convention, world in worlds:
        assert convention in _holding(layout, world)
        assert all(convention not in _exact(layout, smaller) for smaller in range(1, world))


def test_a_mixture_may_leave_its_expert_degree_unstated() -> None:
    layout = Layout(tp=8, dp=8)
    assert not any(reading.holds for reading in world_readings(layout, 8))
    held = {reading.convention for reading in world_readings(layout, 8, mixture=True) if reading.exact}
    assert held == {Convention.SERVING_DP_ATTENTION}


def test_failures_carry_the_numbers() -> None:
    readings = {reading.convention: reading for reading in world_readings(Layout(tp=4, cp=2, dp=2, ep=8, etp=3), 16)}
    assert readings[Convention.FOLDED].reason == "16 is not a multiple of EP 8 × ETP 3 = 24"
    assert readings[Convention.INSIDE_DP].reason == "EP 8 does not divide DP 2"
    assert readings[Convention.SERVING_TP_DP].reason == "EP 8 is not TP 4 × CP 2 × DP 2"
    assert readings[Convention.SERVING_DP_ATTENTION].reason == "EP 24 does not divide TP 4"
    serving = {reading.convention: reading for reading in world_readings(Layout(tp=4, dp=8, ep=4), 4)}
    assert serving[Convention.SERVING_DP_ATTENTION].reason == "DP 8 does not divide TP 4"
    assert serving[Convention.SERVING_TP_DP].reason == "EP 4 is not TP 4 × DP 8"


def test_formulas_carry_the_numbers() -> None:
    readings = {reading.convention: reading for reading in world_readings(Layout(tp=2, pp=8, ep=64), 1024)}
    assert readings[Convention.OWN_AXIS].formula == "TP 2 × PP 8 × EP 64 = 1,024"
    assert readings[Convention.FOLDED].formula == "TP 2 × PP 8 = 16; EP 64 × PP 8 = 512"
    assert readings[Convention.FOLDED].copies == 64
    assert world_readings(Layout(), 1)[0].formula == "TP 1 = 1"


@pytest.mark.parametrize("degrees", [{"tp": 0}, {"ep": -1}, {"dp": 0}, {"pp": True}])
def test_degrees_are_at_least_one(degrees: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Layout(**degrees)


@pytest.mark.parametrize(("layers", "pp", "even"), [(126, 16, [2]), (70, 12, [2]), (61, 16, []), (80, 8, [0]), (78, 12, []), (31, 4, [1])])
def test_uneven_models_fit_by_counting_more(layers: int, pp: int, even: list[int]) -> None:
    readings = layers_per_stage(layers, pp)
    assert [index for index, reading in enumerate(readings) if reading.even] == even
    assert all(reading.per_stage * pp == reading.counted for reading in readings)


@given(st.integers(1, 5000), st.integers(1, 500))
def test_spread_places_every_item(items: int, places: int) -> None:
    found = spread(items, places)
    fuller = items - found.least * places
    assert 0 <= fuller < places and found.most == found.least + (fuller > 0)
    assert found.even == (items % places == 0) == (found.imbalance == 0)
    assert found.mean * places == items


def test_spread_of_the_modules_called_perfect() -> None:
    found = spread(1040, 128)
    assert (float(found.mean), found.even, found.most) == (8.125, False, 9)


@given(st.sampled_from([1, 2, 4, 8, 32]), st.sampled_from([1, 2, 4, 8, 16, 64]))
def test_kv_heads_are_split_or_replicated(kv_heads: int, tp: int) -> None:
    assert kv_heads_per_rank(kv_heads, tp) == max(Fraction(kv_heads, tp), 1)


def test_what_one_rank_holds() -> None:
    assert kv_heads_per_rank(8, 3).denominator != 1
    assert experts_per_rank(256, 144, redundant=32) == 2
    assert experts_per_rank(64, 48).denominator != 1
    # 1,024 experts a layer position: 64 experts of 16 layers over 1,024 GPUs are one instance each.
    assert expert_instances_per_gpu(64, 16, ep=64, pp=8, etp=2) == 1
    assert heads_divisible(96, 8) and not heads_divisible(25, 2)
    assert nodes(2048, 8) == 256 and nodes(72, 4) == 18
    with pytest.raises(ValueError, match="redundant"):
        experts_per_rank(8, 2, redundant=-1)
