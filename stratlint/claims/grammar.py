"""Build the one total LALR grammar of claims from its fragments and word lists in `grammar/`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from lark import Lark

from stratlint.claims.units import load_lexicon
from stratlint.resources import data_folder, read_yaml

_FRAGMENTS = ("tokens.lark", "quantity.lark", "expression.lark", "claim.lark")


@cache
def words() -> Mapping[str, Any]:
    """The word lists of `grammar/words.yaml`."""
    loaded: Mapping[str, Any] = read_yaml(data_folder("grammar") / "words.yaml")
    return loaded


@cache
def parser() -> Lark:
    """The parser of claims.

    Never cached on disk: lark would unpickle a predictable temporary file.
    """
    folder = data_folder("grammar")
    fragments = [(folder / name).read_text(encoding="utf-8") for name in _FRAGMENTS]
    return Lark(
        "\n".join([*fragments, *_word_terminals()]),
        start="claims",
        parser="lalr",
        lexer="contextual",
        maybe_placeholders=False,
    )


def _word_terminals() -> list[str]:
    lexicon, lists = load_lexicon(), words()
    verdicts = [*lists["verdict_pass"], *lists["verdict_fail"]]
    return [
        _terminal("MAGNITUDE.6", rf"-?{lexicon.magnitude_pattern}"),
        _terminal("UNIT.5", lexicon.unit_pattern),
        _terminal("FACTOR.5", r"[x×](?![A-Za-z0-9])"),
        _terminal("APPROXIMATELY.7", r"~(?=\s*[$\d.])|" + _phrases(lists["approximately"])),
        _terminal("MEANS.6", _phrases(lists["means"])),
        _terminal("CONJUNCTION.6", _phrases(lists["conjunction"])),
        _terminal("VERDICT.7", "|".join(re.escape(mark) for mark in sorted(verdicts, key=len, reverse=True))),
    ]


def _phrases(phrases: list[str]) -> str:
    """A pattern for any of *phrases*: Latin ones need word ends, Chinese ones do not."""
    ordered = sorted(phrases, key=len, reverse=True)
    latin = "|".join(re.escape(p).replace(r"\ ", r"\s+") for p in ordered if p.isascii())
    chinese = "|".join(re.escape(p) for p in ordered if not p.isascii())
    return rf"(?i:{latin})(?![A-Za-z0-9_])(?!-[A-Za-z0-9])" + (f"|{chinese}" if chinese else "")


def _terminal(name: str, pattern: str) -> str:
    return f"{name}: /{pattern.replace('/', chr(92) + '/')}/"
