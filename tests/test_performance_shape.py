"""How the cost grows, not what it is: linear in the document, nothing loaded that is not needed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import stratlint
from stratlint.facts.mentions import models
from stratlint.physics.catalog import name_finder

ROOT = Path(__file__).parents[1]
FACTOR = 4
# Four times the document may take this many times as long: twice that would be a square.
MOST = 7.0

SHAPES: dict[str, tuple[int, Callable[[int], str]]] = {
    "wrong equations": (
        60, lambda n: "\n\n".join(f"Step {i}: {i + 3} GPUs × 80 GB = {(i + 3) * 119} GB of memory." for i in range(n))
    ),
    "wrong equations in one paragraph": (80, lambda n: " ".join(f"It is {i + 3} × 80 = {(i + 3) * 113}." for i in range(n))),
    "wrong equations in one code block": (
        60, lambda n: "```\n" + "\n".join(f"step {i}: {i + 3} × 80 GB = {(i + 3) * 113} GB" for i in range(n)) + "\n```"
    ),
    "table rows": (
        48,
        lambda n: "| Layout | TP | PP | DP | GPUs | Latency |\n|---|---|---|---|---|---|\n"
        + "\n".join(f"| L{i} | 2 | 4 | {i + 1} | {8 * (i + 1)} | {i}.5 ms |" for i in range(n)),
    ),
    "list items": (
        60, lambda n: "\n".join(f"- Stage {i}: {i + 2} layers on {2 * i + 8} GPUs, 12.5 GB of weights, {i}.5 ms" for i in range(n))
    ),
    "sentences of one paragraph": (100, lambda n: "\n".join(f"Part {i} needs 7 × {i} = {7 * i} boxes." for i in range(2, n))),
    "lines of one code block": (80, lambda n: "```\n" + "Total = 64 × 2\n      = 128\n" * n + "```"),
    "totals": (80, lambda n: "\n".join("- Total GPUs: 64" for _ in range(n))),
    "mentions": (
        40,
        lambda n: "\n\n".join(f"An H100 has 80 GB of HBM3 and 3.35 TB/s; Llama-3-70B has 80 layers ({i})." for i in range(n)),
    ),
    "sections": (
        48, lambda n: "\n\n".join(f"## Part {i}\n\nThe cluster has {i + 8} GPUs with TP = 8 and PP = {i + 1}." for i in range(n))
    ),
    "latencies with their work": (
        48, lambda n: "\n".join(f"- Prefill latency: {i + 1}.5 ms; work: {i + 2} TFLOP per prompt" for i in range(n))
    ),
}  # fmt: skip


def seconds(text: str, runs: int) -> float:
    """The shortest CPU time of some runs."""
    spans = []
    for _ in range(runs):
        begun = time.process_time()
        report = stratlint.check_text(text)
        spans.append(time.process_time() - begun)
        assert not any(document.error for document in report.documents)
    return min(spans)


@pytest.mark.parametrize("name", SHAPES)
def test_time_grows_with_the_size_of_a_document(name: str) -> None:
    size, make = SHAPES[name]
    stratlint.check_text(make(8))  # what is loaded once
    small, large = seconds(make(size), 2), seconds(make(size * FACTOR), 1)
    if large / small >= MOST:  # something else took the core for a while
        large = seconds(make(size * FACTOR), 2)
    assert large / small < MOST, f"{small:.3f} s for {size}, {large:.3f} s for {FACTOR} times as many"


def test_a_check_loads_neither_pint_nor_what_only_other_commands_need(tmp_path: Path) -> None:
    page = tmp_path / "plan.md"
    page.write_text("Weights: 30B × 2 bytes = 80 GB on an H100\n", encoding="utf-8")
    code = (
        "import sys\nfrom stratlint.cli import main\n"
        f"code = main(['check', '--output-format', 'concise', {str(page)!r}])\n"
        "assert code == 1, code\n"
        "unwanted = () if sys.argv[1:] else ('pint', 'rich', 'yaml', 'github', 'stratlint.facts.givens', 'stratlint.cli.commands.review')\n"
        "loaded = [name for name in unwanted if name in sys.modules]\nassert loaded == [], loaded\n"
    )
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    for each in ("the first run computes what is kept", ""):
        subprocess.run([sys.executable, "-c", code, *filter(None, [each])], check=True, cwd=tmp_path, env=environment, capture_output=True)


@pytest.mark.parametrize("separator", ["", "-", " ", "_", " - "])
def test_every_model_name_is_found_whole_with_any_separator(separator: str) -> None:
    finder = name_finder(models())
    for model in models():
        for name in {model.name, *model.aliases} - set(model.weak_aliases):
            bare = name.rsplit("/", 1)[-1]
            written = separator.join(bare.replace("_", "-").replace(" ", "-").split("-"))
            text = f"x{written}; ({written.upper()}s)"
            assert [text[start:end] for start, end in finder.find(text)][-1:] == [written.upper()], name
