"""`stratlint model CONFIG.json`: what a model's own configuration says about its size, memory and compute."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from stratlint.cli import options
from stratlint.cli.outcome import CLEAN, Usage
from stratlint.cli.reading import Unreadable, read_file, read_stdin
from stratlint.cli.streams import Streams

if TYPE_CHECKING:
    from stratlint.physics.configs import ModelReport

SUMMARY = "parameters, memory and compute that follow from a model's config.json"
_LIMIT = 16 << 20


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("model_config", metavar="CONFIG.json", help="a model's configuration as its hub publishes it")
    parser.add_argument("--precision", default="bf16", help="precision of the weights (default: bf16)")
    parser.add_argument("--kv-precision", help="precision of the KV cache (default: that of the weights)")
    parser.add_argument("--sequence", type=options.positive, metavar="TOKENS", help="context length for the FLOPs")
    parser.add_argument("--output-format", dest="model_format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Carry it out; the exit code."""
    report = report_on(arguments.model_config, arguments.precision, arguments.kv_precision, arguments.sequence)
    if arguments.model_format == "json":
        from stratlint.report.escaping import json_text

        streams.write(json_text(asdict(report), indent=2) + "\n")
    else:
        streams.write("".join(f"{line}\n" for line in _lines(report)))
    return CLEAN


def report_on(path: str, precision: str, kv_precision: str | None, sequence: int | None) -> ModelReport:
    """What follows from the configuration at *path*, - for standard input.

    Raises:
        Usage: it cannot be read, or is no configuration of a model; or a precision is unknown.
    """
    raw = _read(path)
    from stratlint.physics.configs import model_report, mtp_modules, read_config

    try:
        return model_report(read_config(raw), precision, kv_precision=kv_precision, sequence=sequence, mtp=mtp_modules(raw))
    except (ValueError, ArithmeticError) as problem:
        raise Usage(f"{path}: {problem}") from None


def _read(path: str) -> Mapping[str, object]:
    try:
        raw = json.loads(read_stdin(_LIMIT) if path == "-" else read_file(path, _LIMIT))
    except Unreadable as problem:
        raise Usage(f"{path}: {problem}") from None
    except (ValueError, RecursionError) as problem:
        raise Usage(f"{path}: not JSON: {problem}") from None
    if not isinstance(raw, dict):
        raise Usage(f"{path}: not a model's configuration: the outermost value is no object")
    return raw


def _lines(report: ModelReport) -> Iterator[str]:
    from stratlint.cli.table import table

    context = f" at {report.sequence:,} tokens" if report.sequence else " without attention"
    rows = [
        ("parameters", f"{report.total:,}"),
        *((f"  {name.replace('_', ' ')}", f"{count:,}") for name, count in _counts(asdict(report.parameters))),
        *((f"active {name.replace('_', ' ')}", f"{count:,}") for name, count in _counts(asdict(report.active))),
        ("parameters in matrix products", f"{report.matmul_parameters:,}"),
        ("multi-token prediction, besides", f"{report.mtp_parameters:,}"),
        (f"weights in {report.precision}", _bytes(report.weight_bytes)),
        ("KV cache per token", f"{report.kv_bytes_per_token:,.0f} B"),
        *([("state per sequence", f"{state:,.0f} B")] if (state := report.state_bytes_per_sequence) else []),
        (f"forward FLOP per token{context}", f"{report.forward_flops_per_token:.4g}"),
        (f"training FLOP per token{context}", f"{report.training_flops_per_token:.4g}"),
    ]
    yield from table(("", ""), rows).splitlines()


def _counts(part: Mapping[str, object]) -> Iterator[tuple[str, int]]:
    for name, value in part.items():
        if isinstance(value, int) and not isinstance(value, bool) and value:
            yield name, value


def _bytes(count: float) -> str:
    return f"{count / 1e9:,.2f} GB = {count / 2**30:,.2f} GiB"
