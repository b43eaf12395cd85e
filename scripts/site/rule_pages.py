"""A page for each rule, from the same source as `stratlint explain`, and the list of them all."""

from __future__ import annotations

import re
import textwrap
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from evidence import Power, Tried

from stratlint.config.selection import OWN_FAMILY, OWN_RULES
from stratlint.facts.phrases import load_vocabulary
from stratlint.rules.explain import BLIND, Section, sections, summary_of
from stratlint.rules.registry import load_rules
from stratlint.rules.rule import Rule
from stratlint.rules.successors import code_of

_MOST_LINES = 20
_MOST_PHRASES = 12
_GENERAL = (
    "And what [no rule can see](../how-it-decides.md#what-no-rule-sees): a number whose meaning the page does not give, relations "
    "between documents, arguments in words, and a wrong plan with right arithmetic."
)
_DOCUMENTS = ("Contradicted", "Consistent")


def rule_page(rule: Rule, tried: Sequence[Tried], power: Power | None) -> str:
    """The page of one rule, as Markdown."""
    return "\n".join((*_head(rule), *_body(rule), *_phrasings(rule), *_tried(tried), *_power(power))) + "\n"


def rule_index() -> str:
    """All rules by family, with what each reports."""
    families: dict[str, list[Rule]] = defaultdict(list)
    for rule in load_rules():
        families[rule.family].append(rule)
    lines = [
        "# Rules",
        "",
        f"{len(load_rules().names)} rules in {len(families)} families. `stratlint explain RULE` shows the same in a terminal.",
        "",
    ]
    for family in sorted(families):
        lines += [f"## {family}", "", "| rule | severity | reports |", "|---|---|---|"]
        lines += [f"| [{rule.name}]({rule.name}.md) | {rule.severity.value} | {_cell(rule.summary)} |" for rule in families[family]]
        lines.append("")
    lines += [f"## {OWN_FAMILY}", "", "About the check itself; all of them are warnings.", "", "| rule | reports |", "|---|---|"]
    lines += [f"| `{name}` | {_cell(summary)} |" for name, summary in OWN_RULES.items()]
    return "\n".join(lines) + "\n"


def _head(rule: Rule) -> Iterator[str]:
    yield from (f"# {rule.name}", "", escaped(summary_of(rule)), "")
    family = f"family [{rule.family}](index.md#{rule.family})"
    yield f"{code_of(rule.name)} · **{rule.severity.value}** · {family} · defined in `rules/{rule.path}`"
    yield ""


def _body(rule: Rule) -> Iterator[str]:
    for section in sections(rule):
        yield from (f"## {section.title}", "", *_section(section), "")


def _section(section: Section) -> Iterator[str]:
    if section.prose:
        yield escaped(" ".join(section.lines))
        if section.title == BLIND:
            yield from ("", _GENERAL)
        return
    text = textwrap.dedent("\n".join(section.lines)).strip("\n")
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    yield from (f"{fence}{'markdown' if section.title in _DOCUMENTS else 'text'}", text, fence)


def _phrasings(rule: Rule) -> Iterator[str]:
    """The words by which a page may name what the rule relates."""
    kinds = load_vocabulary("kinds")
    rows = [(variable.name, kind, list(kinds.get(kind, {}).get("phrases", ()))) for variable in rule.variables for kind in variable.kinds]
    rows = [row for row in rows if row[2]]
    if not rows:
        return
    yield from (
        "## How a page may name it",
        "",
        "Labels, headers and nouns that are read as these quantities, among others spelled alike:",
        "",
    )
    yield from ("| | quantity | phrases |", "|---|---|---|")
    for name, kind, known in rows:
        more = f", and {len(known) - _MOST_PHRASES} more" if len(known) > _MOST_PHRASES else ""
        yield f"| `{name}` | `{kind}` | {_cell(', '.join(known[:_MOST_PHRASES]))}{more} |"
    yield ""


def _tried(tried: Sequence[Tried]) -> Iterator[str]:
    """Each line once, the refuted ones first."""
    yield from ("## Phrasings it was tried on", "")
    if not tried:
        yield from ("No line of our own documents is judged by this rule alone.", "")
        return
    yield from ("Lines of the rules' examples and of `fixtures/`, and what this rule makes of them:", "", "| line | verdict |", "|---|---|")
    ordered = sorted(tried, key=lambda each: each.status not in ("contradicted", "implausible"))
    yield from (f"| {_code(each.line)} | {each.status} |" for each in ordered[:_MOST_LINES])
    if len(tried) > _MOST_LINES:
        yield from ("", f"And {len(tried) - _MOST_LINES} more.")
    yield ""


def _power(power: Power | None) -> Iterator[str]:
    yield from ("## Power", "")
    if power is None:
        yield "Not measured: this rule confirms no number of our own documents, it only refutes."
        return
    count = "one number" if power.numbers == 1 else f"{power.numbers} numbers"
    yield (
        f"In the rules' examples and in `fixtures/` this rule confirms {count}. Changed one at a time, by a third either way, "
        f"{_share(power.near, power.numbers)} noticed; by a factor of thirty, too, {_share(power.noticed, power.numbers)}. "
        "A rule of a bound notices only what crosses it. `make mutation` measures this anew."
    )


def _share(part: int, whole: int) -> str:
    if whole == 1:
        return "it is" if part else "it is not"
    return f"{part} of {whole} are"


def escaped(text: str) -> str:
    """Plain text as Markdown that shows it, in a paragraph or in a cell; what stands in backticks stays code."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else _plain(part) for part in parts).replace("|", r"\|")


def _plain(text: str) -> str:
    return re.sub(r"([*_\[\]])", r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;"))


def _cell(text: str) -> str:
    return escaped(" ".join(text.split()))


def _code(text: str) -> str:
    """A line as code in a cell of a table."""
    fence = "``" if "`" in text else "`"
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text.replace('|', chr(92) + '|')}{pad}{fence}"


def by_family() -> Mapping[str, Sequence[str]]:
    """The names of the rules of each family, for the navigation."""
    families: dict[str, list[str]] = defaultdict(list)
    for rule in load_rules():
        families[rule.family].append(rule.name)
    return dict(sorted(families.items()))
