"""The direction of the flow, held by parsing imports: document → claims → facts → rules → report → checking → cli.

Physics stands beside and knows no stage. A stage imports only what stands to its left, so that a new rule,
phrase or output
format touches one folder, and so that the command line starts without what it does not need.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "stratlint"

# What each part may import of stratlint, besides itself.
ALLOWED = {
    "cache": set(),
    "records": set(),
    "resources": {"cache"},
    "document": {"records", "resources"},
    "physics": {"resources"},
    "claims": {"document", "records", "resources"},
    "meaning": {"document", "claims", "physics", "records", "resources"},
    "laws": {"document", "claims", "meaning", "physics", "records", "resources"},
    "facts": {"document", "claims", "physics", "resources"},
    "rules": {"document", "claims", "meaning", "laws", "facts", "physics", "resources"},
    "report": {"document", "rules"},
    "config": {"rules"},
    "readers": {"document", "claims", "meaning", "resources"},
    "schemas": {"config", "resources"},
    "transcripts": {"document", "claims", "meaning", "rules", "report", "config", "readers"},
    "checking": {"document", "claims", "meaning", "laws", "facts", "rules", "report", "config", "readers", "transcripts"},
    "review": {"document", "report", "rules", "config", "checking", "transcripts", "cli", "readers"},
    "agent": {
        *("document", "claims", "meaning", "laws", "facts", "rules", "physics"),
        *("report", "config", "checking", "transcripts", "cli", "readers"),
    },
    "editor": {"document", "facts", "rules", "report", "config", "checking", "cli"},
    "cli": {
        *("document", "facts", "physics", "report", "rules", "config"),
        *("checking", "transcripts", "review", "agent", "editor", "readers", "resources", "schemas"),
    },
    "__init__": {"checking", "config", "report", "rules"},
    "__main__": {"cli"},
}
# Edges that stand against the rule, each with its reason.
EXCEPTIONS = {
    ("report", "config"): "suppression, baseline and policy are settled by the settings of the file they judge",
}
# `__init__` of records is written from the names of their fields, as dataclasses does; no document is there yet.
BUILDS_CODE = {PACKAGE / "records.py"}
LONGEST = 500
LONGER: dict[str, str] = {}


def files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def part_of(path: Path) -> str:
    inside = path.relative_to(PACKAGE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imported_parts(path: Path) -> Iterator[tuple[str, int]]:
    """Parts of stratlint that a file imports, anywhere in it, with the line."""
    for node in ast.walk(tree(path)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            head, *rest = name.split(".")
            if head == "stratlint" and rest:
                yield rest[0], getattr(node, "lineno", 0)


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_stage_imports_only_what_stands_to_its_left(path: Path) -> None:
    part = part_of(path)
    wrong = [
        f"{path.name}:{line} imports stratlint.{other}"
        for other, line in imported_parts(path)
        if other != part and other not in ALLOWED[part] and (part, other) not in EXCEPTIONS and other != "__version__"
    ]
    assert wrong == []


def test_every_part_of_the_package_has_its_place_in_the_contract() -> None:
    assert {part_of(path) for path in files()} <= set(ALLOWED)


def test_the_contract_has_no_circle() -> None:
    """Parts can be put in one order such that each imports only earlier ones."""
    left = {part: {other for other in others if other != part} for part, others in ALLOWED.items()}
    while left:
        free = [part for part, others in left.items() if not others & set(left)]
        if free == [] and set(left) <= {"cli", "review", "agent", "editor", "__main__"}:
            break  # the review, the agent's tools and the editor's server are commands of the command line and run it for their documents
        assert free, left
        for part in free:
            del left[part]


def test_relative_imports_are_not_used() -> None:
    for path in files():
        for node in ast.walk(tree(path)):
            assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path.name}:{node.lineno}"


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("stratlint", ["pint", "lark", "rich", "markdown_it", "yaml"]),
        ("stratlint.cli", ["pint", "lark", "rich", "markdown_it"]),
        ("stratlint.report", ["pint", "lark", "rich", "markdown_it"]),
        ("stratlint.physics", ["pint", "lark", "rich", "markdown_it", "yaml"]),
        ("stratlint.document", ["pint", "lark", "rich"]),
    ],
)
def test_importing_a_part_does_not_load_libraries_it_may_not_need(module: str, absent: list[str]) -> None:
    code = f"import sys, {module}; print([name for name in {absent} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_a_check_of_a_file_without_colours_loads_no_library_for_other_runs() -> None:
    code = (
        "import sys\nfrom stratlint.cli import main\n"
        "for name in ('json', 'jsonl', 'concise', 'github', 'sarif'):\n"
        "    code = main(['check', '--output-format', name, 'fixtures/verified_strategy.md'])\n"
        "    assert code == 0, (name, code)\n    assert not {'rich', 'pathspec', 'jinja2', 'shtab'} & set(sys.modules), name\n"
    )
    subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in files()}
    assert {name: length for name, length in lengths.items() if length > LONGEST and name not in LONGER} == {}
    assert [name for name in LONGER if lengths.get(name, 0) <= LONGEST] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT)) for path in files()
        if path.stat().st_size and not ast.get_docstring(tree(path))
    ]  # fmt: skip
    assert silent == []


def test_document_text_never_reaches_eval_or_pickle() -> None:
    for path in files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("eval", "exec") or path in BUILDS_CODE, f"{path.name}:{node.lineno}"
            if isinstance(node, ast.Import):
                assert not {alias.name for alias in node.names} & {"pickle", "marshal", "shelve"}, path.name


def test_the_folders_of_the_knowledge_are_where_the_readme_says() -> None:
    for folder in ("grammar", "grammar/vocabulary", "rules", "rules/catalog", "fixtures"):
        assert (ROOT / folder).is_dir()


# What laws may know of a document: how it is laid out, and where something stands.
OF_LAYOUT = {"CellRole", "Layout", "Span"}


def test_laws_never_see_the_text_of_a_page() -> None:
    """No law imports regular expressions, blocks of a document, or what reads them: text is read once, above."""
    wrong: list[str] = []
    for path in (each for each in files() if part_of(each) == "laws"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Import):
                wrong += [f"{path.name}: {alias.name}" for alias in node.names if alias.name in ("re", "regex")]
            elif isinstance(node, ast.ImportFrom) and node.module:
                reads = node.module in ("re", "stratlint.rules.patterns", "stratlint.claims.extract", "stratlint.claims.claim")
                seen = {alias.name for alias in node.names} - OF_LAYOUT if node.module.startswith("stratlint.document") else set()
                wrong += [f"{path.name}: {node.module}"] * reads + [f"{path.name}: {name}" for name in sorted(seen)]
    assert wrong == []
