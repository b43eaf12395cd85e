"""The files that other machines run: workflows and the action by their published schemas, the image, what a release checks."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def jobs(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8"))["jobs"]
    return found


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in WORKFLOWS:
        for job in jobs(path.name).values():
            yield from ((path.name, step) for step in job["steps"])


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("custom.github-workflows-require-timeout", WORKFLOWS),
        ("vendor.github-actions", [ROOT / "action.yml"]),
    ],
)
def test_workflows_and_action_keep_their_published_schema(schema: str, files: list[Path]) -> None:
    pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed: workflows are not validated")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_broken_workflow_is_noticed(tmp_path: Path) -> None:
    pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed: workflows are not validated")
    path = tmp_path / "ci.yml"
    path.write_text((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8").replace("runs-on:", "runs-at:"), encoding="utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path)]
    assert subprocess.run(command, capture_output=True).returncode == 1


def test_every_foreign_action_is_pinned_to_a_commit() -> None:
    used = [(name, step["uses"]) for name, step in steps() if "uses" in step]
    assert len(used) >= 5
    assert [each for each in used if not re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", each[1])] == []


def test_no_expression_is_pasted_into_a_script_and_every_local_command_exists() -> None:
    scripts = [step["run"] for _, step in steps() if "run" in step]
    assert scripts
    for script in scripts:
        assert "${{" not in script
        command = script.split()[0]
        if command == "make":
            assert f"\n{script.split()[1]}:" in (ROOT / "Makefile").read_text(encoding="utf-8")
        else:
            assert (ROOT / command).stat().st_mode & stat.S_IXUSR, command


def test_the_checks_run_what_a_developer_runs() -> None:
    assert next(step["run"] for name, step in steps() if name == "ci.yml" and "run" in step) == ".ci/run"


def test_nothing_is_published_that_was_not_tested_and_only_that_job_may() -> None:
    release = jobs("release.yml")
    assert set(release["publish"]["needs"]) == {"test", "build"}
    assert release["publish"]["permissions"] == {"id-token": "write"}
    assert [name for name, job in release.items() if "permissions" in job] == ["publish"]
    assert "secrets." not in (ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8")
    uploaded, fetched = (step["with"] for job in release.values() for step in job["steps"] if "artifact@" in step.get("uses", ""))
    assert (uploaded["name"], uploaded["path"]) == (fetched["name"], fetched["path"])


# ---------------------------------------------------------------------------------------------------------------- the image
def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines)]


def test_the_image_is_built_by_the_readme_s_first_command() -> None:
    """`.ci/run` runs that command, word for word, in a fresh checkout."""
    (command,) = [rest for name, rest in instructions() if name == "RUN"]
    first = re.search(r"^```sh\n(.*?)\n```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.S | re.M)
    assert first is not None
    assert command == first[1]


def test_every_instruction_is_one_and_what_is_copied_is_there() -> None:
    assert {name for name, _ in instructions()} <= {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "ENTRYPOINT", "CMD"}
    assert instructions()[0][0] == "FROM"
    for name, rest in instructions():
        if name == "COPY" and not rest.startswith("--from="):
            assert (ROOT / rest.split()[0]).exists()
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert not {"fixtures", "stratlint", "grammar", "rules", "hatch_build.py", "README.md"} & set(ignored)


def test_what_a_container_runs_works(tmp_path: Path) -> None:
    entry, command = (json.loads(rest) for name, rest in instructions() if name in ("ENTRYPOINT", "CMD"))
    shutil.copytree(ROOT / "fixtures", tmp_path / "fixtures")
    assert entry == ["stratlint"]
    done = subprocess.run([sys.executable, "-m", "stratlint", *command], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "error" in done.stdout


# ---------------------------------------------------------------------------------------------------------------- a release
@pytest.fixture(scope="module")
def release() -> ModuleType:
    spec = importlib.util.spec_from_file_location("release", ROOT / "scripts" / "release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def checkout(folder: Path, *, version: str = "1.2.3", package: str = "1.2.3", changelog: str = "## 1.2.3\n") -> Path:
    urls = '[project.urls]\nRepository = "https://forge.example/team/stratlint"\n'
    (folder / "pyproject.toml").write_text(f'[project]\nversion = "{version}"\n{urls}', encoding="utf-8")
    (folder / "stratlint").mkdir()
    (folder / "stratlint" / "__init__.py").write_text(f'__version__ = "{package}"\n', encoding="utf-8")
    (folder / "CHANGELOG.md").write_text(changelog, encoding="utf-8")
    return folder


def test_this_checkout_could_be_released(release: ModuleType) -> None:
    assert list(release.mistakes(ROOT)) == []


def test_a_release_is_what_its_tag_and_repository_say(release: ModuleType, tmp_path: Path) -> None:
    root = checkout(tmp_path)
    assert list(release.mistakes(root, "v1.2.3", "https://forge.example/team/stratlint")) == []
    (tag,) = release.mistakes(root, "v1.3.0")
    assert "v1.3.0" in tag
    assert "1.2.3" in tag
    (fork,) = release.mistakes(root, "v1.2.3", "https://forge.example/somebody/stratlint")
    assert "make readme" in fork


def test_a_version_that_is_not_everywhere_is_no_release(release: ModuleType, tmp_path: Path) -> None:
    package, changelog = release.mistakes(checkout(tmp_path, package="1.2.2", changelog="## 1.2.30\n"))
    assert "1.2.2" in package
    assert "CHANGELOG.md" in changelog
