"""Completion scripts for bash, zsh and fish from an argparse parser."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stratlint.config.selection import OWN_FAMILY, OWN_RULES


def _formats() -> tuple[str, ...]:
    from stratlint.report import FORMATS

    return tuple(FORMATS)


def _rules() -> tuple[str, ...]:
    """The built-in ones, read without the engine: a shell that starts does not wait for it."""
    return tuple(sorted({str(entry["name"]) for entry in _entries()} | set(OWN_RULES)))


def _selectors() -> tuple[str, ...]:
    return (*_rules(), *sorted({str(entry["family"]) for entry in _entries()}), OWN_FAMILY, "ALL")


def _entries() -> Iterator[Mapping[str, Any]]:
    from stratlint.resources import data_folder, read_yaml

    for path in sorted(data_folder("rules").glob("*.yaml")):
        yield from read_yaml(path)


# What options and arguments (by their metavar) take that argparse does not know; any other value is a file name.
_OFFERED: Mapping[str, Callable[[], tuple[str, ...]]] = {
    "--output-format": _formats,
    "--select": _selectors,
    "--extend-select": _selectors,
    "--ignore": _selectors,
    "RULE": _rules,
}


@dataclass(frozen=True, slots=True)
class Flag:
    """An option: its spellings, its help, the values it may have, and whether it takes one at all."""

    names: tuple[str, ...]
    help: str
    values: tuple[str, ...]
    takes_value: bool


@dataclass(frozen=True, slots=True)
class Level:
    """A command line up to here (`()`, `("check",)`, `("config", "show")`) and what may follow."""

    words: tuple[str, ...]
    commands: tuple[tuple[str, str], ...]
    flags: tuple[Flag, ...]
    choices: tuple[str, ...]


def levels(parser: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[Level]:
    """Every level of the command line, outermost first."""
    subs = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    positional = [action for action in parser._actions if not action.option_strings and action not in subs]
    commands = tuple((each.dest, each.help or "") for sub in subs for each in sub._choices_actions)
    flags = tuple(_flag(action) for action in parser._actions if action.option_strings)
    yield Level(words, commands, flags, tuple(each for action in positional for each in _values(action)))
    for sub in subs:
        for name, inner in sub.choices.items():
            yield from levels(inner, (*words, name))


def bash(parser: argparse.ArgumentParser) -> str:
    """A script for bash ≥ 3.2 (the one that macOS ships)."""
    cases = []
    for level in levels(parser):
        words = [name for name, _ in level.commands] + [name for flag in level.flags for name in flag.names]
        cases.append(f'    "{" ".join(level.words)}") words="{" ".join((*words, *level.choices))}" ;;\n')
    values = "".join(
        f'    {"|".join(names)}) COMPREPLY=($(compgen -W "{" ".join(choices)}" -- "$current")); return ;;\n'
        for names, choices in sorted(_valued(parser).items())
    )
    branches = "|".join(f'"{" ".join(level.words)}"' for level in levels(parser) if level.words)
    return f"""# bash completion of stratlint; load it with: eval "$(stratlint completions bash)"
_stratlint() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD-1]}}" level="" next word words
  COMPREPLY=()
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    next="${{level:+$level }}$word"
    case "$next" in {branches}) level="$next" ;; esac
  done
  case "$previous" in
{values}  esac
  case "$level" in
{"".join(cases)}  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o bashdefault -o default -F _stratlint stratlint
"""


def zsh(parser: argparse.ArgumentParser) -> str:
    """A script for zsh, to be evaluated or stored as `_stratlint` in the `fpath`."""
    functions = []
    for level in levels(parser):
        name = "_".join(("_stratlint", *level.words))
        specs = [spec for flag in level.flags for spec in _zsh_flag(flag)]
        if level.commands:
            listed = " ".join(_quote(f"{word}:{_plain(text)}") for word, text in level.commands)
            specs.append("'1: :->command' '*:: :->rest'")
            cases = "".join(f"      {word}) {name}_{word} ;;\n" for word, _ in level.commands)
            body = f"""  local context state line
  local -a commands; commands=({listed})
  _arguments -C {" ".join(specs)}
  case $state in
    command) _describe command commands ;;
    rest) case $line[1] in
{cases}    esac ;;
  esac
"""
        else:
            rest = f"'1: :({' '.join(level.choices)})'" if level.choices else "'*:file:_files'"
            body = f"  _arguments {' '.join((*specs, rest))}\n"
        functions.append(f"{name}() {{\n{body}}}\n")
    return f"#compdef stratlint\n# zsh completion of stratlint\n{''.join(functions)}compdef _stratlint stratlint\n"


def fish(parser: argparse.ArgumentParser) -> str:
    """A script for fish."""
    lines = ["# fish completion of stratlint; load it with: stratlint completions fish | source\n"]
    for level in levels(parser):
        seen = " ; and ".join(f"__fish_seen_subcommand_from {word}" for word in level.words)
        below = " ".join(word for word, _ in level.commands)
        condition = seen or "__fish_use_subcommand"
        if seen and below:
            condition = f"{seen} ; and not __fish_seen_subcommand_from {below}"
        start = f"complete -c stratlint -n {_quote(condition)}"
        lines += [f"{start} -f -a {word} -d {_quote(_plain(text))}\n" for word, text in level.commands]
        if level.choices:
            lines.append(f"{start} -f -a {_quote(' '.join(level.choices))}\n")
        for flag in level.flags:
            names = " ".join(f"-l {each[2:]}" if each.startswith("--") else f"-s {each[1:]}" for each in flag.names)
            takes = f" -x -a {_quote(' '.join(flag.values))}" if flag.values else " -r" if flag.takes_value else ""
            lines.append(f"{start} {names}{takes} -d {_quote(_plain(flag.help))}\n")
    return "".join(lines)


SHELLS: Mapping[str, Callable[[argparse.ArgumentParser], str]] = {"bash": bash, "zsh": zsh, "fish": fish}


def _flag(action: argparse.Action) -> Flag:
    return Flag(tuple(action.option_strings), action.help or "", _values(action), action.nargs != 0)


def _values(action: argparse.Action) -> tuple[str, ...]:
    names = action.option_strings or [str(action.metavar)]
    offered = next((_OFFERED[name] for name in names if name in _OFFERED), None)
    return tuple(str(each) for each in action.choices or (offered() if offered else ()))


def _valued(parser: argparse.ArgumentParser) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Options with a fixed set of values; where commands differ, the values of all."""
    found: dict[tuple[str, ...], dict[str, None]] = {}
    for level in levels(parser):
        for flag in level.flags:
            if flag.values:
                found.setdefault(flag.names, {}).update(dict.fromkeys(flag.values))
    return {names: tuple(values) for names, values in found.items()}


def _zsh_flag(flag: Flag) -> Iterator[str]:
    value = ""
    if flag.takes_value:
        value = f":value:({' '.join(flag.values)})" if flag.values else ":value:_files"
    for name in flag.names:
        yield _quote(f"*{name}[{_plain(flag.help)}]{value}")


def _plain(text: str) -> str:
    """Help without what shells or completion systems would read as syntax."""
    return re.sub(r"[\[\]:'\"`$\\|]", " ", text.replace("%%", "%")).strip()


def _quote(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
