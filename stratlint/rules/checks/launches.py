"""Launch commands and configurations against the plan in the text above them: the batch cap, the cache format, the axes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from stratlint.claims.claim import Statement
from stratlint.claims.extract import CONFIGS, SHELLS
from stratlint.document import Block, BlockKind
from stratlint.facts.fact import Fact
from stratlint.rules.checks.passages import DOUBTED
from stratlint.rules.context import Context, Verdict, finding
from stratlint.rules.finding import Location, Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.premises import describes_several
from stratlint.rules.rule import Rule

# Sentences about other values than those of the plan.
_ELSEWHERE = Pattern(
    r"(?i)\b(?:was|were|used to|before|previously|earlier|default|raise[sd]?|lower(?:ed)?|increase[sd]?|reduce[sd]?|doubl\w+|halv\w+|"
    r"instead|not (?:planned|used|yet|enabled)|roadmap|later|could|would|might|should|try|tried|consider\w*|experiment\w*|"
    r"option|alternative\w*|unless|emergency|night|temporar\w+|e\.g\.|for example|compared|versus|vs)\b|→|->|如果"
)
# A cap of one GPU, or of all of them, is not that of an engine.
_OF_OTHERS = Pattern(r"(?i)\b(?:per gpu|each gpu|in total|fleet|cluster|all replicas|together)\b")
_THINGS = r"(?:sequences|requests|conversations|users|streams|sessions)"
_CAP = Pattern(
    rf"(?i)\b(?:cap(?:s|ped)?|limit(?:s|ed)?|bound(?:ed)?|restrict(?:s|ed)?|hold|keep)\b[^.;\d]{{0,30}}"
    rf"\b(?:batch(?: size)?|concurrency|{_THINGS})\b[^.;\d]{{0,16}}\b(?:at|to)\s+(?P<one>\d[\d,]*)(?!\.?\d|\s?%)|"
    rf"\b(?:at most|up to|no more than|maximum of)\s+(?P<two>\d[\d,]*)\s+(?:concurrent|running|active|parallel|simultaneous)\s+{_THINGS}|"
    rf"\b(?:at most|up to|no more than|maximum of)\s+(?P<three>\d[\d,]*)\s+{_THINGS}\s+"
    r"(?:per replica|at once|concurrently|in flight|at a time|run)\b|"
    r"\brunning batch (?:is|of|=|:)\s+(?P<four>\d[\d,]*)(?![.,]?\d|\s?%|\s*[+×*/]|\s+tokens)"
)
_FORMATS = {
    "bf16": 16, "bfloat16": 16, "fp16": 16, "float16": 16, "16-bit": 16, "16 bit": 16,
    "fp8": 8, "fp8_e4m3": 8, "fp8_e5m2": 8, "fp8_e4m3fn": 8, "int8": 8, "8-bit": 8, "8 bit": 8,
}  # fmt: skip
_FORMAT = r"(?P<{}>bf16|bfloat16|fp16|float16|16[- ]bit|fp8(?:_e\dm\d(?:fn)?)?|int8|8[- ]bit)"
_CACHE = Pattern(
    r"(?i)\b(?:kv[- ]?cache|cache|kv)\s+"
    rf"(?:(?:values?|entries|is|are|in|stays?|remains?|kept|stored|held|all|also|itself|at|as)\s+){{1,4}}{_FORMAT.format('one')}\b|"
    rf"{_FORMAT.format('two')}\s+(?:kv[- ]?cache|cache|kv)\b"
)
_CACHE_FLAG = Pattern(r"(?i)--?kv[-_]cache[-_]dtype[=\s\"']+(?P<format>[a-z0-9_]+)")
_AXIS = Pattern(
    r"(?i)(?:^|[\s(,;`*])(?P<axis>tensor|pipeline|data|fsdp|expert|context)`?\s*(?:axis|degree|ways?)?\s*[=:]\s*(?P<size>\d[\d,]*)(?!\.?\d)"
)
_AXES = {
    "tensor": "parallel.tp",
    "pipeline": "parallel.pp",
    "data": "parallel.dp",
    "fsdp": "parallel.fsdp",
    "expert": "parallel.ep",
    "context": "parallel.cp",
}


@dataclass(frozen=True, slots=True)
class _Said:
    """A value the text gives outright, with its place; values with the same `together` are said of one layout."""

    value: int
    text: str
    location: Location
    together: tuple[int, int] = (-1, -1)


_COPIES = ("cluster.replicas", "count.replica", "parallel.dp", "cluster.gpus", "count.device", "parallel.tp")


def check_batch_cap(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`We cap the running batch at 96` over a command with `--max-num-seqs 64`."""
    flags = [
        f
        for f in context.facts.of_kind("batch.concurrent")
        if f.exact and f.how == "key" and _is_launch(context.document.blocks[f.place.block])
    ]
    values = {int(f.interval.low) for f in flags}
    if len(values) != 1 or describes_several(context.facts):
        return
    caps: list[_Said] = []
    for statement in _prose(context):
        for match in _CAP.finditer(statement.text) if not _OF_OTHERS.search(statement.text) else ():
            name = next(name for name in ("one", "two", "three", "four") if match[name])
            caps.append(_said(context, statement, match.start(name), match[name]))
    if len({cap.value for cap in caps}) != 1:
        return
    flag, cap = flags[0], caps[0]
    copies = {int(f.interval.low) for kind in _COPIES for f in context.facts.of_kind(kind) if f.exact}
    if any(cap.value == int(flag.interval.low) * copy or cap.value * copy == int(flag.interval.low) for copy in {1, *copies}):
        if cap.value == int(flag.interval.low):
            yield Verdict(rule.name, Status.CONSISTENT, (flag.claim,), (), f"{flag.text} is what the text states")
        return
    yield _differing(rule, context, flag, f"{flag.text} sequences", cap, f"the text caps the batch at {cap.text}")


def check_cache_format(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`--kv-cache-dtype fp8` under a text that keeps the cache in BF16."""
    flags = [(block, match) for block in context.document.blocks if _is_launch(block) for match in _CACHE_FLAG.finditer(block.text)]
    widths = {_FORMATS.get(match["format"].lower(), 0) for _, match in flags}
    if len(widths) != 1 or 0 in widths:
        return
    said: list[_Said] = []
    for statement in _prose(context):
        for match in _CACHE.finditer(statement.text):
            name = "one" if match["one"] else "two"
            said.append(_said(context, statement, match.start(name), match[name], _FORMATS[match[name].lower()]))
    if len({each.value for each in said}) != 1 or said[0].value in widths or _doubtful_cache(context, widths.pop()):
        return
    block, match = flags[0]
    span = block.source_span(match.start("format"), match.end("format"))
    message = f"the command keeps the cache in {match['format']}, the text in {said[0].text}"
    yield Verdict(
        rule.name, Status.CONTRADICTED, (), (), message,
        finding(
            rule, context, message, context.location(span, "command"), block=block.index, claimed=match["format"], computed=said[0].text,
            formula=f"{match['format']} ≠ {said[0].text}", related=[said[0].location], root=f"flag:{span.start}",
        ),
    )  # fmt: skip


def _doubtful_cache(context: Context, width: int) -> bool:
    """Whether any sentence of the page, in whatever voice, has a cache in the command's format as a fact of the plan."""
    for statement in context.claims.statements:
        for match in _CACHE.finditer(statement.text):
            told = _FORMATS[(match["one"] or match["two"]).lower()]
            if told == width and not (_ELSEWHERE.search(statement.text) or DOUBTED.search(statement.text)):
                return True
    return False


def check_axes(rule: Rule, context: Context) -> Iterator[Verdict]:
    """`ici_tensor_parallelism: 8` in a configuration whose other axes are those of the text, which has 4 for this one."""
    if describes_several(context.facts):
        return
    coded: dict[str, list[Fact]] = {}
    for fact in context.facts.facts:
        block = context.document.blocks[fact.place.block]
        if (
            fact.how == "key"
            and fact.exact
            and fact.kind.startswith("parallel.")
            and _is_launch(block)
            and "dp-attention" not in block.text
        ):
            coded.setdefault(fact.kind, []).append(fact)
    if any(len({f.interval.low for f in facts}) > 1 for facts in coded.values()):
        return
    told = _told_axes(context)
    shared = [kind for kind in coded if kind in told]
    differing = [kind for kind in shared if int(coded[kind][0].interval.low) != told[kind].value]
    if len(differing) != 1:
        return
    flag, said = coded[differing[0]][0], told[differing[0]]
    if not any(told[kind].value > 1 and told[kind].together == said.together for kind in shared if kind not in differing):
        return
    yield _differing(rule, context, flag, flag.text, said, f"the text has {said.text}")


# Prose that quotes a command speaks of the command.
_FLAG = Pattern(r"(?<![\w-])--?[a-z]")


def _told_axes(context: Context) -> Mapping[str, _Said]:
    """The degrees that the text gives each one value: as `axis = n`, or as "EP 8"."""
    found: dict[str, list[_Said]] = {}
    doubtful: dict[str, list[_Said]] = {}
    for fact in context.facts.facts:
        block = context.document.blocks[fact.place.block] if fact.claim >= 0 else None
        number = context.number(fact)
        if (
            block is None
            or number is None
            or _FLAG.search(number.sentence_text)
            or not fact.kind.startswith("parallel.")
            or not fact.exact
            or block.kind is BlockKind.CODE
            or fact.modality == "quoted"
        ):
            continue
        # what is said in another voice, or of one column, is no degree of the plan, but another value is in doubt with it
        plain = fact.modality == "asserted" and not fact.place.variant
        said = _Said(int(fact.interval.low), fact.text, context.fact_location(fact, "text"), (fact.place.block, fact.place.sentence))
        (found if plain else doubtful).setdefault(fact.kind, []).append(said)
    for statement in _prose(context):
        for match in _AXIS.finditer(statement.text):
            if statement.text[: match.start("axis")].rstrip(" `").endswith(("×", "·", "⋅", "x", "*")):
                continue  # "fsdp × tensor = 128"
            said = _said(context, statement, match.start("size"), match["size"])
            section = context.document.blocks[statement.block].section
            found.setdefault(_AXES[match["axis"].lower()], []).append(replace(said, together=(-1, section)))
    return {kind: said[0] for kind, said in found.items() if len({each.value for each in (*said, *doubtful.get(kind, ()))}) == 1}


def _is_launch(block: Block) -> bool:
    return block.kind is BlockKind.CODE and block.language in SHELLS | CONFIGS


def _prose(context: Context) -> Sequence[Statement]:
    """Sentences of the plan itself: no code, no quotation, no other section's alternative, no other voice."""
    out = []
    for statement in context.claims.statements:
        block = context.document.blocks[statement.block]
        if block.kind in (BlockKind.CODE, BlockKind.HTML, BlockKind.HEADING) or block.quote_depth or _ELSEWHERE.search(statement.text):
            continue
        headings = " ".join(context.section_path(statement.block))
        if not DOUBTED.search(statement.text) and not _ASIDE.search(headings):
            out.append(statement)
    return out


_ASIDE = Pattern(
    r"(?i)\b(?:reject\w*|not chos[ei]n?|(?:did|do) not cho+se|alternatives?|options?|what if|errat\w+|history|changelog|background|"
    r"incident|timeline|baseline|before|roadmap|future)\b"
)


def _said(context: Context, statement: Statement, offset: int, text: str, value: int | None = None) -> _Said:
    span = context.document.blocks[statement.block].source_span(statement.start + offset, statement.start + offset + len(text))
    return _Said(int(text.replace(",", "")) if value is None else value, text, context.location(span, "text"))


def _differing(rule: Rule, context: Context, flag: Fact, shown: str, said: _Said, where: str) -> Verdict:
    message = f"the command sets {shown}, but {where}"
    return Verdict(
        rule.name, Status.CONTRADICTED, (flag.claim,), (), message,
        finding(
            rule, context, message, context.fact_location(flag, "command"), block=flag.place.block, claimed=flag.text, computed=said.text,
            formula=f"{flag.text} ≠ {said.text}", related=[said.location], root=f"{rule.name}:{flag.span.start}",
        ),
    )  # fmt: skip


__all__ = ["check_axes", "check_batch_cap", "check_cache_format"]
