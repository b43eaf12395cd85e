"""Where the knowledge lives: `grammar/` and `rules/`, whether run from a checkout, installed editable or from a wheel.

People edit both as text, and what is made of it (YAML read, units computed by pint) costs more than a page takes to check. So it is
made once: a wheel carries it in `_data/compiled/`, from a checkout it is kept in the user's cache folder under the digest of both
folders. An edit needs no step by hand, and a cache that cannot be used costs nothing but time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from stratlint.cache import keep, kept

_PACKAGE = Path(__file__).resolve().parent
_SHIPPED = _PACKAGE / "_data"
_FOLDERS = ("grammar", "rules")
_SUFFIXES = frozenset({".yaml", ".txt", ".lark"})


@cache
def data_folder(name: str) -> Path:
    """The folder *name* (`grammar` or `rules`).

    A wheel carries both inside the package; a checkout keeps them at the top level, where people edit them.

    Raises:
        FileNotFoundError: the installation is incomplete; the message names both places that were tried.
    """
    candidates = (_SHIPPED / name, _PACKAGE.parent / name)
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    tried = " nor ".join(str(candidate) for candidate in candidates)
    raise FileNotFoundError(f"stratlint's `{name}` folder is neither at {tried}; reinstall stratlint")


class NotYAMLError(ValueError):
    """A text that is no YAML; the message says where."""


def read_yaml(path: Path) -> Any:
    """What a YAML file says. The result may be shared: do not change it.

    Raises:
        OSError: it cannot be read.
        NotYAMLError: it is not YAML.
    """
    content = path.read_bytes()
    known = _known().get(path)
    if known is not None and known["digest"] == _digest(content):
        return known["content"]
    return parse_yaml(content)


def parse_yaml(content: bytes) -> Any:
    """The content of a YAML text, by the safe loader in C where there is one.

    Raises:
        NotYAMLError: it is not YAML.
    """
    import yaml  # 15 ms

    try:
        return yaml.load(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise NotYAMLError(str(error)) from error


def compiled(name: str, make: Callable[[], Any]) -> Any:
    """The JSON value that *make* computes from `grammar/` and `rules/` alone: shipped with the wheel, kept from before, or made now.

    *make* is asked again when one of these files, the module it stands in or the version of stratlint is another. The result may be
    shared: do not change it.
    """
    shipped = _SHIPPED / "compiled" / f"{name}.json"
    if shipped.is_file():
        return json.loads(shipped.read_bytes())
    key = _key(Path(make.__code__.co_filename))
    found = kept(name, key)
    if found is None:
        found = json_bytes(make())
        keep(name, key, found)
    return json.loads(found)


def json_bytes(value: Any) -> bytes:
    """*value* as compact JSON, one entry of the outermost mapping a line; the same bytes for the same value."""
    rows = (f"{json.dumps(key)}: {json.dumps(value[key], ensure_ascii=False, separators=(',', ':'))}" for key in sorted(value))
    return ("{\n" + ",\n".join(rows) + "\n}\n").encode()


def yaml_files() -> Mapping[str, Any]:
    """The content of all YAML files of both folders next to the digest of their text; those that JSON cannot hold exactly are left out."""
    out: dict[str, Any] = {}
    for folder in map(data_folder, _FOLDERS):
        for path in sorted(folder.rglob("*.yaml")):
            try:
                content = parse_yaml(text := path.read_bytes())
            except NotYAMLError:  # whoever reads this file will say so
                continue
            if json.loads(json.dumps(content, default=str)) == content:
                out[path.relative_to(folder.parent).as_posix()] = {"digest": _digest(text), "content": content}
    return out


@cache
def _known() -> Mapping[Path, Mapping[str, Any]]:
    above = data_folder(_FOLDERS[0]).parent
    return {above / name: entry for name, entry in compiled("yaml", yaml_files).items()}


def _key(module: Path) -> str:
    """What a kept value was made of: the version, both folders, and the code that made it."""
    from stratlint import __version__

    return _digest("\0".join([__version__, _digest(module.read_bytes()), _state_of_folders()]).encode())


@cache
def _state_of_folders() -> str:
    state = blake2b(digest_size=16)
    for folder in map(data_folder, _FOLDERS):
        for path in sorted(folder.rglob("*")):
            if path.suffix in _SUFFIXES and path.is_file():
                state.update(f"{path.relative_to(folder.parent).as_posix()}\0{_digest(path.read_bytes())}\0".encode())
    return state.hexdigest()


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()
