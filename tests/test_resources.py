"""Edited knowledge takes effect at once, and what is made of it is made once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stratlint.resources import json_bytes, yaml_files

CODE = """
import sys
from stratlint.claims.units import unit
from stratlint.rules.registry import load_rules
summary = load_rules().get("wrong-product").summary
print([summary, unit("hour").factor, sorted({"yaml", "pint"} & set(sys.modules))])
"""


class Checkout:
    """A copy of the package and its knowledge, with a cache of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.cache = folder, folder / "cache"
        self.cache.mkdir()

    def run(self) -> tuple[str, float, list[str]]:
        """The summary of a rule, the seconds of an hour, and the libraries that were needed to say so."""
        environment = {**os.environ, "XDG_CACHE_HOME": str(self.cache), "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, cwd=self.folder, env=environment, check=True)
        assert done.stderr == ""
        summary, seconds, loaded = json.loads(done.stdout.replace("'", '"'))
        return summary, seconds, loaded

    def kept(self) -> list[Path]:
        return sorted(path for path in self.cache.rglob("*") if path.is_file())

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def checkout(working_tree: Path, tmp_path: Path) -> Checkout:
    for name in ("stratlint", "grammar", "rules"):
        shutil.copytree(working_tree / name, tmp_path / name)
    return Checkout(tmp_path)


def test_it_is_computed_once(checkout: Checkout) -> None:
    summary, seconds, loaded = checkout.run()

    assert loaded == ["pint", "yaml"]
    assert [path.name.partition("-")[0] for path in checkout.kept()] == ["units", "yaml"]
    assert checkout.run() == (summary, seconds, [])
    assert seconds == 3600


def test_an_edit_takes_effect_at_once(checkout: Checkout) -> None:
    """Whether the cache knows the state before or not: of a rule, and of a unit."""
    before, *_ = checkout.run()
    checkout.edit("rules/arithmetic.yaml", before, "sums are sums")
    checkout.edit("grammar/units.txt", "hour = 60 * minute", "hour = 61 * minute")

    assert checkout.run()[:2] == ("sums are sums", 3660)
    assert checkout.run() == ("sums are sums", 3660, [])


def test_a_new_version_computes_anew(checkout: Checkout) -> None:
    checkout.run()
    checkout.edit("stratlint/__init__.py", '__version__ = "', '__version__ = "9.')

    assert checkout.run()[2] == ["pint", "yaml"]


def test_a_damaged_cache_is_made_anew(checkout: Checkout) -> None:
    expected = checkout.run()[:2]
    for path in checkout.kept():
        path.write_bytes(path.read_bytes()[:-100])

    assert checkout.run() == (*expected, ["pint", "yaml"])
    assert checkout.run() == (*expected, [])


def test_without_a_cache_everything_is_computed(checkout: Checkout) -> None:
    expected = checkout.run()[:2]
    shutil.rmtree(checkout.cache)
    checkout.cache.write_text("no folder")

    assert checkout.run() == (*expected, ["pint", "yaml"])


def test_a_file_that_is_no_yaml_stops_those_who_need_it_only(checkout: Checkout) -> None:
    (checkout.folder / "grammar" / "half done.yaml").write_text("a: [")

    assert checkout.run()[1] == 3600


def test_what_is_shipped_and_kept_does_not_depend_on_the_day() -> None:
    assert json_bytes(yaml_files()) == json_bytes(yaml_files())


def test_json_holds_every_yaml_file_exactly() -> None:
    names = set(yaml_files())
    root = Path(__file__).parents[1]
    assert names == {path.relative_to(root).as_posix() for folder in ("grammar", "rules") for path in (root / folder).rglob("*.yaml")}
