"""What a command of one role sets is what the page's table says of that role."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stratlint.laws import roles

# What the fixtures of conftest judge.
LAWS = (roles.proposals,)
Refuted = Callable[[str], list[str]]
Settled = Callable[[str], bool]

ROWS = "| Pool | Cards | Redundant experts |\n|---|---|---|\n| Prefill, EP24 | 24 | 24 |\n| Decode, EP48 | 48 | 36 |\n\n"
COLUMNS = "| | Prefill | Decode |\n|---|---|---|\n| TP | 4 | 2 |\n| PP | 2 | 1 |\n\n"
COMMANDS = (
    "```bash\n# prefill\nserve m --disaggregation-mode prefill --tp-size 24 --ep-num-redundant-experts 24\n\n"
    "# decode\nserve m --disaggregation-mode decode --tp-size 48 --ep-num-redundant-experts {}\n```\n"
)
PAGES = {
    "rows and the modes of commands": (ROWS + COMMANDS, "36", "24"),
    "columns and outer keys": (COLUMNS + "```yaml\nprefill:\n  tensor_parallel: 4\ndecode:\n  tensor_parallel: {}\n```\n", "2", "8"),
    "columns and comments": (COLUMNS + "```bash\n# prefill\nserve m --pp 2\n\n# decode\nserve m --tp {}\n```\n", "2", "4"),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_role_that_is_started_otherwise_than_its_table_says_is_refuted(name: str, refuted: Refuted, settled: Settled) -> None:
    page, right, wrong = PAGES[name]
    assert settled(page.format(right))
    assert refuted(page.format(wrong)) == [wrong]


QUIET = {
    "another role": COLUMNS + "```bash\n# prefill\nserve m --tp 4\n```\n",
    "no role": COLUMNS + "```bash\nserve m --tp 8\n```\n",
    "two roles in one command": COLUMNS + "```bash\n# prefill and decode on one node\nserve m --tp 8\n```\n",
    "two commands of the role": COLUMNS + "```bash\n# decode\nserve m --tp 8\n\n# decode\nserve m --tp 2\n```\n",
    "two tables of the role": (
        COLUMNS + "## Later\n\n"
        "" + COLUMNS.replace("| 4 | 2 |", "| 4 | 8 |") + "```bash\n# decode\nserve m --tp 8\n```\n"
    ),
    "a smoke test of the role": COLUMNS + "## Smoke test\n\n```bash\n# decode\nserve m --tp 1\n```\n",
    "a tensor size that counts all ranks": COLUMNS + "```bash\n# decode\nserve m --tp-size 8 --dp-size 8\n```\n",
}  # fmt: skip


@pytest.mark.parametrize("name", QUIET)
def test_what_may_be_said_of_something_else_is_left_alone(name: str, refuted: Refuted) -> None:
    assert refuted(QUIET[name]) == []
