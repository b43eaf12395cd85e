"""Every error on documents that nobody prepared has been read and judged by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import stratlint

FILES = Path(__file__).parents[2].parent / "shared" / "bench" / "real" / "files"
JUDGED = yaml.safe_load((Path(__file__).parent / "judgements.yaml").read_text(encoding="utf-8"))
KEY = {(entry["file"], entry["line"], entry["rule"]): entry["judgement"] for entry in JUDGED}


def test_at_least_95_percent_of_the_judged_errors_are_true() -> None:
    """The precision that users are promised, over everything that was read."""
    judgements = [entry["judgement"] for entry in JUDGED]

    assert set(judgements) <= {"true", "false", "undecidable", True, False}
    assert sum(judgement in ("true", True) for judgement in judgements) >= 0.95 * len(judgements)


@pytest.mark.skipif(not FILES.is_dir(), reason="needs ../shared/bench/real beside the checkout")
@pytest.mark.parametrize("name", sorted({entry["file"] for entry in JUDGED}))
def test_no_error_that_nobody_has_read(name: str) -> None:
    """A new error on one of these documents must be judged before it lands; a judged one may disappear."""
    findings = stratlint.check(FILES / name).errors

    unread = [(f.location.line, f.rule, f.message) for f in findings if (name, f.location.line, f.rule) not in KEY]

    assert unread == []
