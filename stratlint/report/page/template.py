"""The page's templates and what they read: everything that goes into one is escaped, but for markup that our own code has made."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from stratlint.report.page.escape import attribute, plural, text


def rendered(name: str, **values: Any) -> str:
    """The template *name* with *values*. A string among them is shown as it is; a `Markup` is put in as it is."""
    return _environment().get_template(name).render(values)


@cache
def asset(name: str) -> str:
    """A file of this folder, with LF line ends: the policy's hashes are over exactly these characters."""
    content = files("stratlint.report.page").joinpath(name).read_text(encoding="utf-8")
    return content.replace("\r\n", "\n")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FunctionLoader(asset),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["boxed"] = _boxed
    made.filters["thousands"] = "{:,}".format
    made.globals["plural"] = plural
    return made


def _finalized(value: Any) -> Any:
    """What stands in `{{ }}`: safe in an element and in a quoted attribute, with what could mislead made visible."""
    return value if isinstance(value, Markup) else Markup(attribute(str(value)))


def _boxed(value: str) -> Markup:
    """*value* as element content: misleading characters stand out as small boxes."""
    return Markup(text(value))
