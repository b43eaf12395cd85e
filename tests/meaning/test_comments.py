"""Comments in code: results of the line before them, and computations of their own."""

from __future__ import annotations

import pytest

from stratlint.claims.extract import extract
from stratlint.document import parse
from stratlint.laws.equations import proposals
from stratlint.laws.judge import Outcome, judge
from stratlint.meaning.page import page_of


def outcomes(text: str) -> list[Outcome]:
    """What becomes of the equations of a page."""
    page = page_of(extract(parse(text)))
    return [judge(each, page.binary).outcome for each in proposals(page) if each.asserted]


@pytest.mark.parametrize("language", ["python", "bash", "yaml", "sh", "toml"])
def test_a_comment_that_computes_is_held_to_its_result(language: str) -> None:
    page = f"```{language}\nnodes = 12\n# 12 hosts x 8 cards = %s ranks\nother = 3\n```\n"
    assert outcomes(page % 96) == [Outcome.HOLDS]
    assert outcomes(page % 98) == [Outcome.REFUTED]


def test_a_comment_may_repeat_the_sign_before_the_result() -> None:
    assert outcomes("```python\nsize = 60 * 2  # = 120 GB\n```") == [Outcome.HOLDS]
    assert outcomes("```python\nsize = 60 * 2  # = 130 GB\n```") == [Outcome.REFUTED]


@pytest.mark.parametrize(
    "text",
    [
        "```bash\n# is tp = 4 * 3 = 13?\nrun --tp 4\n```",
        "```bash\nrun --a 8 * 8 = 65\n```",
        "```python\nx = 8 * 8 == 65\n# done\n```",
        "```python\nassert 8 * 8 == 64\n# hosts = 3\ncards = hosts * 4\n```",  # a comment gives no name its amount
    ],
)
def test_code_itself_and_questions_claim_nothing(text: str) -> None:
    assert not outcomes(text)
