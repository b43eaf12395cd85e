"""A pattern does what `re` does, once it is asked."""

from __future__ import annotations

import re

from stratlint.rules.patterns import Pattern


def test_a_pattern_answers_like_the_one_of_re() -> None:
    lazy, eager = Pattern(r"(\d+) ?GB", re.I), re.compile(r"(\d+) ?GB", re.I)
    text = "80 gb or 96GB"

    assert [m.span() for m in lazy.finditer(text)] == [m.span() for m in eager.finditer(text)]
    assert lazy.findall(text) == eager.findall(text) == ["80", "96"]
    assert lazy.sub("x", text) == eager.sub("x", text) == "x or x"
    assert lazy.split(text) == eager.split(text)
    assert lazy.match(text, 9) is not None and lazy.fullmatch(text) is None and lazy.search("none") is None


def test_a_pattern_that_is_never_asked_is_never_compiled() -> None:
    """Even a wrong one does no harm before."""
    assert isinstance(Pattern("(unclosed"), Pattern)
