"""Pages made of what the repository has anyway: the README, CONTRIBUTING.md, the measurements, options, formats, fixtures."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from rule_pages import escaped

from stratlint.config.describe import schema, starter
from stratlint.config.settings import Settings
from stratlint.report import FORMATS
from stratlint.resources import data_folder

ROOT = Path(__file__).resolve().parents[2]
# Which sections of the README make which page; "" is what stands above the first.
README_PAGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "index.md": ("", ("", "Try it", "Use it", "What it does not do")),
    "editors.md": ("In your editor", ("In your editor",)),
    "readings.md": ("Readings by a model", ("A second reader",)),
    "agents.md": ("With an agent", ("With an agent: write, check, propose, mend",)),
    "writing-rules.md": ("Write a rule", ("Add a rule",)),
}
# Where a file of the repository went to on the site.
MOVED: Mapping[str, str] = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "docs/README.md": "measured.md",
}
_TYPES = {
    "boolean": "true or false",
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "array": "a list",
    "object": "a table",
}
_LONGEST_OUTPUT = 60
_ABOUT_CONFIGURATION = (
    "In `stratlint.toml`, `.stratlint.toml` or the table `[tool.stratlint]` of `pyproject.toml`. The nearest of them holds for a",
    "document; `extend` names one to start from. `stratlint config show` prints what holds and where each value comes from,",
    "`--config KEY=VALUE` sets one for a run, and `--isolated` ignores all of them. A mistake is an error with file, line and the",
    "nearest right name.",
)
_ABOUT_FORMATS = (
    "`--output-format NAME` chooses what standard output gets, `--report NAME=FILE` (repeatable) writes further formats to files.",
    "Each example is what the command makes of the page at the [start](index.md).",
)
_ABOUT_GALLERY = (
    "Documents of `fixtures/`, most of them wrong on purpose, as `stratlint check PLAN.md --report html=PLAN.html` shows them: the",
    "document itself, every number marked by what became of it, its derivation a click away. Each is one file that needs nothing",
    "from the network.",
)


class Unplaced(ValueError):  # noqa: N818 - what is wrong with the section
    """A section of the README that no page takes."""


def readme_pages() -> Iterator[tuple[str, str]]:
    """The README's sections as pages of their own (name, Markdown).

    Raises:
        Unplaced: it has a section that `README_PAGES` does not name, or lacks one that it does.
    """
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    parts = dict(zip(["", *(found[1] for found in _SECTION.finditer(text))], _SECTION.split(text)[::2], strict=True))
    named = {section for _, sections in README_PAGES.values() for section in sections}
    if parts.keys() != named:
        raise Unplaced(f"scripts/site/repository_pages.py does not place these sections of README.md: {sorted(parts.keys() ^ named)}")
    anchors = {_anchor(section): page for page, (_, sections) in README_PAGES.items() for section in sections if section}
    for page, (title, sections) in README_PAGES.items():
        body = "".join((f"## {section}" if section and not title else "") + parts[section] for section in sections)
        body = re.sub(r"\]\(#([\w-]+)\)", partial(_to_section, anchors=anchors, page=page), body)
        yield page, (f"# {title}\n{body}" if title else body)


_SECTION = re.compile(r"^## (.*)$", re.M)


def _to_section(found: re.Match[str], anchors: Mapping[str, str], page: str) -> str:
    target = anchors.get(found[1], page)
    alone = len(README_PAGES[target][1]) == 1
    return f"]({target if target != page or alone else ''}{'' if alone else f'#{found[1]}'})"


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def relinked(markdown: str, page: str, repository: str, pages: frozenset[str]) -> str:
    """Links to files of the repository, as pages of the site where they are some: absolute ones, and `../` out of docs/."""
    up = "../" * page.count("/")

    def link(found: re.Match[str]) -> str:
        path, _, anchor = found["path"].partition("#")
        target = MOVED.get(path) or path.removeprefix("docs/")
        if path not in MOVED and (not path.startswith("docs/") or target not in pages):
            return f"]({repository}/blob/main/{found['path']})"
        return f"]({up}{target}{'#' + anchor if anchor and path not in MOVED else ''})"

    markdown = re.sub(rf"\]\({re.escape(repository)}/blob/main/(?P<path>[^)\s]+)\)", link, markdown)
    return re.sub(r"\]\(\.\./(?P<path>[^)\s.][^)\s]*)\)", link, markdown) if "/" not in page else markdown


def configuration_page() -> str:
    """Every option from the configuration's own schema, with its default, and the starter file."""
    described = schema()
    lines = ["# Configuration", "", *_ABOUT_CONFIGURATION, ""]
    lines += ["## Options", "", *_options(described["properties"], Settings())]
    for key, option in described["properties"].items():
        inner = _inner(option)
        if inner:
            lines += [
                "",
                f"## {key}",
                "",
                escaped(_sentence(option.get("description", ""))),
                "",
                *_options(inner["properties"], getattr(Settings(), _field(key))),
            ]
    lines += ["", "## A file to start from", "", "What `stratlint config init` writes: everything is commented out.", ""]
    lines += ["```toml", starter().rstrip(), "```", ""]
    return "\n".join(lines)


def _inner(option: Mapping[str, Any]) -> Mapping[str, Any] | None:
    for each in (option, option.get("items"), option.get("additionalProperties")):
        if isinstance(each, dict) and "properties" in each:
            return each
    return None


def _options(properties: Mapping[str, Any], defaults: object) -> Iterator[str]:
    yield from ("| option | meaning | type | default |", "|---|---|---|---|")
    for key, option in properties.items():
        value = getattr(defaults, _field(key), None)
        shown = "" if value in (None, "", (), {}) or hasattr(value, "__dataclass_fields__") else f"`{_toml(value)}`"
        name = f"[`{key}`](#{key})" if _inner(option) else f"`{key}`"
        yield f"| {name} | {escaped(_sentence(option.get('description', '')))} | {_type(option)} | {shown} |"


def _type(option: Mapping[str, Any]) -> str:
    if "enum" in option:
        return ", ".join(f"`{each}`" for each in option["enum"])
    kinds = option.get("type", "")
    words = " or ".join(_TYPES.get(each, each) for each in (kinds if isinstance(kinds, list) else [kinds]))
    items = option.get("items", {})
    return f"{words} of {_type(items)}" if "enum" in items else words


def _field(key: str) -> str:
    return key.replace("-", "_")


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(json.dumps(each) for each in value) + "]"
    return json.dumps(value) if isinstance(value, (str, int)) else f"{value:g}" if isinstance(value, float) else str(value)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith(".") or not text else ".")


def formats_page() -> str:
    """Every format, with what it makes of the README's example."""
    example = re.search(r"^```markdown\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.S | re.M)
    assert example is not None
    lines = ["# Output formats", "", *_ABOUT_FORMATS, "", "| format | |", "|---|---|"]
    lines += [*(f"| [`{each.name}`](#{each.name}) | {escaped(each.summary)} |" for each in FORMATS.values()), ""]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "plan.md").write_text(example[1], encoding="utf-8")
        reports = [part for name in FORMATS for part in ("--report", f"{name}={name}.out")]
        _stratlint(["check", "plan.md", "--isolated", "--exit-zero", "--quiet", *reports], folder)
        for each in FORMATS.values():
            lines += [f"## {each.name}", "", escaped(_sentence(each.summary)), ""]
            if each.name == "html":
                lines += ["The [gallery](gallery/index.md) has some.", ""]
                continue
            output = Path(folder, f"{each.name}.out").read_text(encoding="utf-8").rstrip().splitlines()
            shown = [*output[:_LONGEST_OUTPUT], "…"] if len(output) > _LONGEST_OUTPUT else output
            lines += ["````text", *shown, "````", ""]
    return "\n".join(lines)


def gallery(site: str) -> Iterator[tuple[str, str]]:
    """The documents of `fixtures/` as the product's own pages, and the page that shows them (name, content)."""
    lines = ["# Gallery", "", *_ABOUT_GALLERY, ""]
    for path in sorted((ROOT / "fixtures").glob("*.md"), key=lambda path: (not _title(path).isascii(), path.name)):
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder, "page.html")
            options = [
                "--isolated",
                "--exit-zero",
                "--config",
                f'rule-pages="{site}rules/{{rule}}/"',
                "--output-format",
                "json",
                "--report",
                f"html={page}",
            ]
            found = json.loads(_stratlint(["check", f"fixtures/{path.name}", *options], str(ROOT)))
            yield f"gallery/{path.stem}.html", page.read_text(encoding="utf-8")
        (document,) = found["documents"]
        rules = sorted({finding["rule"] for finding in document["findings"]})
        said = ", ".join(f"[{rule}](../rules/{rule}.md)" for rule in rules) or "nothing is wrong"
        lines += [f"## {escaped(_title(path))}", "", f"[Open the page]({path.stem}.html) · found: {said}", ""]
        lines += [f'<iframe class="page" src="{path.stem}.html" title="{path.stem}" loading="lazy"></iframe>', ""]
    yield "gallery/index.md", "\n".join(lines)


def _title(path: Path) -> str:
    """The first heading of a document, or its name."""
    return next((line.lstrip("# ") for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("# ")), path.stem)


def families_table() -> str:
    """The families of laws with what backs them and how grave they are, from `rules/judge/families.yaml`."""
    families = yaml.safe_load((data_folder("rules") / "judge" / "families.yaml").read_text(encoding="utf-8"))["families"]
    text = (data_folder("rules") / "judge" / "families.yaml").read_text(encoding="utf-8")
    said = dict(re.findall(r"^  ([\w-]+): \{.*?\} *# (.*)$", text, re.M))
    rows = [f"| `{name}` | {entry['strength']} | {entry['severity']} | {escaped(said.get(name, ''))} |" for name, entry in families.items()]
    return "\n".join(("| family | it is | refuted, it is | for example |", "|---|---|---|---|", *rows))


def _stratlint(arguments: list[str], folder: str) -> str:
    done = subprocess.run([sys.executable, "-m", "stratlint", *arguments], cwd=folder, capture_output=True, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(f"stratlint {' '.join(arguments)}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout
