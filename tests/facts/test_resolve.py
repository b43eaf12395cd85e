"""What a number is about: kind, scope, voice, and which configuration is speaking."""

from __future__ import annotations

import pytest

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.facts.fact import Fact, FactSet
from stratlint.facts.kinds import load_kinds
from stratlint.facts.phrases import compile_phrases, normalise
from stratlint.facts.resolve import resolve


def facts_of(text: str) -> FactSet:
    return resolve(extract(parse(text)))


def fact(text: str, number: str) -> Fact:
    """The fact behind the first number that is printed as *number*."""
    found = [f for f in facts_of(text).facts if f.text.split()[0].rstrip("B%") in (number, number.rstrip("B%"))]
    assert found, f"{number} is not resolved: {[(f.text, f.kind) for f in facts_of(text).facts]}"
    return found[0]


@pytest.mark.parametrize(
    ("text", "number", "kind", "scope"),
    [
        # a label before a colon
        ("- Total GPUs: 64", "64", "cluster.gpus", "total"),
        ("- Tensor parallelism (TP): 8", "8", "parallel.tp", ""),
        ("- TP Size: 2 GPUs", "2", "parallel.tp", ""),
        ("- Pipeline stages: 4", "4", "parallel.pp", ""),
        ("- Layers per stage: 12", "12", "placement.layers_per_stage", "stage"),
        ("- Experts per layer: 64", "64", "model.experts", "layer"),
        ("- Experts per GPU: 4", "4", "placement.experts_per_gpu", "gpu"),
        ("- GPU memory: 80 GB", "80", "gpu.memory", "gpu"),
        ("- Sequence length: 4096", "4096", "sequence.length", ""),
        ("- Global batch size: 512", "512", "batch.global", ""),
        ("- MFU: 45%", "45%", "compute.mfu", ""),
        ("- Decode latency: 12 ms", "12", "latency.decode", ""),
        ("- KV cache per token: 320 KB", "320", "memory.kv_per_token", "token"),
        ("- Pipeline bubble: 8.6%", "8.6%", "pipeline.bubble", ""),
        # the noun after the number is nearer than the label before it
        ("Placement: 16 layers on 4 stages", "16", "model.layers", ""),
        ("Placement: 16 layers on 4 stages", "4", "parallel.pp", ""),
        ("We run 64-way expert parallelism", "64", "parallel.ep", ""),
        ("each rank owns 4 experts", "4", "placement.experts_per_gpu", "gpu"),
        ("Each GPU handles 12 modules", "12", "placement.modules_per_gpu", "gpu"),
        ("Each GPU handles exactly 1 expert", "1", "placement.experts_per_gpu", "gpu"),
        ("the model has 32 attention heads", "32", "model.heads", ""),
        ("throughput is 2.5M tokens/s", "2.5M", "throughput.tokens", ""),
        ("70B parameters", "70B", "model.parameters", ""),
        # a unit that only the label or the header carries
        ("- Tokens per second: 1.9M", "1.9M", "throughput.tokens", ""),
        ("- Sequences per second: 148 sustained", "148", "throughput.sequences", ""),
        ("- Gradient accumulation: 16 steps", "16", "batch.accumulation", ""),
        ("- GPU-hours: 1.2M", "1.2M", "training.device_time", ""),
        ("- Memory per GPU (GB): 62", "62", "memory.used", "gpu"),
        ("- Mean TTFT (ms): 212", "212", "latency.ttft", ""),
        ("| Plan | Cost ($/h) | Latency (ms) |\n|---|---|---|\n| A | 98 | 25 |", "98", "training.price", ""),
        ("64 GPUs with 48 GB each", "48", "gpu.memory", "each"),
        ("A storage node has 8 GPUs", "8", "cluster.gpus_per_node", ""),
        ("64 heads of dimension 128", "128", "model.head_dim", ""),
        ("We place exactly one expert per GPU across 128 H100 GPUs", "128", "count.device", "gpu"),
        ("TP=8 on 64 GPUs leaves DP=8", "64", "count.device", ""),
        # the section says whose memory it is
        ("## Memory per GPU\n\n- Weights: 12 GB", "12", "memory.weights", "gpu"),
        # nothing but the last flag names what follows it
        ("`run --tensor-parallel-size 8`", "8", "parallel.tp", ""),
        ("At most 48 requests in flight", "48", "batch.concurrent", ""),
        # the second label of a line
        ("Attention heads: 64, TP: 12", "12", "parallel.tp", ""),
        ("- Total GPUs: 64; nodes: 8", "8", "cluster.nodes", ""),
        ("| Step | chips |\n|---|---|\n| a | 453 |\n| b | 512 |", "453", "cluster.gpus", ""),
        # names
        ("Strategy: EP64-TP8-PP2", "EP64", "parallel.ep", ""),
        ("Strategy: EP64_TP8_PP2", "TP8", "parallel.tp", ""),
        ("`--tensor-parallel-size 8`", "8", "parallel.tp", ""),
        ("weights in FP8", "FP8", "precision.bits", ""),
        ("Top-2 routing", "Top-2", "model.top_k", ""),
        ("Sharding: ZeRO-3", "ZeRO-3", "training.zero_stage", ""),
        # a label says more than the unit of a rate
        ("- Goodput: 42.0 requests/s", "42.0", "throughput.goodput", ""),
        ("| Item | Value |\n|---|---|\n| Goodput | 42.0 requests/s |", "42.0", "throughput.goodput", ""),
        ("- Energy: 168 MWh", "168", "energy.used", ""),
        ("- FLOPs per token: 20 GFLOPs", "20", "compute.work_per_token", "token"),
        ("- Output tokens: 500", "500", "sequence.output", ""),
        # ranges of numbered things
        ("- Stage 0: GPUs 0-15", "0-15", "range.gpus", ""),
        ("- GPU 0: layers 0-11", "0-11", "range.layers", ""),
        # Chinese
        ("- 总卡数：64", "64", "cluster.gpus", "total"),
        ("张量并行 TP=8", "8", "parallel.tp", ""),
    ],
)
def test_kind_and_scope(text: str, number: str, kind: str, scope: str) -> None:
    found = fact(text, number)
    assert (found.kind, found.scope) == (kind, scope)


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        ("| Item | Value |\n|---|---|\n| Pipeline stages | 4 |", "4", "parallel.pp"),
        ("| Item | Value |\n|---|---|\n| KV cache | 5.4 GB |", "5.4", "memory.kv"),
        ("| TP | PP | GPUs |\n|---|---|---|\n| 8 | 4 | 32 |\n| 4 | 4 | 16 |", "8", "parallel.tp"),
        ("```yaml\ntensor_model_parallel_size: 8\n```", "8", "parallel.tp"),
        ("```bash\ntorchrun x.py --pipeline-model-parallel-size 4\n```", "4", "parallel.pp"),
        ("---\nnum_layers: 48\n---\n\ntext", "48", "model.layers"),
    ],
)
def test_tables_configuration_and_flags_name_their_numbers(text: str, number: str, kind: str) -> None:
    assert fact(text, number).kind == kind


@pytest.mark.parametrize(
    ("text", "number", "modality"),
    [
        ("- Pipeline stages: 4", "4", "asserted"),
        ("- Decode latency: < 20 ms", "20", "limit"),
        ("The GPU memory limit is 80 GB", "80", "limit"),
        ("- Decode latency target: 20 ms", "20", "target"),
        ("## Targets\n\n- Decode latency: 20 ms", "20", "target"),
        ("If the pipeline had 64 stages, it would fit.", "64", "hypothetical"),
        ("## Rejected: more stages\n\n- Pipeline stages: 8", "8", "considered"),
        ("- ~~Pipeline stages: 8~~", "8", "rejected"),
        ("A first draft, since discarded, had 8 pipeline stages.", "8", "rejected"),
        ("- target MFU 35%", "35", "target"),
        ("A first draft, since approved, had 8 pipeline stages.", "8", "asserted"),
        ("| Metric | Target | Measured |\n|---|---|---|\n| Decode latency | 20 ms | 18 ms |", "20", "target"),
        ("| Metric | Target | Measured |\n|---|---|---|\n| Decode latency | 20 ms | 18 ms |", "18", "asserted"),
    ],
)
def test_the_voice_a_number_is_spoken_in(text: str, number: str, modality: str) -> None:
    assert fact(text, number).modality == modality


def test_columns_of_configurations_and_rows_of_configurations_are_kept_apart() -> None:
    columns = facts_of("| | Before | After |\n|---|---|---|\n| TP | 8 | 4 |\n| PP | 2 | 4 |").facts
    assert len({f.place.variant for f in columns}) == 2
    rows = facts_of("| Option | TP | PP |\n|---|---|---|\n| A | 8 | 2 |\n| B | 4 | 4 |").facts
    assert len({f.place.variant for f in rows}) == 2
    plain = facts_of("| Item | Value |\n|---|---|\n| TP | 8 |\n| PP | 2 |").facts
    assert {f.place.variant for f in plain} == {""}


def test_a_product_of_the_same_name_is_another_quantity() -> None:
    """`12 layers × 32 experts = 384 experts` does not say that a layer has 384 experts."""
    found = [f for f in facts_of("12 layers × 32 experts = 384 experts").facts if f.kind == "model.experts"]
    assert [f.scope for f in found if f.text.startswith("384")] in (["product"], [])


@pytest.mark.parametrize(
    "text", ["See section 3", "Table 12 shows it", "on 2025-01-31", "version 2.4.1", "A100-80GB", "port 8080", "exit code 137"]
)
def test_names_dates_and_references_are_no_facts(text: str) -> None:
    assert [f for f in facts_of(text).facts if not f.kind.startswith("precision")] == []


def test_every_number_is_a_fact_or_has_a_reason() -> None:
    text = "# 1. Plan\n\nEP64-TP8 on 64 GPUs, 8 × 8 = 64, see 12 and A100-80GB (FP8), 3.5 GB.\n"
    facts = facts_of(text)
    known = {f.claim for f in facts.facts}
    assert {n.index for n in facts.claims.numbers} == known | set(facts.unresolved)


def test_devices_models_and_precisions_are_mentioned_with_their_place() -> None:
    text = "Llama-3.1-70B on 8xH100 in BF16"
    found = {(m.kind, m.name) for m in facts_of(text).mentions}
    assert {kind for kind, _ in found} == {"device", "model", "precision"}
    for mention in facts_of(text).mentions:
        assert text[mention.span.start : mention.span.end] == mention.text


def test_intervals_are_in_base_units() -> None:
    assert fact("- GPU memory: 80 GB", "80").interval.low <= 80e9 <= fact("- GPU memory: 80 GB", "80").interval.high
    assert fact("- Decode latency: 12 ms", "12").interval.high == pytest.approx(0.013, rel=0.05)
    assert fact("- Total GPUs: 64", "64").exact


def test_phrases_ignore_case_hyphens_and_plurals_and_the_star_ends_a_stem() -> None:
    phrases = compile_phrases({"a": ["pipeline stage"], "b": ["tensor parallel*"], "c": ["显存"]})
    assert phrases.names("Pipeline-Stages") == {"a"}
    assert phrases.names("tensor parallelism") == {"b"}
    assert phrases.names("单卡显存") == {"c"}
    assert normalise("Experts-per-GPUs") == ("expert", "per", "gpu")


def test_every_phrase_of_the_vocabulary_names_its_own_kind() -> None:
    """A phrase that normalises to nothing, or that the stemmer eats, could never be found."""
    kinds = load_kinds()
    unreachable = [
        name for table in (kinds.phrases, kinds.nouns) for key, names in table.exact.items() for name in names
        if name not in {match.name for match in table.find(key)}
    ]  # fmt: skip
    assert unreachable == []


def test_refinements_and_counted_things_name_known_kinds() -> None:
    kinds = load_kinds()
    assert set(kinds.refinements) <= set(kinds.measures)
    for kind, scopes in kinds.refinements.items():
        assert set(scopes.values()) <= set(kinds.measures), kind
    for prefixes in kinds.counted.values():
        for prefix in prefixes:
            assert any(kind.startswith(prefix) for kind in kinds.measures), prefix


@pytest.mark.parametrize(("title", "modality"), [("Throughput target", "target"), ("Throughput: exceeds target", "asserted")])
def test_a_heading_that_says_a_target_is_reached_heads_claims(title: str, modality: str) -> None:
    assert fact(f"## {title}\n\n- Sequences per second: 38", "38").modality == modality


@pytest.mark.parametrize(
    "text",
    [
        "Each GPU handles 1 expert layer equivalent",
        "Expert 3: GPUs 6,7 (a pair)",
        "Stage 1: ranks 4 and 5 (a pair)",
        "MoE experts: row-parallel (2048→1024)",
    ],
)
def test_names_of_devices_and_shares_of_an_expert_count_nothing(text: str) -> None:
    assert [fact for fact in facts_of(text).facts if not fact.kind.startswith("count.")] == []


def test_a_column_that_numbers_its_rows_counts_nothing() -> None:
    table = "| GPU | Layers |\n|---|---|\n| {} | 8 |\n| {} | 8 |\n"
    assert [f.kind for f in facts_of(table.format(0, 1)).facts if f.text in "01"] == []
    assert [f.kind for f in facts_of(table.format(16, 32)).facts if f.text in ("16", "32")] == ["cluster.gpus"] * 2


def test_a_column_headed_by_one_thing_has_figures_of_one() -> None:
    """Under "chip" stands what a chip does, under "chips" how many there are."""
    found = facts_of("| Step | chip |\n|---|---|\n| a | 453 |\n| b | 512 |")

    assert [f.kind for f in found.facts] == []
