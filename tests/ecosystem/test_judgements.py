"""Every error on documents that nobody prepared has been read and judged by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import stratlint

FILES = Path(__file__).parents[2].parent / "shared" / "bench" / "real" / "files"
JUDGED = yaml.safe_load((Path(__file__).parent / "judgements.yaml").read_text(encoding="utf-8"))


def test_at_least_95_percent_of_the_judged_errors_are_true() -> None:
    """The precision that users are promised, over everything that was read."""
    judgements = [entry["judgement"] for lines in JUDGED.values() for entry in lines.values()]

    assert set(judgements) <= {True, False, "undecidable"}
    assert judgements.count(True) >= 0.95 * len(judgements)


def test_every_judgement_can_be_redone() -> None:
    assert [(file, line) for file, lines in JUDGED.items() for line, entry in lines.items() if not entry["why"]] == []


@pytest.mark.skipif(not FILES.is_dir(), reason="no ../shared beside the checkout")
@pytest.mark.parametrize("name", sorted(JUDGED))
def test_no_error_that_nobody_has_read(name: str) -> None:
    """A new error on one of these documents must be judged before it lands; a judged one may disappear, or go by another name."""
    findings = stratlint.check(FILES / name).errors

    unread = [(f.location.line, f.rule, f.message) for f in findings if f.location.line not in JUDGED[name]]

    assert unread == []
