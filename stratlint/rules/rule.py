"""Rules as data: read from `rules/*.yaml`, checked when loaded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stratlint.claims.units import registry
from stratlint.facts.kinds import load_kinds
from stratlint.resources import NotYAMLError, data_folder, read_yaml
from stratlint.rules.finding import Severity
from stratlint.rules.formula import Formula, FormulaError, check_dimensions, parse_formula

_DIMENSION = {
    "count": "", "share": "", "ratio": "", "bytes": "byte", "bandwidth": "byte/second", "work": "flop", "speed": "flop/second",
    "time": "second", "rate": "1/second", "money": "dollar", "power": "watt", "energy": "joule", "device_time": "second",
    "range": "",
}  # fmt: skip


class RuleError(ValueError):
    """A rule file that cannot be used: the message names file, line, rule and what to do."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One admissible interpretation: it is tried when all of `needs` and none of `without` are known.

    `assumes` pairs conventions with the value this reading takes for them (`attention: causal`); a document or a team
    that fixes another value excludes the reading.
    """

    name: str
    formula: Formula
    source: str
    needs: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    assumes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Variable:
    """What a name in a formula stands for: facts of one of `kinds` (in `scope`), or `default` when none is known.

    `near`: how far a premise may be looked for: sentence, block, section or document.
    """

    name: str
    kinds: tuple[str, ...]
    scopes: tuple[str, ...]
    default: float | None
    near: str
    modalities: tuple[str, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A law or a consistency condition.

    `check` names the machinery that applies it (`stratlint.rules.checks`), `options` are for that machinery.
    `examples` are (contradicted, consistent) Markdown documents: the first tests of the rule.
    """

    name: str
    family: str
    summary: str
    severity: Severity
    check: str
    why: str
    limits: str
    help: str
    readings: tuple[Reading, ...]
    variables: tuple[Variable, ...]
    when: Formula | None
    contradicted: str
    consistent: str
    options: Mapping[str, Any]
    path: str
    preview: bool = False

    @property
    def examples(self) -> tuple[str, str]:
        """The contradicted and the consistent example."""
        return self.contradicted, self.consistent

    @property
    def sources(self) -> tuple[str, ...]:
        """Where the readings come from."""
        return tuple(dict.fromkeys(reading.source for reading in self.readings if reading.source))


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules by name, in file order."""

    rules: Mapping[str, Rule] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules.values())

    @property
    def names(self) -> tuple[str, ...]:
        """Every rule's name."""
        return tuple(self.rules)

    @property
    def families(self) -> Mapping[str, str]:
        """Every rule with its family."""
        return {rule.name: rule.family for rule in self}

    def only(self, names: Collection[str]) -> RuleSet:
        """The rules among *names*, in the same order."""
        return RuleSet({name: rule for name, rule in self.rules.items() if name in names})

    def get(self, name: str) -> Rule:
        """The rule called *name*.

        Raises:
            KeyError: there is none.
        """
        return self.rules[name]

    def explain(self, name: str, width: int = 0) -> str:
        """The rule's page as plain text, in lines of at most *width* characters; 0: formulas and findings whole."""
        from stratlint.rules.explain import explain

        return explain(self.get(name), width)


def load_rule_files(paths: Sequence[Path], *, check_all: bool = False) -> RuleSet:
    """Read rule files; every formula is parsed and its dimensions are checked with pint.

    The built-in files were checked before they were shipped (a test does it); *check_all* checks them again.

    Raises:
        RuleError: with file, line and what is wrong.
    """
    rules: dict[str, Rule] = {}
    trusted = frozenset() if check_all else frozenset(builtin_rule_files())
    for path in paths:
        for entry, line in _entries(path):
            rule = _rule(entry, path, line, checked=path not in trusted)
            if rule.name in rules:
                raise RuleError(f"{path}:{line}: rule `{rule.name}` is already defined in {rules[rule.name].path}")
            rules[rule.name] = rule
    return RuleSet(rules)


def builtin_rule_files() -> tuple[Path, ...]:
    """The YAML files of `rules/`, in the order of their names."""
    return tuple(sorted(data_folder("rules").glob("*.yaml")))


def _entries(path: Path) -> Iterator[tuple[Mapping[str, Any], int]]:
    try:
        text = path.read_text(encoding="utf-8")
        data = read_yaml(path)
    except OSError as error:
        raise RuleError(f"{path}: cannot be read: {error.strerror}") from error
    except NotYAMLError as error:
        raise RuleError(f"{path}: not valid YAML: {error}") from error
    if not isinstance(data, list):
        raise RuleError(f"{path}:1: a rule file is a list of rules (`- name: …`)")
    lines = [number for number, row in enumerate(text.splitlines(), 1) if row.startswith("- ")]
    for index, entry in enumerate(data):
        line = lines[index] if index < len(lines) else 1
        if not isinstance(entry, dict):
            raise RuleError(f"{path}:{line}: a rule is a mapping with `name`, `summary`, `check`, …")
        yield entry, line


_REQUIRED = ("name", "family", "summary", "severity", "check", "why", "contradicted", "consistent")
_OPTIONAL = ("readings", "relates", "when", "limits", "help", "options", "preview")


# What `options` may hold for `check: relation`; other checks have their own.
RELATION_OPTIONS = {
    "message": "the finding in words, with the variables in braces",
    "digits": "the least number of digits that the judged figure prints: few agree by chance",
    "premise_digits": "the same for its premises, counts excepted",
    "soft_when_approximate": "a figure that is marked as approximate is a warning",
    "once": "a claim that the page repeats is reported at the first place where it stands under a label",
    "stated_once": "`true`, `amounts` or `scoped`: pages with one value of every variable, stated outright once or all in one sentence",
    "single_layout": "only pages with one total of GPUs and one value of every parallel degree",
    "tables": "only cells of tables",
    "outside_tables": "no cells of tables",
    "outside_records": "no rows or columns that describe one configuration of several",
    "outright": "the variable that must be stated of the whole model, not of a rank",
    "largest": "the variable of which no other value on the page may reach the judged figure",
    "own_working": "a figure is left alone when a computation beside it gives it",
    "counts": "the variable whose unit repairs the figure",
    "unsaid": "words of which none may stand in the sentence of a premise: it tells of the matter itself",
    "called": "variables, each with words of which one must stand beside its premise (global, effective)",
}  # fmt: skip
_VARIABLES_IN_OPTIONS = ("outright", "largest", "counts")


def _require_options(options: Mapping[str, Any], variables: Sequence[Variable], where: str) -> None:
    """A mistyped option would be a rule that silently judges more than it says."""
    for key in options:
        if key not in RELATION_OPTIONS:
            raise RuleError(
                f"{where} has the unknown option `{key}`{_near(key, RELATION_OPTIONS) or '; there are ' + ', '.join(RELATION_OPTIONS)}"
            )
    names = [variable.name for variable in variables]
    for key in _VARIABLES_IN_OPTIONS:
        if key in options and options[key] not in names:
            raise RuleError(f"{where}: option `{key}` names `{options[key]}`, which `relates` does not have{_near(options[key], names)}")
    for name in options.get("called", ()):
        if name not in names:
            raise RuleError(f"{where}: option `called` names `{name}`, which `relates` does not have{_near(name, names)}")


def _rule(entry: Mapping[str, Any], path: Path, line: int, *, checked: bool) -> Rule:
    where = f"{path}:{line}"
    name = str(entry.get("name", "?"))
    # A mistyped key first: it is also one that is missing.
    for key in entry:
        if key not in _REQUIRED + _OPTIONAL:
            raise RuleError(f"{where}: rule `{name}` has the unknown key `{key}`{_near(key, _REQUIRED + _OPTIONAL)}")
    if missing := [key for key in _REQUIRED if key not in entry]:
        raise RuleError(f"{where}: rule `{name}` lacks {', '.join(f'`{key}`' for key in missing)}")
    try:
        severity = Severity(entry["severity"])
    except ValueError:
        raise RuleError(f"{where}: rule `{name}`: severity is error, warning or info, not `{entry['severity']}`") from None
    _require_check(str(entry["check"]), f"{where}: rule `{name}`")
    variables = tuple(_variable(key, value, f"{where}: rule `{name}`") for key, value in (entry.get("relates") or {}).items())
    if entry["check"] == "relation":
        _require_options(entry.get("options") or {}, variables, f"{where}: rule `{name}`")
    dimensions = _dimensions(variables, f"{where}: rule `{name}`")
    try:
        readings = tuple(_reading(item, dimensions, checked) for item in entry.get("readings") or ())
        when = _formula(entry["when"], dimensions, checked) if entry.get("when") else None
    except (FormulaError, KeyError, TypeError) as error:
        raise RuleError(f"{where}: rule `{name}`: {error}") from None
    return Rule(
        name=name, family=str(entry["family"]), summary=str(entry["summary"]), severity=severity, check=str(entry["check"]),
        why=str(entry["why"]).strip(), limits=str(entry.get("limits", "")).strip(), help=str(entry.get("help", "")).strip(),
        readings=readings, variables=variables, when=when, contradicted=str(entry["contradicted"]),
        consistent=str(entry["consistent"]), options=entry.get("options") or {}, path=path.name, preview=bool(entry.get("preview")),
    )  # fmt: skip


def _near(wrong: object, known: Iterable[str]) -> str:
    """`; did you mean ...?` for the nearest known name, or nothing."""
    from difflib import get_close_matches  # for mistakes only

    near = get_close_matches(str(wrong), sorted(known), 1)
    return f"; did you mean `{near[0]}`?" if near else ""


def _require_check(check: str, where: str) -> None:
    from stratlint.rules.checks import check_names  # the checks import this module

    known = check_names()
    if check not in known:
        hint = _near(check, known) or f"; there are {', '.join(sorted(known))}"
        raise RuleError(f"{where}: unknown check `{check}`{hint}")


def _variable(name: str, entry: str | Mapping[str, Any], where: str) -> Variable:
    data: Mapping[str, Any] = {"kind": entry} if isinstance(entry, str) else entry
    kinds = data.get("kind", ())
    kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    known = load_kinds().measures
    for kind in kinds:
        if kind not in known and not kind.startswith(("catalog.", "precision.")):
            hint = _near(kind, known) or "; grammar/vocabulary/kinds.yaml has them all"
            raise RuleError(f"{where}: `{name}` relates the unknown kind `{kind}`{hint}")
    scope = data.get("scope", ())
    default = data.get("default")
    return Variable(
        name, kinds, (scope,) if isinstance(scope, str) else tuple(scope), None if default is None else float(default),
        str(data.get("near", "document")), tuple(data.get("modality", ("asserted",))), bool(data.get("optional", False)),
    )  # fmt: skip


_NOT_IN_THE_VOCABULARY = {"precision.bytes": "bytes"}


def _dimensions(variables: Sequence[Variable], where: str) -> dict[str, str]:
    known = load_kinds().dimensions
    out: dict[str, str] = {}
    for variable in variables:
        measures = {known.get(kind, _NOT_IN_THE_VOCABULARY.get(kind, "count")) for kind in variable.kinds} or {"count"}
        units = {_DIMENSION[measure] for measure in measures}
        if len(units) > 1:
            raise RuleError(f"{where}: `{variable.name}` relates kinds of different dimensions: {', '.join(sorted(measures))}")
        out[variable.name] = units.pop()
    return out


def _reading(item: Mapping[str, Any], dimensions: Mapping[str, str], checked: bool) -> Reading:
    return Reading(
        str(item["name"]), _formula(item["formula"], dimensions, checked), str(item.get("source", "")),
        tuple(item.get("needs", ())), tuple(item.get("without", ())),
        tuple((str(name), str(value)) for name, value in (item.get("assumes") or {}).items()),
    )  # fmt: skip


def _formula(source: str, dimensions: Mapping[str, str], checked: bool) -> Formula:
    if not checked:
        return Formula(str(source))
    formula = parse_formula(str(source))
    check_dimensions(formula, dimensions, registry())
    return formula
