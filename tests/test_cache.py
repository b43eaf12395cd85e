"""What is kept between runs: private to the user, whole or not there, and never in the way."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from stratlint.cache import keep, kept

KEY = "0123456789abcdef"


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def files(base: Path) -> list[Path]:
    return sorted(path for path in base.rglob("*") if path.is_file())


def test_it_comes_back_under_its_name_and_key_only(base: Path) -> None:
    keep("units", KEY, b"{}\nmore")

    assert kept("units", KEY) == b"{}\nmore"
    assert kept("units", "another") is None
    assert kept("yaml", KEY) is None


def test_nobody_else_may_look_into_the_folder(base: Path) -> None:
    keep("units", KEY, b"{}")
    assert stat.S_IMODE((base / "stratlint").stat().st_mode) == 0o700

    (base / "stratlint").chmod(0o755)
    assert kept("units", KEY) == b"{}"
    assert stat.S_IMODE((base / "stratlint").stat().st_mode) == 0o700


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702])
def test_a_folder_that_others_can_write_to_is_not_used(base: Path, mode: int) -> None:
    keep("units", KEY, b"{}")
    (base / "stratlint").chmod(mode)

    assert kept("units", KEY) is None
    keep("units", "another", b"{}")
    assert len(files(base)) == 1


def test_another_user_s_folder_is_not_used(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep("units", KEY, b"{}")
    monkeypatch.setattr(os, "geteuid", lambda: 12345)

    assert kept("units", KEY) is None


def test_a_link_to_a_folder_is_not_followed(base: Path) -> None:
    (base / "elsewhere").mkdir(0o700)
    (base / "stratlint").symlink_to(base / "elsewhere")
    keep("units", KEY, b"{}")

    assert kept("units", KEY) is None
    assert files(base) == []


@pytest.mark.parametrize("damage", [b"", b"\n", b"{}", b"\x00" * 40, b"0" * 32 + b"\n{}"])
def test_a_damaged_file_is_none_and_is_replaced(base: Path, damage: bytes) -> None:
    keep("units", KEY, b'{"a": 1}')
    (only,) = files(base)
    only.write_bytes(damage)

    assert kept("units", KEY) is None
    keep("units", KEY, b'{"a": 1}')
    assert kept("units", KEY) == b'{"a": 1}'


def test_one_changed_or_missing_byte_is_damage(base: Path) -> None:
    keep("units", KEY, b'{"a": 1}')
    (only,) = files(base)
    whole = only.read_bytes()
    for at in range(len(whole)):
        only.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert kept("units", KEY) is None
        only.write_bytes(whole[:at])
        assert kept("units", KEY) is None


def test_a_place_that_cannot_be_used_is_no_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"")
    for place in (tmp_path / "file", Path("/dev/null"), tmp_path / "file" / "below", tmp_path / ("x" * 300)):
        monkeypatch.setenv("XDG_CACHE_HOME", str(place))
        keep("units", KEY, b"{}")
        assert kept("units", KEY) is None


def test_a_write_that_fails_leaves_nothing_behind(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", full)
    keep("units", KEY, b"{}")

    assert files(base) == []


def test_without_a_home_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("no home directory")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    keep("units", KEY, b"{}")

    assert kept("units", KEY) is None


def test_a_relative_place_is_not_taken_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache below whatever folder happens to be the working directory would be anybody's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    keep("units", KEY, b"{}")

    assert not (tmp_path / "here").exists()
    assert [path.parent for path in files(tmp_path)] == [tmp_path / "home" / ".cache" / "stratlint"]


def test_old_values_go(base: Path) -> None:
    keep("yaml", KEY, b"{}")
    for number in range(9):
        keep("units", f"{number:016}", b"{}")
        newest = max(files(base), key=lambda path: path.stat().st_mtime_ns)
        os.utime(newest, (number, number))

    assert kept("units", f"{8:016}") == b"{}"
    assert kept("units", f"{0:016}") is None
    assert kept("yaml", KEY) == b"{}"
    assert len(files(base)) == 5
