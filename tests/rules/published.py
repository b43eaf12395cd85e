"""How a report writes down each law of `published_tables.yaml`: a table of figures and a line of its own.

The page is judged by `stratlint.check`; the file's expressions are never evaluated here. `{name}` is a figure as it is
printed (with the digits that its half-width leaves). A law that holds several templates uses the first whose figures
the row has.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

# Equations as documents write them: the left side computes, the right side is the claim.
WRITTEN: Mapping[str, tuple[str, ...]] = {
    "arithmetic.product": (
        "Tiles: {a} × {b} × {c} = {h}.",
        "Memory: {gpus} GPUs × {per} GB = {gb} GB.",
        "Shards: {hosts} hosts × {per} = {files}.",
    ),
    "arithmetic.sum": (),  # see SUMS
    "batch.global": (
        "Global batch: {gpus} × {micro_batch} × {grad_accum} = {global_batch}.",
        "Global batch: {local_batch} × {fsdp} = {global_batch}.",
    ),
    "batch.steps": ("Steps: {main} / {gbs} ≈ {steps}.",),
    "batch.tokens": (
        "Tokens per step: {global_batch} sequences × {seq} tokens = {global_batch_tokens}.",
        "Tokens per step: {dp} × {batch_per_dp} × {seq} ≈ {tokens_per_batch_millions}M.",
        "Tokens per step: {gbs0} × {seq} = {tok0}, later {ramp} × {seq} = {ramp_tok} and {main} × {seq} ≈ {main_tok}.",
        "Tokens per step: {gbs} × {seq} = {tok_step}.",
    ),
    "compute.6nd": ("Training FLOPs: 6 × {params} × {tokens} ≈ {flops}.",),
    "compute.aggregate": ("Aggregate: {gpus} GPUs × {tflops_per_gpu} TFLOP/s = {aggregate_pflops} PFLOP/s.",),
    "compute.bwd_twice_fwd": ("Both passes: 3 × {fwd} GFLOP = {fwdbwd} GFLOP.", "Both passes: 3 × {gflops} GFLOP = {fwdbwd} GFLOP."),
    "compute.forward": (
        "Forward: 2 × ({params} - {emb}) × {tokens} + 4 × {layers} × {hidden} × {tokens} × {tokens} ≈ {gflops} GFLOP.",
    ),
    "compute.hfu_full_recompute": ("HFU: {mfu_pct}% × {hfu_factor} ≈ {hfu_pct}%.",),
    "compute.hfu_selective_one_forward": (
        "HFU: {mfu_pct}% × (1 + 2 × {seq} / (9 × {hidden}) + {vocab} / (12 × {hidden} × {layers})) / "
        "(1 + {seq} / (6 × {hidden}) + {vocab} / (12 × {hidden} × {layers})) = {hfu_pct}%.",
    ),
    "compute.hfu_selective_paper": (
        "HFU: {mfu_pct}% × (1 + {seq} / (3 × {hidden}) + {vocab} / (12 × {hidden} × {layers})) / "
        "(1 + {seq} / (6 × {hidden}) + {vocab} / (12 × {hidden} × {layers})) = {hfu_pct}%.",
    ),
    "compute.mfu_causal": ("MFU: {tokens_per_s_device} × {flop_per_token_causal} / {peak_tflops}e12 = {mfu_pct}%.",),
    "compute.mfu_full_attention": (
        "MFU: {tokens_per_s_device} × {flop_per_token_full_attention} / {peak_tflops}e12 = {mfu_pct}%.",
    ),
    "compute.mfu_mosaic": (
        "MFU: {tokens_per_s} × 3 × (2 × {params} + 4 × {layers} × {hidden} × {seq}) / ({gpus} × {peak_tflops}e12) ≈ {mfu_pct}%.",
    ),
    "compute.mfu_palm": (
        "MFU: {tok_s} × (6 × {params} + 12 × {layers} × {heads} × {head_dim} × {seq}) / ({chips} × {peak_tflops}e12) = {mfu_pct}%.",
    ),
    "compute.mfu_torchtitan": (
        "MFU: {tokens_per_s_gpu} × (6 × ({params} - {embedding_params}) + 12 × {layers} × {hidden} × {seq}) / {peak_tflops}e12 = {mfu_pct}%.",
    ),
    "compute.model_flops": ("Rate: {tokens_per_s_gpu} × {flop_per_token} = {tflops_per_gpu}e12.",),
    "compute.rate": (
        "Rate: {mfu_pct}% × {peak_tflops} TFLOP/s = {tflops} TFLOP/s.",
        "Rate: {tflop_per_step} TFLOP / {seconds} s = {tflops_per_device} TFLOP/s.",
    ),
    "compute.sc21_flops": (
        "Rate: 96 × {batch} × {seq} × {layers} × {hidden} × {hidden} × (1 + {seq} / (6 × {hidden}) + {vocab} / (16 × {layers} × {hidden})) "
        "/ ({gpus} × {iter_s}) = {tflops_per_gpu}e12.",
    ),
    "compute.scaling": (
        "Aggregate: {gpus} × {single_tflops} TFLOP/s × {efficiency_pct}% = {aggregate_pflops} PFLOP/s.",
    ),
    "compute.scaling_by_params": (
        "Scaling: ({params_b} / {iter_ms}) / ({base_params_b} / {base_iter_ms}) / {gpus} ≈ {scaling_pct}%.",
    ),
    "compute.scaling_by_tflops": ("Scaling: {tflops} TFLOP/s / {base_tflops} TFLOP/s = {scaling_pct}%.",),
    "compute.scaling_by_time": ("Scaling: {base_iter_ms} ms / {iter_ms} ms = {scaling_pct}%.",),
    "compute.utilization": (
        "Utilisation: {tflops_per_gpu} TFLOP/s / {peak_tflops} TFLOP/s = {pct_of_peak}%.",
        "MFU: {tflops_per_gpu} TFLOP/s / {peak_tflops} TFLOP/s = {mfu_pct}%.",
        "MFU: {tflops_per_chip} TFLOP/s / {peak_tflops} TFLOP/s = {mfu_pct}%.",
        "MFU: {tflops_per_device} TFLOP/s / {peak_tflops} TFLOP/s = {mfu_pct}%.",
        "Efficiency: {mamf} TFLOP/s / {theory} TFLOP/s = {eff_pct}%.",
        "Share of peak: {tflops} TFLOP/s / {peak} TFLOP/s = {pct}%.",
        "Share of peak: {single_tflops} TFLOP/s / {peak_tflops} TFLOP/s = {pct_peak}%.",
        "Share of peak: {tflops_per_gpu} TFLOP/s / {peak_tflops} TFLOP/s = {pct}%.",
    ),
    "cost.gpu_hours": ("Cost: {nodes} × {gpus} × ${usd} × {hours} = ${cost}.",),
    "cost.margin": ("Margin: ({revenue} - {cost}) / {cost} = {margin_pct}%.",),
    "cost.revenue": (
        "Revenue: {hit} / 1,000,000 × {p_hit} + ({total} - {hit}) / 1,000,000 × {p_miss} + {out} / 1,000,000 × {p_out} = {revenue}.",
    ),
    "energy.carbon": ("Carbon: {gpu_hours} × {watts} × {pue} × {kg_per_kwh} / 1,000,000 ≈ {tco2}.",),
    "energy.mwh": ("Energy: {gpu_hours} × {watts} × {pue} / 1,000,000 = {mwh}.",),
    "latency.nodes_from_throughput": ("Nodes: {inp} / 86,400 / {in_rate} + {out} / 86,400 / {out_rate} ≈ {avg_nodes}.",),
    "latency.per_gpu": ("Per GPU: {tokens_per_s} tokens/s / {gpus} = {tokens_per_s_gpu} tokens/s.",),
    "latency.throughput": ("Throughput: {batch_per_device} × {seq} tokens / {seconds} s = {tokens_per_s_device} tokens/s.",),
    "memory.checkpoint": ("Checkpoint: {files} × {gb_each} GB = {tb} TB.",),
    "memory.checkpoint_tib": ("Checkpoint: {params} × 14 bytes = {ckpt_t} TiB.",),
    "memory.cpu_init": ("Host memory: {params} × 4 bytes × {gpus} × 1.5 = {gib} GiB.",),
    "memory.dtype_ratio": ("In float32: 2 × {total16} MB = {total32} MB.",),
    "memory.largest_layer": ("Largest layer: 4 bytes × {largest} = {layer_mib} MiB.",),
    "memory.node": ("Per node: 8 × {gb} GB = {gb_per_node} GB.",),
    "memory.weights_gb": ("1 GB = 10^9 bytes.\n\n- Weights: {params} × 2 bytes = {weights} GB.", "1 GB = 10^9 bytes.\n\n- Weights: {params} × 2 bytes = {gb} GB."),
    "memory.weights_gib": ("Weights: {params} × 2 bytes ≈ {weights} GiB.", "Weights: {params} × 2 bytes = {gb} GiB."),
    "memory.zero2_code": ("Per GPU: {params} × 2 bytes + {params} × 18 bytes / {gpus} = {gib} GiB.",),
    "memory.zero2_doc": ("Per GPU: {params} × 4 bytes + {params} × 16 bytes / {gpus} = {gib} GiB.",),
    "memory.zero3": (
        "Per GPU: {largest} × 4 bytes + {params} × 18 bytes / {gpus} = {gib} GiB.",
        "Per GPU: {largest} × 4 bytes + {params} × 18 bytes / {gpus} = {mib} MiB.",
    ),
    "memory.zero3_offload": ("Per GPU: {params} × 2 bytes / {gpus} + {largest} × 4 bytes = {gib} GiB.",),
    "parallel.nodes": (
        "GPUs: {nodes} nodes × {gpus_per_node} = {tp} × {dp}.",
        "GPUs: {nodes} nodes × 8 = {gpus}, and with spares {total_nodes} nodes × 8 = {total_gpus}.",
    ),
    "parallel.two_products": ("Ranks: {tp} × {cp} × {dp} × {pp} = {etp} × {ep_fold} × {edp} × {pp}.",),
    "params.gpt_closed_form": (
        "Parameters: 12 × {layers} × {hidden} × {hidden} × (1 + 13 / (12 × {hidden}) + ({vocab} + {seq}) / (12 × {layers} × {hidden})) = {params_b}B.",
    ),
    "params.gpt_exact": (
        "Parameters: 12 × {layers} × {hidden} × {hidden} + 13 × {layers} × {hidden} + 2 × {hidden} + 50,368 × {hidden} + {seq} × {hidden} = {params}.",
    ),
    "params.gpt_tied": (
        "Parameters: 12 × {layers} × {hidden} × {hidden} + 13 × {layers} × {hidden} + {vocab} × {hidden} = {name_params_b}B.",
    ),
    "params.gpt_untied_learned_pos": (
        "Parameters: 12 × {layers} × {hidden} × {hidden} + 13 × {layers} × {hidden} + 2 × {vocab} × {hidden} + 4,096 × {hidden} ≈ {name_params_b}B.",
    ),
    "params.hf_total": ("On the hub: {main} + {mtp_with_eh_proj} + {emb} + {head} = {hf}.",),
    "params.moe_active": (
        "Active: {layers} × (2 × {hidden} × {heads} × {head_dim} + 2 × {hidden} × {kv_heads} × {head_dim} + {top_k} × 3 × {hidden} × {ffn}) + 2 × {vocab} × {hidden} ≈ {active}.",
    ),
    "params.moe_total": (
        "Total: {layers} × (2 × {hidden} × {heads} × {head_dim} + 2 × {hidden} × {kv_heads} × {head_dim} + {experts} × 3 × {hidden} × {ffn}) + 2 × {vocab} × {hidden} ≈ {total}.",
    ),
    "params.mtp_from_fields": ("MTP: {mtp_with_eh_proj} + {emb} + {head} = {mtp_printed}.",),
    "params.mtp_without_eh_proj": ("MTP: {mtp_with_eh_proj} - {eh_proj} = {unique}.",),
    "ratio.percent": ("Hit rate: {hit} / {total} = {pct}%.",),
    "ratio.speedup": ("Speedup: {async_tp} / {vanilla} = {speedup}.",),
    "schedule.bubble_1f1b": ("Bubble: ({pp} - 1) × ({f} + {b}) = 21.",),
    "schedule.bubble_dualpipe": ("Bubble: ({pp} / 2 - 1) × ({overlap_fb} + {b} - 3 × {w}) = 6.",),
    "schedule.bubble_zb1p": ("Bubble: ({pp} - 1) × ({f} + {b} - 2 × {w}) = 7.",),
    "time.8ndp": ("Time: 8 × {tokens} × {params} / ({gpus} × {tflops}e12 × 86,400) ≈ {days} days.",),
    "time.8ndp_as_printed": ("Time: 8 × {tokens} × {params_as_printed} / ({gpus} × {tflops}e12 × 86,400) = {days} days.",),
    "time.from_throughput": ("Time: {tokens} / ({gpus} × {tok_s}) / 86,400 = {days} days.",),
    "time.gpu_hours": ("Time: {gpu_hours} / {gpus} / 24 = {days} days.",),
    "units.duplex": ("Both ways: 2 × {uni} GB/s = {duplex} GB/s.",),
    "units.links": ("One way: {lane} GB/s × {lanes} × {links} = {uni} GB/s.",),
    "roofline.decode_lower_bound": ("Floor: {params} × {bytes} bytes / ({chips} × {bw} bytes/s) = {ms} ms.",),
    "params.active_with_embedding_and_head": ("Active, embedding and head counted: 1 × {with_both} = {claimed}.",),
    "params.active_without_both": ("Active, neither embedding nor head counted: 1 × {without_both} = {claimed}.",),
    "params.active_without_input_embedding": ("DeepSeek-V3 has {claimed} active parameters.",),
    "params.mtp_with_eh_proj": ("MTP: 1 × {mtp_with_eh_proj} = {unique}.",),
    "roofline.rate_below_peak": ("On TPU v5p the first step runs at {tflops_per_device} TFLOP/s per device.",),
    "hardware.same_peak": ("MI355X: dense BF16 peak {theory} TFLOP/s; MI355X: dense BF16 peak {spec} TFLOP/s.",),
    "parallel.ep_vllm": ("EP size: {tp} × {dp} = 16.",),
    "compute.constant_work": (
        "Work: {sec1} × {tf1} ≈ {sec2} × {tf2}, and {sec1} × {tf1} ≈ {sec3} × {tf3}.",
        "Work: {sec1} × {tf1} / {g1} ≈ {sec2} × {tf2} / {g2}.",
    ),
}  # fmt: skip
# The rows of one law with figures of their own.
SUMS: Mapping[str, tuple[str, ...]] = {
    "dsv3-mtp-unique": ("MTP: {unique} + {emb} + {head} = {mtp}.",),
    "dsv3-hf-size": ("On the hub: {main} + {mtp} = {hf}.",),
    "llama32-carbon-total": (
        "Hours: {h1} + {h3} + {hq1} + {hq3} + 1.7 + 2.4 = {train}.",
        "Hours: {train} + {logits} = {cumulative}.",
        "Carbon: {t1} + {t3} + {q1} + {q3} = {total_t}.",
    ),
    "llama31-carbon": ("Hours: {h8} + {h70} + {h405} = {total}.", "Carbon: {t8} + {t70} + {t405} = {total_t}."),
    "llama4-carbon": ("Hours: {h1} + {h2} = {total}.", "Carbon: {t1} + {t2} = {total_t}."),
    "dsv3-readme-0.1m": ("Hours: {pre} + {subsequent} = {total}.",),
}
# Laws of a table of degrees and sizes: label → figure, the words that documents use.
TABLES: Mapping[str, tuple[tuple[tuple[str, str], ...], ...]] = {
    "parallel.heads_per_tp": ((("Attention heads", "heads"), ("Tensor parallelism", "tp")),),
    "parallel.layers_per_stage": ((("Layers", "layers"), ("Pipeline stages", "pp")),),
    "parallel.product": (
        (("Tensor parallelism", "tp"), ("Pipeline parallelism", "pp"), ("Context parallelism", "cp"), ("FSDP", "fsdp"), ("Total GPUs", "gpus")),
        (("Tensor parallelism", "tp"), ("Context parallelism", "cp"), ("Pipeline parallelism", "pp"), ("Data parallelism", "dp"), ("Total GPUs", "gpus")),
        (("Tensor parallelism", "tp"), ("Pipeline parallelism", "pp"), ("Data parallelism", "dp"), ("Total GPUs", "gpus")),
    ),
    "parallel.world_divisible": (
        (("Tensor parallelism", "tp"), ("Pipeline parallelism", "pp"), ("Context parallelism", "cp"), ("Total GPUs", "gpus")),
        (("Tensor parallelism", "tp"), ("Pipeline parallelism", "pp"), ("Total GPUs", "gpus")),
    ),
    "parallel.ep_folded": ((("Expert parallelism", "ep"), ("Pipeline parallelism", "pp"), ("Total GPUs", "gpus")),),
    "parallel.ep_own_axis": (
        (("Tensor parallelism", "tp"), ("Pipeline parallelism", "pp"), ("Context parallelism", "cp"), ("Expert parallelism", "ep"), ("Total GPUs", "gpus")),
        (("Tensor parallelism", "tp"), ("Expert parallelism", "ep"), ("Total GPUs", "chips_per_pod")),
        (("Context parallelism", "cp"), ("Expert parallelism", "ep"), ("Total GPUs", "traditional")),
    ),
    "batch.divisible": (
        (("Tensor parallelism", "tp"), ("Pipeline parallelism", "pp"), ("Context parallelism", "cp"), ("Total GPUs", "gpus"), ("Micro batch size", "micro_batch"), ("Global batch size", "global_batch")),
        (("Tensor parallelism", "tp"), ("Pipeline parallelism", "pp"), ("Total GPUs", "gpus"), ("Micro batch size", "micro_batch"), ("Global batch size", "batch")),
        (("Data parallelism", "dp"), ("Micro batch size", "mbs"), ("Global batch size", "gbs")),
        (("Data parallelism", "dp"), ("Global batch size", "batch")),
    ),
    "batch.grad_accum": (
        (("Tensor parallelism", "tp"), ("Pipeline parallelism", "pp"), ("Context parallelism", "cp"), ("Total GPUs", "gpus"), ("Micro batch size", "micro_batch"), ("Global batch size", "global_batch"), ("Gradient accumulation steps", "grad_accum")),
    ),
}  # fmt: skip
# Laws of inequalities: nothing is written but the figures, and nothing may be called wrong.
FIGURES: Mapping[str, tuple[tuple[tuple[str, str], ...], ...]] = {
    "parallel.ep_folded_min": ((("Context parallelism", "cp"), ("Expert parallelism", "ep"), ("Total GPUs", "folded")),),
    "memory.weights_fit": (
        (("Model parameters", "params"), ("Bytes per parameter", "bytes"), ("Total GPUs", "gpus"), ("GPU memory (GB)", "gpu_gb")),
        (("Model parameters", "params"), ("Pooled HBM (GB)", "gb")),
    ),
    "compute.average_rate_below_peak": ((("Training FLOPs", "flops"), ("GPU hours", "gpu_hours"), ("Peak TFLOP/s", "peak_tflops")),),
    "parallel.ep_le_dp": ((("Expert parallelism", "ep_trad"), ("Data parallelism", "dp")),),
}  # fmt: skip
# Their templates state several checks of a row, or the claim alone (the rest is known to the catalog).
_SEVERAL = frozenset(
    {"batch.tokens", "parallel.nodes", "compute.constant_work", "params.active_without_input_embedding", "roofline.rate_below_peak"}
)
_DEGREE_PRODUCTS = (
    "Model parallelism: TP × PP = {tp} × {pp} = {model_parallel}.",
    "GPUs: {model_parallel} × {dp} = {gpus}.",
    "GPUs: {dp} × {tp} × {pp} = {nodes} × 8.",
)


def printed(figure: Any) -> str:
    """A figure with the digits its half-width leaves; exact figures with all of theirs."""
    value, half = figure if isinstance(figure, list) else (figure, 0.0)
    if not half:
        return f"{int(value):,}" if float(value) == int(value) else f"{value}"
    for size, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M")):
        if 1e5 <= value < 1e15 and value >= size / 10 and half >= size / 2000 and half <= size / 2:
            return f"{value / size:.{_digits(half / size)}f}{letter}"
    if value >= 1e15:
        power = math.floor(math.log10(value))
        return f"{value / 10**power:.{_digits(half / 10**power)}f}e{power}"
    if value >= 1e4 and half >= 5 and value % 1000 == 0:
        return f"{value / 1e3:.{_digits(half / 1e3)}f}K"
    return f"{value:,.{_digits(half)}f}"


def _digits(half: float) -> int:
    return max(0, round(-math.log10(2 * half)))


def fill(template: str, figures: Mapping[str, Any]) -> str | None:
    """The template with the row's figures, None when it lacks one."""
    names = re.findall(r"{(\w+)}", template)
    if any(name not in figures for name in names):
        return None
    return template.format_map({name: printed(figures[name]) for name in names})


def table(labels: tuple[tuple[str, str], ...], figures: Mapping[str, Any]) -> str | None:
    """A key and value table, None when the row lacks a figure."""
    if any(name not in figures for _, name in labels):
        return None
    rows = "".join(f"| {label} | {printed(figures[name])} |\n" for label, name in labels)
    return f"| Quantity | Value |\n|---|---|\n{rows}"


def page(row: Mapping[str, Any], check: Mapping[str, Any]) -> str | None:
    """The report that states one law of one row, None when nothing here writes it down."""
    law, figures = str(check["law"]), row["figures"]
    needed = {name for name in re.findall(r"[a-z_]\w*", f"{check['expr']} {check['target']}") if name in figures}
    best: tuple[int, str] | None = None
    for labels in (*TABLES.get(law, ()), *FIGURES.get(law, ())):
        names = {name for _, name in labels}
        if names <= needed and (text := table(labels, figures)) is not None and (best is None or len(names) > best[0]):
            best = (len(names), text)
    if best is not None:
        return f"# Figures\n\n{best[1]}"
    if law == "parallel.world_divisible":
        gpus, part = figures["gpus"], figures["model_parallel"]
        return f"# Figures\n\n- Replicas: {gpus:,} GPUs / {part} = {gpus // part}\n"
    written = _DEGREE_PRODUCTS if law == "parallel.product" else SUMS.get(row["id"], WRITTEN.get(law, ()))
    for template in written:
        names = set(re.findall(r"{(\w+)}", template))
        if (needed <= names or law in _SEVERAL) and (text := fill(template, figures)) is not None:
            tilde = text.replace(" = ", " ≈ ") if check.get("slack") and check["result"] == "consistent" else text
            stated, _, line = tilde.rpartition("\n\n- ")
            return f"# Figures\n\n{stated and stated + chr(10) * 2}- {line.rstrip('.')}\n"
    return None
