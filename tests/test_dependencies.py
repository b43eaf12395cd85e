"""What the package needs has two bounds, and the versions that tests and CI use are locked, within them. `make lock` renews the lock."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
RENEW = "run `make lock` and commit constraints/"


def requirements(names: list[str]) -> list[Requirement]:
    """Of the package and these extras, but for those that name the package itself."""
    texts = [*PROJECT["dependencies"], *(each for name in names for each in EXTRAS[name])]
    return [each for each in map(Requirement, texts) if each.name != PROJECT["name"]]


def locked(name: str) -> dict[str, list[Version]]:
    """Package → its versions, of which the markers choose one."""
    found: dict[str, list[Version]] = {}
    for line in (ROOT / "constraints" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            pin = Requirement(line)
            found.setdefault(canonicalize_name(pin.name), []).append(Version(str(pin.specifier).removeprefix("==")))
    return found


USERS = sorted(set(EXTRAS) - {"test", "dev", "docs"})


def bound(requirement: Requirement, *operators: str) -> list[str]:
    return [each.version for each in requirement.specifier if each.operator in operators]


@pytest.mark.parametrize("requirement", requirements(USERS), ids=str)
def test_what_users_install_has_a_lower_and_an_upper_bound_and_the_lower_one_is_tested(requirement: Requirement) -> None:
    (lower,), (_,) = bound(requirement, ">="), bound(requirement, "<")
    assert locked("lowest")[canonicalize_name(requirement.name)] == [Version(lower)], RENEW


@pytest.mark.parametrize("requirement", requirements(sorted(EXTRAS)), ids=str)
def test_every_requirement_is_locked_within_its_bounds(requirement: Requirement) -> None:
    versions = locked("newest").get(canonicalize_name(requirement.name), [])
    assert versions, RENEW
    assert all(version in requirement.specifier for version in versions), RENEW


def test_the_tools_of_the_tests_are_the_same_with_the_lowest_versions() -> None:
    newest, lowest = locked("newest"), locked("lowest")
    users = {canonicalize_name(each.name) for each in requirements(USERS)}
    tools = {canonicalize_name(each.name) for each in requirements(["test"])} - users
    assert {name: lowest.get(name) for name in tools} == {name: newest[name] for name in tools}, RENEW


@pytest.mark.parametrize("name", ["newest", "lowest"])
def test_a_lock_is_versions_alone(name: str) -> None:
    """No index, no address, no option: where packages come from is the machine's own business."""
    for line in (ROOT / "constraints" / f"{name}.txt").read_text(encoding="utf-8").splitlines()[1:]:
        assert re.fullmatch(r"[a-z0-9-]+==[\w.]+(?: ; .+)?", line), line
