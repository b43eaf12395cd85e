"""Renderers: one file a format, each with `render(report, options) -> str`.

To add a format, write that file and name it in `FORMATS`. Nothing is imported before it is rendered: a run that
prints JSON pays neither for rich nor for XML.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from stratlint.report.options import RenderOptions, RuleInfo

if TYPE_CHECKING:
    from stratlint.report.outcome import Report

__all__ = ["FORMATS", "Format", "RenderOptions", "RuleInfo", "render"]


@dataclass(frozen=True, slots=True)
class Format:
    """A format and the module that renders it. `human`: read by people, so it carries the summary itself."""

    name: str
    summary: str
    human: bool = False

    def render(self, report: Report, options: RenderOptions) -> str:
        """The report in this format; ends with a newline unless it is empty."""
        module = import_module(f"{__name__}.{self.name}")
        return cast("Callable[[Report, RenderOptions], str]", module.render)(report, options)


_ALL = (
    Format("full", "source lines, the computation, the readings tried (default in files and pipes)", human=True),
    Format("concise", "one line a finding: path:line:col: severity[rule] message", human=True),
    Format("grouped", "one short line a finding, under its document (default on a terminal)", human=True),
    Format("json", "one JSON object with coverage, findings and errors per document"),
    Format("jsonl", "one JSON line a finding"),
    Format("sarif", "SARIF 2.1.0, for code scanning"),
    Format("github", "GitHub Actions: text, then workflow commands that annotate", human=True),
    Format("rdjson", "reviewdog diagnostic format, one object"),
    Format("rdjsonl", "reviewdog diagnostic format, one line a finding"),
    Format("gitlab", "GitLab code quality report"),
    Format("junit", "JUnit XML, one test case a claim"),
    Format("checkstyle", "Checkstyle XML"),
    Format("markdown", "Markdown tables, for step summaries and comments", human=True),
    Format("prompt", "instructions for whoever rewrites the page: findings and open questions", human=True),
    Format("html", "the documents as one page, every claim coloured"),
)

FORMATS: Mapping[str, Format] = MappingProxyType({each.name: each for each in _ALL})


def render(format_name: str, report: Report, options: RenderOptions) -> str:
    """The report in the named format. Raises `KeyError` for a name that is not in `FORMATS`."""
    return FORMATS[format_name].render(report, options)
