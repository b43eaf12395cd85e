"""What an agent names has to lie below the folder, whatever it is called and wherever links lead."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stratlint.agent.folder import Folder, Refusal


@pytest.fixture
def place(tmp_path: Path) -> Path:
    inside = tmp_path / "work"
    (inside / "docs").mkdir(parents=True)
    (inside / ".git").mkdir()
    (inside / "docs" / "plan.md").write_text("8 × 8 = 64\n")
    (inside / ".env").write_text("KEY=17\n")
    (tmp_path / "secret.md").write_text("8 × 8 = 65\n")
    (inside / "link.md").symlink_to(tmp_path / "secret.md")
    (inside / "up").symlink_to(tmp_path)
    (inside / "alias.md").symlink_to("docs/plan.md")
    os.mkfifo(inside / "pipe.md")
    return inside


@pytest.mark.parametrize("name", ["docs/plan.md", "./docs/../docs/plan.md", "alias.md", "{inside}/docs/plan.md"])
def test_files_below_are_found_by_any_name(name: str, place: Path) -> None:
    assert Folder(place).file(name.format(inside=place)) == "docs/plan.md"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../secret.md", "only files below"),
        ("{inside}/../secret.md", "only files below"),
        ("/etc/hostname", "only files below"),
        ("link.md", "only files below"),
        ("up/secret.md", "only files below"),
        (".", "only files below"),
        ("", "only files below"),
        (".env", "hidden"),
        ("docs", "is a directory"),
        ("pipe.md", "is a pipe"),
        ("gone.md", "no such file"),
        ("plan\0.md", "is not a path"),
        ("x" * 5_000, "too long"),
    ],
)
def test_everything_else_is_refused_in_words(name: str, why: str, place: Path) -> None:
    with pytest.raises(Refusal, match=why):
        Folder(place).file(name.format(inside=place))


@pytest.mark.parametrize("target", ["../out.yaml", "up/out.yaml", "docs", "alias.md", "/out.yaml"])
def test_nothing_is_written_elsewhere_or_through_links(target: str, place: Path) -> None:
    with pytest.raises(Refusal):
        Folder(place).may_write(Path(target))


def test_a_new_file_in_a_new_folder_may_be_written(place: Path) -> None:
    assert Folder(place).may_write(Path(".stratlint/readings/docs/plan.md.yaml")) == place / ".stratlint/readings/docs/plan.md.yaml"


def test_readings_of_a_folder_in_a_repository_lie_in_the_repository(place: Path) -> None:
    assert Folder(place / "docs").may_write(place / ".stratlint/readings/x.yaml") == place / ".stratlint/readings/x.yaml"
    with pytest.raises(Refusal):
        Folder(place / "docs").may_write(place.parent / "x.yaml")
