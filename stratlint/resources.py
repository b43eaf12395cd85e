"""Where the knowledge lives: `grammar/` and `rules/`, whether run from a checkout, installed editable or from a wheel.

People edit both as YAML; reading that takes a fifth of a short run, JSON a hundredth. `compiled.json` in either folder
keeps each file's content next to the digest of the text it was made from: a file that was edited since is read as YAML
again, and a test asks for `python -m stratlint.resources`, which writes both.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parent
_FOLDERS = ("grammar", "rules")
_FILE = "compiled.json"


@cache
def data_folder(name: str) -> Path:
    """The folder *name* (`grammar` or `rules`).

    A wheel carries both inside the package; a checkout keeps them at the top level, where people edit them.

    Raises:
        FileNotFoundError: the installation is incomplete; the message names both places that were tried.
    """
    candidates = (_PACKAGE / "_data" / name, _PACKAGE.parent / name)
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


@cache
def _known() -> Mapping[Path, Mapping[str, Any]]:
    known: dict[Path, Mapping[str, Any]] = {}
    for folder in map(data_folder, _FOLDERS):
        file = folder / _FILE
        if file.is_file():
            known.update((folder / name, entry) for name, entry in json.loads(file.read_bytes()).items())
    return known


def compiled(folder: Path) -> str:
    """The JSON form of all YAML files below *folder*, one a line; those that JSON cannot hold exactly are left out."""
    rows = []
    for path in sorted(folder.rglob("*.yaml")):
        content = parse_yaml(path.read_bytes())
        if json.loads(json.dumps(content, default=str)) == content:
            entry = {"digest": _digest(path.read_bytes()), "content": content}
            rows.append(f"{json.dumps(path.relative_to(folder).as_posix())}: {json.dumps(entry, ensure_ascii=False)}")
    return "{\n" + ",\n".join(rows) + "\n}\n"


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


if __name__ == "__main__":
    for each in map(data_folder, _FOLDERS):
        (each / _FILE).write_text(compiled(each), encoding="utf-8")
