"""The automaton that lark computes of the grammar of claims, driven in one loop.

Lark's own loop makes for every word of a page a token with its line and column, which nobody asks for, and takes three times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lark import Lark

_END = "$END"
_START = "claims"

# The terminal, the text and its two ends, as whatever the reader makes of them; and what a rule makes of its parts.
MakeToken = Callable[[str, str, int, int], Any]
Build = Callable[[list[Any]], Any]


# A repetition and the one symbol that a rule adds to it.
_BY_ONE = 2


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule: how many symbols it has, its origin, and what is made of them; None where they only prolong a repetition.

    `repeated`: which of its symbols are repetitions, whose members are its own; `repeats`: whether any is; `prolongs`: whether it is a
    repetition with more symbols behind it.
    """

    origin: str
    size: int
    repeated: tuple[bool, ...]
    build: Build | None
    repeats: bool
    prolongs: bool


@dataclass(frozen=True, slots=True)
class _State:
    """What a state does with a terminal (the state to go on with, or the rule to reduce), where its rules lead, and how it reads on.

    `prolongs`: the repetition to which it adds the token that led to it, whatever comes next; "" for other states.
    """

    actions: Mapping[str, int | _Rule]
    follows: Mapping[str, int]
    match: Callable[[str, int], Any]
    prolongs: str


class Automaton:
    """The tables of a lark parser of `claims`; *builds* has for every rule of the grammar what is made of it."""

    def __init__(self, lark: Lark, builds: Mapping[str, Build], token: MakeToken) -> None:
        tables: Any = lark.parser
        table, lexers = tables.parser._parse_table, tables.lexer.lexers
        self._ignored = frozenset(lark.ignore_tokens)
        self._token = token
        self._start: int = table.start_states[_START]
        self._end: int = table.end_states[_START]
        rules = {id(rule): _rule(rule, builds) for rule in lark.rules}
        self._states = {number: _state(entries, lexers[number], rules) for number, entries in table.states.items()}

    def parse(self, text: str) -> Any:
        """What the rules make of *text*.

        Raises:
            ValueError: the grammar has no place for something in it.
        """
        states, token, ignored = self._states, self._token, self._ignored
        path, values = [self._start], list[Any]()
        reading = current = states[self._start]
        at, stop = 0, len(text)
        while True:
            start, terminal, printed, match = at, _END, "", reading.match
            while start < stop:
                found = match(text, start)
                if found is None:
                    raise ValueError(f"nothing of the grammar stands at {start}")
                terminal, at = found.lastgroup, found.end()
                if terminal not in ignored:
                    printed = found[0]
                    break
                start, terminal = at, _END
            if terminal not in reading.actions:
                raise ValueError(f"{terminal} stands where it has no place, at {start}")
            while True:
                action = current.actions.get(terminal)
                if action is None:
                    raise ValueError(f"{terminal} stands where it has no place, at {start}")
                if isinstance(action, int):
                    reading = states[action]
                    if reading.prolongs:
                        values[-1].append(token(terminal, printed, start, at))
                        path[-1] = states[path[-2]].follows[reading.prolongs]
                        current = states[path[-1]]
                    else:
                        path.append(action)
                        values.append(token(terminal, printed, start, at))
                        current = reading
                    break
                _reduce(action, path, values)
                following = states[path[-1]].follows[action.origin]
                path.append(following)
                if terminal == _END and following == self._end:
                    return values[-1]
                current = states[following]


def _reduce(rule: _Rule, path: list[int], values: list[Any]) -> None:
    """Put what *rule* makes of the last values in their place."""
    size, build = rule.size, rule.build
    if not size:
        values.append([] if build is None else build([]))
        return
    if size == 1:
        path.pop()
        part = values.pop()
        parts = part if rule.repeats else [part]
        values.append(parts if build is None else build(parts))
        return
    if build is None and rule.prolongs:
        more = values[1 - size :]
        del path[-size:], values[1 - size :]
        values[-1].extend(more)
        return
    parts = values[-size:]
    del path[-size:], values[-size:]
    if rule.repeats:
        parts = [each for part, several in zip(parts, rule.repeated, strict=True) for each in (part if several else (part,))]
    values.append(parts if build is None else build(parts))


def _rule(rule: Any, builds: Mapping[str, Build]) -> _Rule:
    origin = str(rule.origin.name)
    repeated = tuple(_is_repetition(symbol) for symbol in rule.expansion)
    build = None if _is_repetition(rule.origin) else builds[origin]
    prolongs = build is None and len(repeated) > 1 and repeated[0] and not any(repeated[1:]) and rule.expansion[0] == rule.origin
    return _Rule(origin, len(rule.expansion), repeated, build, any(repeated), prolongs)


def _is_repetition(symbol: Any) -> bool:
    """Whether lark made up a symbol for `( … )*`: such have no name of their own."""
    return not symbol.is_term and str(symbol.name).startswith("__")


def _state(entries: Mapping[str, tuple[Any, Any]], lexer: Any, rules: Mapping[int, _Rule]) -> _State:
    actions: dict[str, int | _Rule] = {}
    follows: dict[str, int] = {}
    for name, (_, target) in entries.items():
        if not isinstance(target, int):
            actions[name] = rules[id(target)]
        elif name.isupper() or name == _END:
            actions[name] = target
        else:
            follows[name] = target
    patterns: Sequence[Any] = lexer.scanner._mres
    reduced = {id(action): action for action in actions.values()}.values()
    (only, *others) = reduced or (None,)
    prolongs = only.origin if isinstance(only, _Rule) and only.prolongs and only.size == _BY_ONE and not others else ""
    return _State(actions, follows, patterns[0].match if len(patterns) == 1 else _first_of(patterns), prolongs)


def _first_of(patterns: Sequence[Any]) -> Callable[[str, int], Any]:
    def match(text: str, at: int) -> Any:
        return next((found for pattern in patterns if (found := pattern.match(text, at)) is not None), None)

    return match
