"""The commands of the hand-written pages, carried out as the site's build does it; these need no mkdocs."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
# The commands over 500 findings take half a minute: they are carried out where the site is built, and tests/site/test_site.py looks at
# what they print.
PAGES = sorted(path for path in (ROOT / "docs").glob("*.md") if re.search(r"^scene: plan$", path.read_text(encoding="utf-8"), re.M))


@pytest.fixture(scope="module")
def modules() -> Iterator[dict[str, ModuleType]]:
    sys.path.insert(0, str(ROOT / "scripts" / "site"))
    names = ("commands", "scenes", "evidence", "rule_pages", "repository_pages")
    yield {name: importlib.import_module(name) for name in names}
    sys.path.remove(str(ROOT / "scripts" / "site"))
    for name in names:
        sys.modules.pop(name, None)


def test_there_is_a_repository_with_500_old_findings(modules: dict[str, ModuleType], needs_git: None, tmp_path: Path) -> None:
    modules["scenes"].SCENES["old-findings"](tmp_path)
    rows = [row for path in (tmp_path / "docs").glob("*.md") for row in path.read_text(encoding="utf-8").splitlines() if "Stage" in row]
    wrong = [row for row in rows if not _holds(row)]
    assert len(wrong) == len(rows) == 500


def _holds(row: str) -> bool:
    factors, _, result = row.partition(": ")[2].removesuffix(" MB").partition(" = ")
    first, second = factors.split(" × ")
    return int(first) * int(second) == int(result.replace(",", ""))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_every_command_of_a_page_ends_as_the_page_says(modules: dict[str, ModuleType], page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    found = re.search(r"^scene: (\S+)$", text, re.M)
    assert found is not None
    modules["scenes"].SCENES[found[1]](tmp_path)
    shown = modules["commands"].executed(text, tmp_path)
    assert "```run" not in shown
    assert shown.count("$ ") >= text.count("```run")
    assert str(tmp_path) not in shown


def test_a_command_that_ends_otherwise_stops_the_build(modules: dict[str, ModuleType], tmp_path: Path) -> None:
    commands = modules["commands"]
    with pytest.raises(commands.CommandFailed, match="exit code 3 instead of 0"):
        commands.executed("```run\nexit 3\n```\n", tmp_path)
    with pytest.raises(commands.CommandFailed, match="exit code 0 instead of 1"):
        commands.executed("```run exit=1\ntrue\n```\n", tmp_path)
    assert commands.executed("```run exit=3 last=1\necho a; echo b; exit 3\n```\n", tmp_path) == (
        "```console\n$ echo a; echo b; exit 3\n…\nb\n```\n"
    )


def test_a_file_of_a_page_is_written_where_its_commands_run(modules: dict[str, ModuleType], tmp_path: Path) -> None:
    shown = modules["commands"].executed("```toml file=a/b.toml\nx = 1\n```\n\n```run\ncat a/b.toml\n```\n", tmp_path)
    assert shown == '```toml title="a/b.toml"\nx = 1\n```\n\n```console\n$ cat a/b.toml\nx = 1\n```\n'


def test_a_new_section_of_the_readme_needs_a_page(modules: dict[str, ModuleType], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pages = modules["repository_pages"]
    assert {name for name, _ in pages.readme_pages()} == set(pages.README_PAGES)
    (tmp_path / "README.md").write_text((ROOT / "README.md").read_text(encoding="utf-8") + "\n## Something new\n", encoding="utf-8")
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    with pytest.raises(pages.Unplaced, match="Something new"):
        list(pages.readme_pages())


def test_links_into_the_repository_become_links_of_the_site(modules: dict[str, ModuleType]) -> None:
    repository, pages = "https://forge.example/team/stratlint", frozenset({"api.md"})
    links = {
        f"[a]({repository}/blob/main/docs/api.md#check)": "[a](api.md#check)",
        f"[a]({repository}/blob/main/docs/README.md)": "[a](measured.md)",
        f"[a]({repository}/blob/main/LICENSE)": f"[a]({repository}/blob/main/LICENSE)",
        "[a](../CONTRIBUTING.md#publish)": "[a](contributing.md)",
        "[a](../rules/memory.yaml)": f"[a]({repository}/blob/main/rules/memory.yaml)",
        "[a](https://example.com) [b](#here)": "[a](https://example.com) [b](#here)",
    }
    for written, wanted in links.items():
        assert modules["repository_pages"].relinked(written, "index.md", repository, pages) == wanted


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a * b_c [d] <e> & f", r"a \* b\_c \[d\] &lt;e> &amp; f"), ("`a * b` | c", r"`a * b` \| c")],
    ids=["special characters", "code"],
)
def test_plain_text_of_a_rule_is_shown_as_it_stands(modules: dict[str, ModuleType], text: str, shown: str) -> None:
    assert modules["rule_pages"].escaped(text) == shown
