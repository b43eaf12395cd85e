"""What can be configured. The fields below are the *only* declaration of each option: name, kind, default and doc.

Validation, `config show`, `config schema` and `config init` all read these fields (see `options`), so a new option is
one field here. Keys in files are the field names with hyphens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from stratlint.rules.finding import Severity

T = TypeVar("T")


class Kind(StrEnum):
    """How the value of an option is written in TOML."""

    FLAG = "flag"
    STRING = "string"
    STRINGS = "strings"
    GLOBS = "globs"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    PERCENT = "percent"
    SIZE = "size"
    ADDRESS = "address"
    DATE = "date"
    PATH = "path"
    PATHS = "paths"
    RULE_FILES = "rule files"
    RULES = "rules"
    SEVERITIES = "severities"
    RULES_BY_PATTERN = "rules by pattern"
    TABLE = "table"
    NAMED_TABLES = "named tables"
    TABLES = "tables"


@dataclass(frozen=True, slots=True)
class Option:
    """One option as it is written in a configuration file."""

    key: str
    field: str
    kind: Kind
    default: Any
    doc: str
    choices: tuple[str, ...] = ()
    table: type[Any] | None = None
    example: str = ""
    required: bool = False


def _option(
    kind: Kind,
    default: T,
    doc: str,
    *,
    choices: tuple[str, ...] = (),
    table: type[Any] | None = None,
    example: str = "",
    required: bool = False,
) -> T:
    """A dataclass field that is an option; typed as its default so that the class body reads like a plain one."""
    about = {"kind": kind, "doc": doc, "choices": choices, "table": table, "example": example, "required": required}
    made: Any = field(default_factory=lambda: default, metadata=about)
    return made  # type: ignore[no-any-return]


def options(table: type[Any]) -> tuple[Option, ...]:
    """The options of a settings table, in the order of declaration; fields without metadata are internal."""
    return tuple(_described(each) for each in fields(table) if each.metadata)


def _described(each: Field[Any]) -> Option:
    assert callable(each.default_factory)
    return Option(each.name.replace("_", "-"), each.name, default=each.default_factory(), **each.metadata)


WORLD_SIZES = ("own-axis", "folded", "expert-in-data", "engine")
FAIL_ON = ("error", "warning", "info", "never")
OUTPUT_FORMAT_DEFAULT = "auto"


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Every default that the checker would otherwise guess: the readings that this team uses."""

    gigabyte: str = _option(
        Kind.CHOICE,
        "either",
        "what GB means: 10^9 bytes, 2^30 bytes, or one of them per document",
        choices=("either", "decimal", "binary"),
    )
    world_size: tuple[str, ...] = _option(
        Kind.CHOICES,
        WORLD_SIZES,
        "conventions under which the parallel degrees may multiply to the GPU count: expert parallelism as its own "
        "axis, folded into the other ranks, inside data parallelism only, or as the inference engines count",
        choices=WORLD_SIZES,
    )
    approx_tolerance: float = _option(
        Kind.NUMBER, 0.10, "relative tolerance of `~`, `about`, `roughly`; exact numbers use their printed digits"
    )
    accelerator: str = _option(
        Kind.STRING,
        "",
        "the accelerator when a document names none (a catalog name or one of `hardware`)",
        example='"h100-sxm"',
    )
    model: str = _option(Kind.STRING, "", "the model when a document names none (a catalog name)", example='"llama-3-70b"')
    attention: str = _option(
        Kind.CHOICE,
        "either",
        "whether attention FLOPs count the full square or its causal half",
        choices=("either", "dense", "causal"),
    )
    ffn_matrices: str = _option(
        Kind.CHOICE,
        "either",
        "matrices of a feed-forward block: two, three (gated), or either",
        choices=("either", "two", "three"),
    )
    gpus_per_node: float = _option(Kind.NUMBER, 0.0, "GPUs per node when a document gives none; 0: unknown", example="8")


@dataclass(frozen=True, slots=True)
class HouseDevice:
    """An accelerator of your own, as text with units; the catalog checks the units when it is loaded."""

    memory: str = _option(Kind.STRING, "", "memory of one device", example='"64 GB"')
    compute: str = _option(Kind.STRING, "", "peak compute of one device, dense", example='"400 TFLOP/s"')
    bandwidth: str = _option(Kind.STRING, "", "memory bandwidth of one device", example='"1.8 TB/s"')
    interconnect: str = _option(Kind.STRING, "", "link bandwidth of one device", example='"450 GB/s"')
    precision: str = _option(Kind.STRING, "", "the precision that `compute` is given for", example='"bf16"')
    source: str = _option(Kind.STRING, "", "where these figures come from; shown in findings", example='"datasheet v3"')


@dataclass(frozen=True, slots=True)
class Waiver:
    """A reviewed exception: this rule, in these files, for this value, until that day."""

    rule: str = _option(Kind.STRING, "", "the rule", required=True)
    path: str = _option(Kind.STRING, "", "files it holds for, a glob relative to the configuration", required=True)
    reason: str = _option(Kind.STRING, "", "why the finding is accepted", required=True)
    claim: str = _option(Kind.STRING, "", "the value it is bound to; the waiver lapses when the number changes")
    expires: date | None = _option(Kind.DATE, None, "the last day it holds, as 2027-01-31")  # noqa: RUF009
    where: str = ""


_RULE_SETS = "rule names, their codes, families or `ALL`"
_NO_TEXT: tuple[str, ...] = ()
_NO_WAIVERS: tuple[Waiver, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that steers a run. `Settings()` is the default configuration."""

    extend: str = _option(Kind.PATH, "", "a configuration to start from; keys here win, tables are merged", example='"../stratlint.toml"')
    required_version: str = _option(Kind.STRING, "", "versions of stratlint that may use this file", example='">=0.1"')
    select: tuple[str, ...] = _option(Kind.RULES, ("ALL",), f"what to check: {_RULE_SETS}")
    extend_select: tuple[str, ...] = _option(Kind.RULES, _NO_TEXT, "added to `select`")
    ignore: tuple[str, ...] = _option(Kind.RULES, _NO_TEXT, "taken from `select`; a rule named there by name beats a family here")
    severity: Mapping[str, Severity] = _option(Kind.SEVERITIES, {}, "severity per rule or family", example='"zero-latency" = "info"')
    per_file_ignores: Mapping[str, tuple[str, ...]] = _option(
        Kind.RULES_BY_PATTERN, {}, "rules ignored in files that match a glob", example='"drafts/**" = ["ALL"]'
    )
    fail_on: str = _option(Kind.CHOICE, "error", "the mildest severity that makes the exit code 1", choices=FAIL_ON)
    min_coverage: float = _option(Kind.PERCENT, 0.0, "percentage of the numbers that must be understood, else exit code 1")
    include: tuple[str, ...] = _option(
        Kind.GLOBS,
        ("*.md", "*.markdown", "*.mdx", "*.qmd", "*.Rmd", "*.rmd"),
        "files that a directory is searched for, all of them read as Markdown; named files are always checked",
    )
    exclude: tuple[str, ...] = _option(Kind.STRINGS, ("node_modules",), "globs of files and directories to leave out, as in .gitignore")
    extend_exclude: tuple[str, ...] = _option(Kind.STRINGS, _NO_TEXT, "added to `exclude`")
    force_exclude: bool = _option(Kind.FLAG, False, "apply `exclude` to files that are named, too")
    respect_gitignore: bool = _option(Kind.FLAG, True, "leave out what git ignores when a directory is searched")
    max_file_size: int = _option(Kind.SIZE, 64 << 20, "larger files are refused", example='"64 MiB"')
    output_format: str = _option(
        Kind.STRING, OUTPUT_FORMAT_DEFAULT, "format of standard output; auto: `grouped` on a terminal, `full` elsewhere"
    )
    rule_pages: str = _option(
        Kind.ADDRESS,
        "",
        "address of the page of a rule, `{rule}` for its name; rule names link there",
        example='"https://example.com/rules/{rule}"',
    )
    baseline: str = _option(Kind.PATH, "", "findings recorded in this file are not reported", example='"stratlint-baseline.json"')
    require_reason: bool = _option(Kind.FLAG, True, "suppression comments without a reason are reported")
    givens: tuple[str, ...] = _option(
        Kind.PATHS, _NO_TEXT, "files with facts from outside the documents (a model's config.json, a specification)"
    )
    readings_dir: str = _option(
        Kind.PATH, ".stratlint/readings", "the folder with readings: those of `docs/plan.md` are in `docs/plan.md.yaml` there"
    )
    rules: tuple[str, ...] = _option(Kind.RULE_FILES, _NO_TEXT, "your own rule files, or folders of them", example='["our-rules"]')
    assumptions: Assumptions = _option(  # noqa: RUF009
        Kind.TABLE, Assumptions(), "every default that the checker would otherwise guess", table=Assumptions
    )
    hardware: Mapping[str, HouseDevice] = _option(Kind.NAMED_TABLES, {}, "your own accelerators, by name", table=HouseDevice)
    waivers: tuple[Waiver, ...] = _option(Kind.TABLES, _NO_WAIVERS, "reviewed exceptions, expiring and bound to a value", table=Waiver)
    disputed: str = _option(
        Kind.CHOICE,
        "keep",
        "severity of an error to whose claim a committed reading objects: its own, or warning. What a change brings along lowers nothing",
        choices=("keep", "warning"),
    )
    # Not options of a file: set by the command line and by loading. `readings` is a file or a folder of transcribed relations, used
    # instead of those in `readings_dir`, which are used where `committed_readings` is set.
    ignores: bool = True
    root: str = ""
    readings: str = ""
    only_readings: bool = False
    committed_readings: bool = False


def excluded_patterns(settings: Settings) -> Sequence[str]:
    """All globs that leave a file out."""
    return (*settings.exclude, *settings.extend_exclude)
