"""The documentation site, built by `mkdocs build --strict` (`make site`): hand-written pages of docs/, and pages made here.

What is generated is made of the product itself when the site is built, and never kept: rules by what `stratlint explain` is made of, output
by running the commands, options by their schema, the gallery by the HTML format. mkdocs.yml names this file.
"""

from __future__ import annotations

import re
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from commands import executed
from evidence import power, tried
from mkdocs.structure.files import File, Files
from repository_pages import MOVED, configuration_page, families_table, formats_page, gallery, readme_pages, relinked
from rule_pages import by_family, rule_index, rule_page
from scenes import SCENES

from stratlint.rules.registry import load_rules

ROOT = Path(__file__).resolve().parents[2]
_URLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
_COPIED = {"measured.md": "docs/README.md", "contributing.md": "CONTRIBUTING.md", "changelog.md": "CHANGELOG.md"}


def on_config(config: Any) -> Any:
    """The addresses of pyproject.toml, every rule in the navigation, and pages of docs/ that the navigation does not name at its end."""
    config["site_url"] = _URLS["Documentation"]
    config["nav"] = [_with_rules(entry) for entry in config["nav"]]
    named = set(re.findall(r"[\w./-]+\.md", str(config["nav"])))
    more = sorted(path.name for path in (ROOT / "docs").glob("*.md") if path.name != "README.md" and path.name not in named)
    if more:
        config["nav"].append({"More": more})
    # A link, and not the theme's button, which asks the repository's host for its stars.
    config["nav"].append({"Repository": _URLS["Repository"]})
    return config


def _with_rules(entry: Any) -> Any:
    if not isinstance(entry, dict) or "Rules" not in entry:
        return entry
    families = [{family: [{name: f"rules/{name}.md"} for name in names]} for family, names in by_family().items()]
    return {"Rules": ["rules/index.md", *families]}


def on_files(files: Files, config: Any) -> Files:
    """Add what is made here."""
    seen, measured = tried(), power()
    made = dict(readme_pages())
    made |= {name: (ROOT / source).read_text(encoding="utf-8") for name, source in _COPIED.items()}
    made |= {"rules/index.md": rule_index(), "configuration.md": configuration_page(), "formats.md": formats_page()}
    made |= {f"rules/{rule.name}.md": rule_page(rule, seen.get(rule.name, ()), measured.get(rule.name)) for rule in load_rules()}
    made |= dict(gallery(config["site_url"]))
    for name, content in made.items():
        files.append(File.generated(config, name, content=content))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Run the commands of a hand-written page, put in what a comment asks for, and lead links into the repository to the site's pages."""
    name = page.file.src_uri
    scene = page.meta.get("scene")
    if scene:
        with tempfile.TemporaryDirectory() as folder:
            SCENES[scene](Path(folder))
            markdown = executed(markdown, Path(folder))
    markdown = markdown.replace("<!-- families -->", families_table())
    pages = frozenset(file.src_uri for file in files.documentation_pages())
    source = _COPIED.get(name, "")
    if source and "/" not in source:  # its relative links are those of a file at the top
        markdown = re.sub(r"\]\((?!https?:|#|mailto:)([^)\s]+)\)", rf"]({_URLS['Repository']}/blob/main/\1)", markdown)
    return relinked(markdown, name, _URLS["Repository"], pages | set(MOVED.values()))
