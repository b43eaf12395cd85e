"""What a run wants from its renderers: looks, verbosity and the rule pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """The page of a rule, as far as formats show it. `severity` is the rule's default: error, warning or info.

    `help_uri` is its page on the web, `file_uri` the file on this machine that it stands in; "" for none.
    """

    name: str
    summary: str = ""
    why: str = ""
    help_uri: str = ""
    severity: str = "error"
    file_uri: str = ""

    @property
    def web(self) -> str:
        """Its page on the web, "" for none that can be shown as it is."""
        plain = self.help_uri.startswith(("https://", "http://")) and self.help_uri.isprintable() and " " not in self.help_uri
        return self.help_uri if plain else ""

    @property
    def link(self) -> str:
        """Where its name leads to on a terminal of this machine: a rule without a page on the web still has the file it can be read in."""
        return self.web or self.file_uri


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """Choices of one rendering. Renderers are pure: everything they may depend on is here or in the report.

    `color` and `hyperlinks` are decided by the caller (it knows the terminal, `NO_COLOR` and `--color`). `width`
    bounds the source excerpts; with `wrap` (on a terminal) messages are wrapped to it, too, in files and pipes they are whole.
    `quiet` leaves the summary out of the text formats; `verbose` adds notes and every reason for not checking. `base`
    is the absolute directory that machine formats make paths relative to (the repository), `directory` the absolute one
    that relative paths start from (where the run started); with both empty, relative paths stay as they are. `silenced`:
    SARIF carries the findings that somebody accepted, and those that a change only touches, too.
    """

    color: bool = False
    width: int = 120
    wrap: bool = False
    hyperlinks: bool = False
    verbose: bool = False
    quiet: bool = False
    statistics: bool = False
    version: str = "0"
    rules: Mapping[str, RuleInfo] = field(default_factory=dict)
    base: str = ""
    directory: str = ""
    silenced: bool = True

    @property
    def wrap_width(self) -> int:
        """How wide messages may be; 0 where they are not wrapped."""
        return self.width if self.wrap else 0

    def rule(self, name: str) -> RuleInfo:
        """The page of a rule; a bare one when it is not known."""
        return self.rules.get(name) or RuleInfo(name)
