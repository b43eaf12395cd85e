"""Any text in: no crash, no hang, nothing injected out. Bounds of time are generous, but a square would break them."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stratlint
from stratlint.report import FORMATS, RenderOptions, render
from stratlint.report.outcome import Report

# Seconds of processor time that any of these may take on a slow machine.
SECONDS = 20
# A text that is eight times as long may take so many times as long: the machine may be slow, the growth may not.
VAST_GROWTH, VAST_SECONDS = 12, 90


def seconds(text: str) -> tuple[float, Report]:
    start = time.process_time()
    report = stratlint.check_text(text)
    return time.process_time() - start, report


def internal(report: Report) -> list[str]:
    return [str(failure) for document in report.documents for failure in document.failures]


ODD = {
    "empty": "",
    "blank": " \n\t\n",
    "NUL": "8 × 8 = 64\0\0 GPUs",
    "lone CR": "8 × 8 = 64\r9 × 9 = 81\r",
    "only a mark": "\ufeff",
    "surrogate-free garbage": "\ufffd\ufffe\uffff\x01\x02 64",
    "private use": "\ue000 64 \ue001 2 \ue000 3) 4",
    "unclosed fence": "```yaml\ntp: 8\n",
    "unclosed everything": "| a | **b `c [d](e <!-- ~~8 × 8",
    "huge number": "9" * 10_000 + " GPUs",
    "huge decimals": "1." + "3" * 10_000 + " GB × 2 = 5 GB",
    "huge exponent": "1e999999 × 2 = 1e999999",
    "tower": "9**9**9**9 = 9^9^9^9 × 2",
    "superscript tower": "10⁹⁹⁹⁹⁹⁹ × 10⁹⁹⁹ = 1",
    "infinity": "1e308 × 1e308 = 1e308 and inf × nan = 5",
    "tiny": "1e-320 / 1e300 = 0",
    "division by zero": "8 / 0 = 8, 0 / 0 = 0, 1 ÷ (4 − 4) = 9",
    "modulo zero": "- Layers: 0\n- Pipeline stages: 0\n- Layers per stage: 0",
    "no GPUs": "- Total GPUs: 0\n- TP: 0\n- PP: 0\n- EP: 0\n- Experts per layer: 0\n- GPU memory: 0 GB",
    "negative GPUs": "- Total GPUs: -64\n- TP: -8\n- PP: -8\n- Layers: -4\n- GPU memory: -80 GB\n- Layers/stage: -1",
    "fractional degrees": "- Total GPUs: 6.5\n- TP: 2.5\n- PP: 0.5\n- Attention heads: 1.5",
    "everything a million": "EP1000000-TP1000000-PP1000000-DP1000000 on 1000000 GPUs, 1000000 layers, 1000000 experts",
    "ranges backwards": "- Stage 0: GPUs 15-0\n- Stage 1: GPUs 31-16\n- Stage 2: GPUs 999999999-0",
    "YAML bomb": "---\n" + "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1,
        10)) + "stratlint: *a9\n---\n\n8 × 8 = 64",
    "YAML cycle": "---\nstratlint: &a {layers: *a}\n---\n\n- Layers: 3",
    "YAML objects": "---\nstratlint: !!python/object/apply:os.system ['true']\n---\n\n8 × 8 = 64",
    "YAML depth": "---\nstratlint: " + "[" * 5_000 + "]" * 5_000 + "\n---\n\n8",
    "YAML numbers": "---\nstratlint: {layers: 99999999999999999999, memory: 1e999 GB, tp: .inf, pp: .nan}\n---\n\n8",
    "YAML keys": "---\n? [1, 2]\n: 3\nstratlint: {? {a: b} : 4}\n---\n\n8",
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_odd_documents_are_read_without_an_internal_error(name: str) -> None:
    taken, report = seconds(ODD[name])
    assert internal(report) == []
    assert taken < 10


LARGE: dict[str, Callable[[int], str]] = {
    "one line of equations": lambda n: "tokens 64 × 2 = 128, " * n,
    "one line of words": lambda n: "word GPU layer " * n,
    "one line of digits": lambda n: "1 " * n,
    "one equation": lambda n: "1 + " * n + "1 = 5",
    "one chain": lambda n: "2 = " * n + "2",
    "table rows": lambda n: "| Item | TP | Memory |\n|---|---|---|\n" + "| a | 8 | 64 GB |\n" * n,
    "table columns": lambda n: "|" + "a|" * (n % 900) + "\n|" + "-|" * (n % 900) + "\n|" + "8|" * (n % 900),
    "list items": lambda n: "- Total GPUs: 64\n" * n,
    "paragraphs": lambda n: "Each GPU holds 8 experts and 64 GB.\n\n" * n,
    "headings": lambda n: "".join(f"# Section {k}\n\nTP = 8\n\n" for k in range(n)),
    "deep headings": lambda n: "".join(
        f"{'#' * (1 + k % 6)} S {k}\n\nTP={k % 7 + 1}, PP=4, 64 GPUs\n\n" for k in range(n)
    ),
    "brackets": lambda n: "(" * n + "8" + ")" * n + " × 2 = 16",
    "square brackets": lambda n: "[" * n + "8" + "]" * n,
    "open brackets": lambda n: "8 × (" * n,
    "braces": lambda n: "$" + "\\frac{" * n + "8" + "}" * n + "$",
    "nested lists": lambda n: "".join("  " * (k % 40) + f"- item {k}: 8 GB\n" for k in range(n)),
    "nested quotes": lambda n: ">" * n + " 8 × 8 = 64",
    "backticks": lambda n: "`8` " * n,
    "stars": lambda n: "*8" * n,
    "pipes": lambda n: "8|" * n,
    "devices": lambda n: "8 × H100-80GB and Llama-3.1-70B, " * n,
    "verdicts": lambda n: "✅ All calculations are correct: 8 × 8 = 65\n\n" * n,
    "strategies": lambda n: "EP64-TP8-PP2-DP1 on 1024 GPUs\n\n" * n,
    "code lines": lambda n: "```\n" + "Total = 64 × 2\n      = 128\n" * n + "```\n",
    "flags": lambda n: "```bash\n" + "run --tensor-parallel-size 8 --pipeline-parallel-size 4 \\\n" * n + "```\n",
    "comments": lambda n: "<!-- 8 -->\n" * n,
    "Chinese": lambda n: "每张卡 80 GB，共 64 卡，层数：48。" * n,
    "escapes": lambda n: "\x1b[31m8\x1b[0m " * n,
    "near duplicates": lambda n: "".join(f"- Memory per GPU: {k} GB\n" for k in range(n)),
    "different numbers in one line": lambda n: "".join(f"value {k}.{k % 97} GB, " for k in range(n)),
    "conditions in one line": lambda n: "".join(f"if each GPU had {k} experts, " for k in range(n)),
    "brackets in a row": lambda n: "GPU (8 GB) " * n,
    "transfers": lambda n: "".join(f"- NVLink moves {k} GB / {k % 900 + 100} GB/s = {k} ms\n" for k in range(1, n // 2)),
    "layouts": lambda n: "".join(f"EP{k % 64 + 1}-TP{k % 8 + 1}-PP2 on {k} GPUs, " for k in range(n // 2)),
    "many wrong": lambda n: "".join(f"{k} × 2 = {k * 3}\n\n" for k in range(1, n)),
}  # fmt: skip
# How many repetitions make a long document, which must take seconds, not minutes.
COUNTS = {
    "brackets": 6_000,
    "square brackets": 6_000,
    "open brackets": 6_000,
    "nested quotes": 6_000,
    "braces": 1_500,
    "one chain": 3_000,
}
DEFAULT_COUNT = 320


# Runs apart, so that a text that never ends or eats the memory fails its own test and nothing else.
PROBE = """
import json, resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
import stratlint
stratlint.check_text("8 × 8 = 64 GPUs")
for line in sys.stdin:
    start = time.process_time()
    report = stratlint.check_text(json.loads(line))
    taken = time.process_time() - start
    print(json.dumps([taken, [str(f) for document in report.documents for f in document.failures]]), flush=True)
"""


# What is measured is processor time; a busy machine may take longer.
_PATIENCE = 4


class Probe:
    """A process that checks one text after another. One that does not answer in time is ended; the next text gets a new one."""

    def __init__(self) -> None:
        self._running: subprocess.Popen[str] | None = None

    def taken(self, text: str, seconds: int = SECONDS) -> float:
        """Processor seconds that the check of a text takes; nothing may fail inside."""
        if self._running is None:
            self._running = subprocess.Popen([sys.executable, "-c", PROBE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        running = self._running
        assert running.stdin and running.stdout
        late = threading.Timer(_PATIENCE * seconds, running.kill)
        late.start()
        try:
            running.stdin.write(json.dumps(text) + "\n")
            running.stdin.flush()
            answer = running.stdout.readline()
        except BrokenPipeError:
            answer = ""
        finally:
            late.cancel()
        if not answer:
            self.end()
            pytest.fail(f"the process died, or was not done after {_PATIENCE * seconds} s")
        spent, problems = json.loads(answer)
        assert problems == []
        return float(spent)

    def end(self) -> None:
        """End the process, if one runs."""
        if self._running is not None:
            self._running.kill()
            self._running.communicate()
            self._running = None


@pytest.fixture(scope="module")
def probe() -> Iterator[Probe]:
    probe = Probe()
    yield probe
    probe.end()


@pytest.mark.parametrize("name", LARGE)
def test_time_grows_with_the_length_and_not_with_its_square(probe: Probe, name: str) -> None:
    """Four times the text may take at most about four times as long; noise of short runs is granted."""
    count = COUNTS.get(name, DEFAULT_COUNT)
    small, large = probe.taken(LARGE[name](count // 4)), probe.taken(LARGE[name](count))
    assert large < 6 * small + 0.2, f"{small:.2f} s for {count // 4}, {large:.2f} s for {count}"


VAST = {
    "a MB of words in one line": lambda part: "lorem ipsum dolor sit amet " * (40_000 // part) + "8 × 8 = 65",
    "3,000 equations in one line": lambda part: "tokens 64 × 2 = 128, " * (3_000 // part),
    "20,000 table rows": lambda part: "| Item | Value |\n|---|---|\n" + "| note | none |\n" * (20_000 // part),
}


@pytest.mark.parametrize("name", VAST)
def test_vast_documents_are_read_to_their_end(probe: Probe, name: str) -> None:
    eighth, whole = probe.taken(VAST[name](8), VAST_SECONDS), probe.taken(VAST[name](1), VAST_SECONDS)
    assert whole < VAST_GROWTH * eighth + 0.5, f"{eighth:.2f} s for an eighth, {whole:.2f} s for all"


HOSTILE_LABEL = "\x1b[31mSum\x1b[0m <script>8</script> \u202e\x07 [bold]of[/bold] ::notice file=x::y %0A"
HOSTILE_WORDS = "\x1b[31mred\x1b[0m [bold]8[/bold] ::notice file=x::y <script>8</script> ]]> &amp; \u202e8\u202c \x07 %0A | ` **"


@pytest.mark.parametrize("format_name", FORMATS)
def test_nothing_of_the_text_takes_over_the_output(format_name: str) -> None:
    text = f"# {HOSTILE_WORDS}\n\n- {HOSTILE_WORDS}\n- {HOSTILE_LABEL}: 8 × 8 = 99 GPUs\n"
    report = stratlint.check_text(text)
    assert report.errors
    out = render(format_name, report, RenderOptions())
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "\x07" not in out
    assert "<script>8" not in out or format_name in (
        "json",
        "jsonl",
        "sarif",
        "rdjson",
        "rdjsonl",
        "gitlab",
        "full",
        "concise",
        "grouped",
        "github",
        "prompt",
    )


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_checked(text: str) -> None:
    report = stratlint.check_text(text)
    assert internal(report) == []
    assert len(report.documents) == 1


WORDS = st.sampled_from(
    ["- Total GPUs: ", "TP=", "EP64-TP8-PP2", "- Layers: ", "- Experts per GPU: ", "GPU memory ", " GB", " × ", " = ",
        "8", "0", "-4", "1e400", "64",
     "\n", "\n\n", "| a | b |\n|---|---|\n| ", " | ", "✅ ", "exactly ", "# H\n", "```\n", "~~", "H100-80GB ",
     "Llama-3.1-70B ", "FP8 ", " ms",
     " tokens/s", "Decode latency ", "%", "(", ")", "- Stage 0: GPUs 0-", "Each GPU handles ", " modules", " per layer",
     "total ", ",", ". ", "→"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=60).map("".join))
def test_any_mixture_of_meaningful_pieces_is_checked(text: str) -> None:
    assert internal(stratlint.check_text(text)) == []
