"""The built wheel carries the language and the rules with it, and nothing that it should not."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from stratlint.claims.units import unit_table
from stratlint.resources import json_bytes, yaml_files

ROOT = Path(__file__).parents[1]
_NO_INDEX = ("No matching distribution", "Could not find a version", "onnection", "resolve", "timed out")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder)]
    if importlib.util.find_spec("hatchling"):
        command.append("--no-build-isolation")
    done = subprocess.run([*command, str(ROOT)], capture_output=True, text=True)
    if done.returncode:
        if any(words in done.stderr for words in _NO_INDEX):
            pytest.skip("no package index within reach")
        pytest.fail(done.stderr)
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def test_grammar_and_rules_travel_inside_the_package(wheel: zipfile.ZipFile) -> None:
    inside = set(wheel.namelist())
    for folder in ("grammar", "rules"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file():
                assert f"stratlint/_data/{path.relative_to(ROOT).as_posix()}" in inside


def test_every_module_and_the_page_s_files_are_in(wheel: zipfile.ZipFile) -> None:
    inside = set(wheel.namelist())
    for path in (ROOT / "stratlint").rglob("*"):
        if path.suffix in (".py", ".css", ".js", ".typed"):
            assert path.relative_to(ROOT).as_posix() in inside


def test_tests_fixtures_and_scripts_stay_out(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"stratlint"}


def test_the_wheel_names_version_script_and_licence(wheel: zipfile.ZipFile) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (info,) = {name.split("/")[0] for name in wheel.namelist() if ".dist-info" in name}
    metadata = wheel.read(f"{info}/METADATA").decode()
    assert f"Version: {project['version']}" in metadata
    assert "stratlint = stratlint.cli:main" in wheel.read(f"{info}/entry_points.txt").decode()
    assert any("LICENSE" in name for name in wheel.namelist())


def test_it_runs_from_the_archive_s_content_alone(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    """Unpacked elsewhere, it finds its own grammar and rules, not those of the checkout."""
    wheel.extractall(tmp_path)
    (tmp_path / "plan.md").write_text("8 × 8 = 80 GPUs\n", encoding="utf-8")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import stratlint, stratlint.resources\n"
        f"assert stratlint.__file__.startswith({str(tmp_path)!r})\n"
        f"assert str(stratlint.resources.data_folder('rules')).startswith({str(tmp_path)!r})\n"
        "from stratlint.cli import main; code = main(['check', '--output-format', 'concise', 'plan.md'])\n"
        "assert not {'yaml', 'pint'} & set(sys.modules), 'computed again'\n"
        "sys.exit(code)"
    )
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, cwd=tmp_path, env=environment)
    assert done.returncode == 1, done.stderr
    assert "wrong-product" in done.stdout
    assert not (tmp_path / "cache").exists()


def test_what_a_checkout_computes_is_inside(wheel: zipfile.ZipFile) -> None:
    """The same bytes, and no file of it in the repository."""
    for name, make in (("yaml", yaml_files), ("units", unit_table)):
        assert wheel.read(f"stratlint/_data/compiled/{name}.json") == json_bytes(make())
    assert not {"compiled.json", "units.json"} & {path.name for folder in ("grammar", "rules") for path in (ROOT / folder).rglob("*.json")}


def test_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    import stratlint

    assert stratlint.__version__ == project["version"]
    assert f"## {project['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
