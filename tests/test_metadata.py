"""What the package says of itself: complete metadata, and one place for its public addresses."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
URLS: dict[str, str] = PROJECT["urls"]
README = (ROOT / "README.md").read_text(encoding="utf-8")
# Files that name addresses of ours, if any do; the data of others (an API's description, published tables) does not.
_TEXT = {".md", ".py", ".toml", ".yml", ".yaml", ".json", ".js", ".css", ".lua", ".el", ".sh", ".cfg", ".txt", ""}
_OTHERS = ("tests/review/github-openapi.json", "tests/test_metadata.py")
_AN_ADDRESS = re.compile(r"(https?://[\w.-]+/[\w.-]+/stratlint\b|https?://[\w-]+\.github\.io/\S*|\buses: [\w.-]+/stratlint@\S+)", re.I)


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def of_the_project() -> Iterator[Path]:
    """The files of the repository as git has it, or all that an archive has."""
    try:
        done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
        names = [name for name in done.stdout.decode().split("\0") if name]
    except (FileNotFoundError, subprocess.CalledProcessError):
        names = []
    paths = [ROOT / name for name in names] if "pyproject.toml" in names else ROOT.rglob("*")
    for path in paths:
        inside = path.relative_to(ROOT)
        hidden = any(part in (".venv", ".git", "__pycache__", "dist", "site", "build") for part in inside.parts)
        if path.is_file() and path.suffix in _TEXT and not hidden and inside.as_posix() not in _OTHERS:
            yield path


def test_there_is_no_other_public_address() -> None:
    """An address of this project is one of pyproject.toml or lies below the repository; nothing stands for it either."""
    name = urlsplit(URLS["Repository"]).path.strip("/")
    known = {URLS["Repository"], f"uses: {name}@v{PROJECT['version']}", f"uses: {name}@", *URLS.values()}
    found = [(path, each) for path in of_the_project() for each in _AN_ADDRESS.findall(path.read_text("utf-8", "replace"))]
    assert ("README.md", f"uses: {name}@v{PROJECT['version']}") in [(path.name, each) for path, each in found]
    foreign = [
        f"{path.relative_to(ROOT)}: {each}" for path, each in found
        if not (each in known or each.rstrip(").,;`\"'").startswith(URLS["Documentation"]) or "example" in each or "{" in each)
    ]  # fmt: skip
    assert foreign == []
    assert not re.search(r"\b(?:OWNER|YOUR[-_]?(?:NAME|ORG)|<owner>)/stratlint", README)


def test_the_readme_has_the_addresses_and_the_version_of_the_project() -> None:
    """When this fails because one of them changed: `make readme`."""
    assert script("readme").addressed(README, PROJECT) == README


def test_the_readme_moves_with_the_address() -> None:
    urls = {"Repository": "https://forge.example/team/stratlint", "Documentation": "https://docs.example/stratlint/"}
    moved = script("readme").addressed(README, {"version": "9.8.7", "urls": urls})
    assert "repo: https://forge.example/team/stratlint\n  rev: v9.8.7\n" in moved
    assert "uses: team/stratlint@v9.8.7\n" in moved
    assert "[documentation](https://docs.example/stratlint/)" in moved
    assert URLS["Repository"] not in moved
    assert URLS["Documentation"] not in moved
    assert script("readme").addressed("[a](docs/README.md) [b](#below)", {"version": "1", "urls": urls}) == (
        "[a](https://forge.example/team/stratlint/blob/main/docs/README.md) [b](#below)"
    )


def test_every_link_of_the_readme_works_where_there_is_no_checkout() -> None:
    """Absolute, or to a heading of the README itself; what lies in the repository is there."""
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in re.findall(r"^#+ (.*)$", README, re.M)}
    links = re.findall(r"\]\(([^)\s]+)\)", README)
    assert len(links) > 4
    for link in links:
        assert link.startswith("https://") or link.removeprefix("#") in anchors, link
        inside = link.removeprefix(f"{URLS['Repository']}/blob/main/")
        assert inside == link or (ROOT / inside.partition("#")[0]).is_file(), link


def test_no_file_names_the_host_of_an_index() -> None:
    hosts = "|".join(("py" + "pi.org", "py" + "thonhosted.org", "shields" + ".io"))
    named = [str(path.relative_to(ROOT)) for path in of_the_project() if re.search(hosts, path.read_text("utf-8", "replace"))]
    assert named == []


def test_the_metadata_is_complete() -> None:
    assert {"Repository", "Documentation", "Changelog", "Issues"} <= set(URLS)
    assert PROJECT["license"] == "MIT"
    assert PROJECT["license-files"] == ["LICENSE"]
    assert PROJECT["authors"]
    # An SPDX expression and a licence classifier exclude each other.
    assert not [each for each in PROJECT["classifiers"] if each.startswith("License ::")]
    assert "Typing :: Typed" in PROJECT["classifiers"]
    assert (ROOT / "stratlint" / "py.typed").is_file()
    floor = PROJECT["requires-python"].removeprefix(">=")
    assert f"Programming Language :: Python :: {floor}" in PROJECT["classifiers"]


@pytest.mark.parametrize("name", ["Repository", "Changelog", "Issues"])
def test_addresses_within_the_repository_follow_from_it(name: str) -> None:
    assert URLS[name].startswith(URLS["Repository"])
