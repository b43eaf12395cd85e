"""Givens: facts from outside a document, as premises and as what its claims must respect."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import stratlint
from stratlint.cli import main
from stratlint.config.settings import Assumptions, HouseDevice, Settings
from stratlint.facts.given_files import facts_of_file
from stratlint.facts.given_values import Entry, GivenError, fact_of
from stratlint.facts.givens import Sources, with_givens
from stratlint.report.outcome import DocumentReport
from stratlint.rules.finding import Status

CONFIGS = Path(__file__).parent.parent / "physics" / "configs"


def checked(text: str, **settings: object) -> DocumentReport:
    return stratlint.check_text(text, Settings(**settings)).documents[0]  # type: ignore[arg-type]


def messages(report: DocumentReport, rule: str = "given-contradicted") -> list[str]:
    return [finding.message for finding in report.findings if finding.rule == rule]


def given_file(tmp_path: Path, name: str, text: str) -> tuple[str, ...]:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return (str(tmp_path / name),)


@pytest.mark.parametrize(
    ("path", "value", "kind", "middle"),
    [
        (("gpus",), 64, "cluster.gpus", 64),
        (("tp",), "8", "parallel.tp", 8),
        (("parallel", "pp"), 4, "parallel.pp", 4),
        (("gpu_memory",), "64 GB", "gpu.memory", 64e9),
        (("gpu", "memory"), "80 GiB", "gpu.memory", 80 * 2**30),
        (("gpu-bandwidth",), "1.8TBps", "gpu.bandwidth", 1.8e12),
        (("gpu_peak",), "400 TFLOPS", "gpu.peak", 400e12),
        (("gpu.peak",), "400 TFLOP/s", "gpu.peak", 400e12),
        (("mfu",), 0.6, "compute.mfu", 0.6),
        (("mfu",), "60%", "compute.mfu", 0.6),
        (("model", "parameters"), "30B", "model.parameters", 30e9),
        (("hidden_size",), 4096, "model.hidden", 4096),
        (("experts per gpu",), 8, "placement.experts_per_gpu", 8),
        (("sequence_length",), 2048, "sequence.length", 2048),
        (("precision",), "fp8", "precision.bits", 8),
    ],
)
def test_keys_and_values(path: tuple[str, ...], value: object, kind: str, middle: float) -> None:
    """Keys are kinds, their phrases or short names; values are read with our units."""
    fact = fact_of(Entry(path, value), "somewhere")
    assert fact.kind == kind
    assert fact.interval.low <= middle * (1 + 1e-9) and middle * (1 - 1e-9) <= fact.interval.high
    assert (fact.origin, fact.claim, fact.modality) == ("somewhere", -1, "asserted")


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("gpu_memoryy",), "64 GB", "did you mean `gpu.memory`"),
        (("zorkmids",), 3, "no known quantity"),
        (("gpu_memory",), 64, "write it like `64 GB`"),
        (("gpus",), "64 GB", "not of its dimension"),
        (("gpus",), True, "needs a number"),
        (("gpus",), "many", "as one number"),
        (("gpus",), "8 and 16", "as one number"),
        (("gpus",), "__import__('os')", "as one number"),
        (("precision",), "fp7", "no known precision"),
    ],
)
def test_bad_entries(path: tuple[str, ...], value: object, words: str) -> None:
    """What cannot be used says so, and what to write instead."""
    with pytest.raises(GivenError, match=words.replace("(", r"\(")):
        fact_of(Entry(path, value), "somewhere")


FILES = {
    "g.yaml": "cluster:\n  gpus: 64\ngpu: {memory: 64 GB}\n",
    "g.toml": "[cluster]\ngpus = 64\n[gpu]\nmemory = '64 GB'\n",
    "g.json": '{"cluster": {"gpus": 64},\n "gpu": {"memory": "64 GB"}}',
    "g.md": "# The cluster\n\n- Total GPUs: 64\n- GPU memory: 64 GB\n",
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_binds_and_serves(tmp_path: Path, name: str) -> None:
    """Each kind of file contradicts a claim, with its path and line, and is a premise where the document has none."""
    files = given_file(tmp_path, name, FILES[name])
    wrong = messages(checked("- Total GPUs: 128\n- GPU memory: 80 GB\n", givens=files))
    assert len(wrong) == 2
    assert f"given by {tmp_path.as_posix()}/{name}:" in wrong[0]
    strategy = checked("- Strategy: TP8-PP4-DP3\n", givens=files)
    (finding,) = strategy.findings
    assert finding.rule == "world-size-mismatch" and finding.location.line == 1
    outside = [place for place in finding.related if not place.path]
    assert [place.role for place in outside] == ["GPUs"] and name in outside[0].text
    assert not checked("- Total GPUs: 64\n- GPU memory: 64 GiB\n", givens=files).findings


def test_a_model_config(tmp_path: Path) -> None:
    """A Hugging Face config gives sizes and parameter counts."""
    files = (str(CONFIGS / "mixtral-8x7b.json"),)
    assert {fact.kind: fact.text for fact in facts_of_file(Path(files[0]))}["model.parameters"] == "46,702,792,704"
    report = checked("The model has 46.7B parameters in 32 layers, and a hidden size of 8192.\n", givens=files)
    assert ["8192" in message and "mixtral-8x7b.json" in message for message in messages(report)] == [True]
    statuses = {entry.location.text: entry.status for entry in report.ledger}
    assert statuses["32 layers"] is Status.VERIFIED


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.json")), ids=lambda path: path.stem)
def test_every_model_config_is_a_given(path: Path) -> None:
    """No config of the physics tests is refused."""
    kinds = {fact.kind for fact in facts_of_file(path)}
    assert {"model.layers", "model.hidden", "model.heads", "model.parameters"} <= kinds


def test_front_matter() -> None:
    """Front matter binds, is shown with its line, is no claim of the document, and is no contradiction by itself."""
    head = "---\nstratlint: {layers: 32, heads: 32, tp: 8}\n---\n\n"
    report = checked(f"{head}- Layers: 16\n")
    (finding,) = report.findings
    assert finding.related[0].line == 2 and "front matter, line 2" in finding.message
    report = checked(f"{head}- Attention heads per GPU: 8\n")
    assert [finding.rule for finding in report.findings] == ["heads-per-gpu-mismatch"]
    assert [place.line for place in report.findings[0].related] == [2, 2]
    assert {entry.kind for entry in report.ledger} >= {"model.layers", "model.heads", "parallel.tp"}


def test_front_matter_that_cannot_be_used_is_a_note() -> None:
    """A document never stops a run: what its front matter says wrongly is told, the rest is used."""
    report = checked("---\nstratlint: {layers: 32, zorkmids: 7}\n---\n\n- Layers: 16\n")
    assert any("zorkmids" in note for note in report.notes) and len(messages(report)) == 1
    for text in ("---\nstratlint: 7\n---\n", "---\nstratlint: [1, 2]\n---\n", "---\nstratlint:\n---\n\n64 GPUs\n"):
        assert not checked(text).findings


def test_a_nearer_given_hides_a_farther_one(tmp_path: Path) -> None:
    """Front matter, files, house devices: the first that speaks of a kind."""
    files = given_file(tmp_path, "g.yaml", "layers: 48\nheads: 32\n")
    report = checked("---\nstratlint: {layers: 32}\n---\n\n- Layers: 32\n- Attention heads: 32\n", givens=files)
    assert not report.findings


def test_house_device() -> None:
    """A device of one's own counts where it is named, and only where no other is."""
    devices = {"zeta-1": HouseDevice(memory="64 GB", bandwidth="1.8 TB/s", source="datasheet v3")}
    wrong = messages(checked("We use the Zeta 1 card.\n\n- GPU memory: 80 GB\n", hardware=devices))
    assert len(wrong) == 1 and "hardware.zeta-1, datasheet v3" in wrong[0]
    assert not messages(checked("- GPU memory: 80 GB\n", hardware=devices))
    assert not messages(checked("Zeta-1 or H100 80GB?\n\n- GPU memory: 80 GB\n", hardware=devices))
    with pytest.raises(GivenError, match=r"hardware\.zeta\.memory"):
        checked("the zeta", hardware={"zeta": HouseDevice(memory="64")})


def test_default_model() -> None:
    """`assumptions.model` speaks for a document that names no model."""
    assumed = Assumptions(model="mixtral-8x7b")
    assert messages(checked("- Layers: 16\n", assumptions=assumed))
    assert not messages(checked("DeepSeek-V3.\n\n- Layers: 16\n", assumptions=assumed))


@pytest.mark.parametrize(
    "text",
    [
        "If we had 128 GPUs in total, it would fit.",
        "- Total GPUs: <= 128",
        "| option | layers |\n|---|---|\n| A | 16 |\n| B | 24 |",
        "- Layers: 16\n\nThe draft has fewer layers.\n\n- Layers: 8",
        "- ~~Layers: 16~~",
        "We run 16 GPUs for prefill.",
        "- GPU memory: 68.7 GB\n",
    ],
)
def test_what_is_no_contradiction(tmp_path: Path, text: str) -> None:
    """Hypotheses, limits, options, struck text, parts of the cluster, another gigabyte."""
    files = given_file(tmp_path, "g.yaml", "gpus: 64\nlayers: 32\ngpu_memory: 64 GB\n")
    assert not messages(checked(f"{text}\n", givens=files))


def test_document_facts_come_first(tmp_path: Path) -> None:
    """A given is no premise where the document speaks of the kind, even if it leaves its value open."""
    files = given_file(tmp_path, "g.yaml", "layers: 16\nexperts: 64\n")
    text = "- Layers: {}\n- Experts per layer: 64\n- Total expert instances: 2,048\n"
    report = checked(text.format(32), givens=files)
    assert "expert-instances-mismatch" not in {finding.rule for finding in report.findings}
    report = checked(text.replace("- Layers: {}\n", ""), givens=files)
    assert "expert-instances-mismatch" in {finding.rule for finding in report.findings}


def test_no_givens_no_change() -> None:
    """Without sources the facts are the very same object."""
    from stratlint.claims.extract import extract
    from stratlint.document import parse
    from stratlint.facts.resolve import resolve

    facts = resolve(extract(parse("- Layers: 16\n")))
    assert with_givens(facts, Sources()) == (facts, ())
    assert with_givens(facts, Sources())[0] is facts


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("g.yaml", "gpus: [1]\n", "g.yaml:1"),
        ("g.yaml", "gpus: &a 1\nlayers: *a\n", "anchors"),
        ("g.yaml", "layers: 1\n  gpus: 2\n", "g.yaml:2: not valid YAML"),
        ("g.yaml", "- 1\n", "mapping"),
        ("g.toml", "gpus = \n", "not valid TOML"),
        ("g.json", "{", "not valid JSON"),
        ("g.json", "[]", "mapping"),
        ("g.json", json.dumps({"architectures": ["FooForCausalLM"]}), "unknown architecture 'FooForCausalLM'"),
        ("g.json", json.dumps({"model_type": "llama"}), "g.json"),
        ("g.csv", "a,b\n", "Markdown, YAML, TOML or JSON"),
        ("g.yaml", "gpu_memory: 64\n", "64 GB"),
    ],
)
def test_a_bad_file_is_exit_2(tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str, text: str, words: str) -> None:
    """A clear line, no traceback, nothing checked."""
    (files,) = given_file(tmp_path, name, text)
    (tmp_path / "d.md").write_text("- Layers: 16\n", encoding="utf-8")
    assert main(["check", "--isolated", str(tmp_path / "d.md"), "--given", files]) == 2
    out, err = capfd.readouterr()
    assert words in err and "Traceback" not in err and not out


def test_the_command_line_reads_givens(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """`--given FILE` reaches the documents."""
    (files,) = given_file(tmp_path, "g.yaml", "layers: 32\n")
    (tmp_path / "d.md").write_text("- Layers: 16\n", encoding="utf-8")
    assert main(["check", "--isolated", str(tmp_path / "d.md"), "--given", files]) == 1
    assert "given-contradicted" in capfd.readouterr().out
