"""What is said to divide: "TP 16 divides the 56 heads", "80 layers are divisible by 12", "80 层可以被 12 整除"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stratlint.claims.claim import Statement
from stratlint.document import BlockKind
from stratlint.rules.context import Context, Verdict, finding, number_text
from stratlint.rules.finding import Status
from stratlint.rules.patterns import Pattern
from stratlint.rules.rule import Rule

_THINGS = (
    r"(?:layers?|heads?|query heads?|attention heads?|kv heads?|experts?|routed experts?|channels?|columns?|rows?|vocabulary(?: size)?|"
    r"sequences?|micro-?batches)"
)
_BY = (
    r"(?:(?:TP|PP|EP|DP|CP|tensor|pipeline|expert|data|context)[\s=]*)?(?P<by>\d{1,4})"
    r"(?:\s+(?:stages?|ranks?|ways?|gpus?|devices?|replicas?))?"
)
_WHOLE = r"(?:evenly|exactly|without (?:a )?remainder|cleanly|equally|into equal parts)"
_FORMS = (
    # "it divides the 56 query heads evenly": what divides stands before
    Pattern(rf"(?i)\b(?:divides|splits)\s+(?:all\s+)?(?:the|our|its)?\s*(?P<many>\d[\d,]*)\s+(?:[\w-]+\s+)?{_THINGS}\s+{_WHOLE}"),
    Pattern(
        rf"(?i)(?<![\d.,/×])(?P<many>\d[\d,]*)\s+(?:[\w-]+\s+)?{_THINGS}\s+(?:is|are)\s+(?:evenly\s+)?divisible\s+by\s+(?:the\s+)?{_BY}"
    ),
    Pattern(rf"(?i)(?<![\d.,/×])(?P<many>\d[\d,]*)\s+divides\s+{_WHOLE}\s+by\s+{_BY}"),
    Pattern(rf"(?i)\b{_BY}\s+(?:evenly\s+)?divides\s+(?:all\s+)?(?:the\s+|our\s+|its\s+)?(?P<many>\d[\d,]*)(?![.\d])"),
    Pattern(
        r"(?P<many>\d[\d,]*)\s*(?:层|个?注意力头|个?头|个?专家|个?KV 头)?\s*(?:恰好|正好|刚好)?"
        r"(?:可以|能够?|可)?被\s*(?:\w+\s*=\s*)?(?P<by>\d{1,4})\s*(?:级|张卡|个阶段)?\s*整除"
    ),
)
_DENIED = Pattern(
    r"(?i)n['’]t\b|\b(?:not|never|cannot|if|unless|must|should|whether|would|needs? to be|has to be|only if|neither|nor|wrong\w*|"
    r"claim\w*)\b|\?|不能|无法|不可|若|如果|是否|需要|必须|应"
)
# "We looked at TP 16. It divides …"
_DEGREE = Pattern(
    r"(?i)\b(?:TP|PP|EP|tensor parallel\w*|pipeline parallel\w*|expert parallel\w*)\s*(?:degree|size|of|=|:)?\s*(?P<by>\d{1,4})\b"
)
_POINTS_BACK = Pattern(r"(?i)^\W*(?:it|this|that|which)\b|\bwhich\s+(?:divides|splits)\b")


def check_said_to_divide(rule: Rule, context: Context) -> Iterator[Verdict]:
    """Two whole numbers of which the text says that one divides the other."""
    for statement in context.claims.statements:
        block = context.document.blocks[statement.block]
        if block.kind is BlockKind.CODE or block.quote_depth:
            continue
        for form in _FORMS:
            for match in form.finditer(statement.text):
                if _DENIED.search(statement.text[: match.end()]) or statement.text.rstrip().endswith("?"):
                    continue
                by = _divisor(context, statement, match)
                many = int(match["many"].replace(",", ""))
                if 1 < by < many:
                    yield _judged(rule, context, statement, match, many, by)


def _divisor(context: Context, statement: Statement, match: re.Match[str]) -> int:
    """The number that divides: in the phrase, else the only degree before it, in this sentence or the one before."""
    if "by" in match.re.groupindex:
        return int(match["by"])
    before = statement.text[: match.start()]
    found = {int(each["by"]) for each in _DEGREE.finditer(before)}
    if not found and _POINTS_BACK.search(statement.text):
        earlier = context.claims.statement(statement.block, statement.index - 1)
        found = {int(each["by"]) for each in _DEGREE.finditer(earlier.text)} if earlier is not None else set()
    return found.pop() if len(found) == 1 else 0


def _judged(rule: Rule, context: Context, statement: Statement, match: re.Match[str], many: int, by: int) -> Verdict:
    formula = f"{many:,} ÷ {by:,} = {number_text(many / by)}"
    start = statement.start + match.start("many")
    numbers = tuple(n.index for n in context.claims.numbers_of(statement.block, statement.index) if n.start == start)
    if many % by == 0:
        return Verdict(rule.name, Status.CONSISTENT, numbers, (), formula)
    span = context.document.blocks[statement.block].source_span(start, statement.start + match.end("many"))
    return Verdict(
        rule.name, Status.CONTRADICTED, numbers, (), formula,
        finding(
            rule, context, f"said to divide, but {formula}", context.location(span, "claim"), block=statement.block, claimed=match["many"],
            computed=number_text(many / by), formula=formula, root=f"uneven:{span.start}",
        ),
    )  # fmt: skip


__all__ = ["check_said_to_divide"]
