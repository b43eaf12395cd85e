"""What the configuration and the document's own comments make of raw findings: selection, severity, suppressions."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import compress

from stratlint.config.selection import active_rules, families_of, severity_of
from stratlint.config.settings import Settings
from stratlint.report.narrowing import narrowed
from stratlint.report.outcome import DocumentReport
from stratlint.report.suppression import judge
from stratlint.report.waiver import waive
from stratlint.rules.finding import Finding


@dataclass(frozen=True, slots=True)
class Settled:
    """A document's report as it stands, what was silenced, and the waivers that did some of it."""

    report: DocumentReport
    suppressed: tuple[Finding, ...] = ()
    waived: tuple[Finding, ...] = ()
    waivers_used: tuple[str, ...] = ()


def settle(report: DocumentReport, settings: Settings, families: Mapping[str, str], today: date) -> Settled:
    """Apply *settings* to the findings of one document. *families* maps every loaded rule to its family."""
    if report.document is None:
        return Settled(report)
    known = families_of(families)
    active = active_rules(settings, report.path, known)
    findings = report.findings
    selected = [finding.rule in active or finding.rule not in known for finding in findings]
    waived, used = waive(report.path, findings, selected, settings, today)
    standing = [chosen and not gone for chosen, gone in zip(selected, waived, strict=True)]
    asked = list(compress(findings, standing))
    silenced, about = judge(report.document, asked, known.keys(), settings, active)
    verdicts = iter(silenced)
    kept = [
        _ranked(finding, settings, known) if stands and not next(verdicts) else None
        for finding, stands in zip(findings, standing, strict=True)
    ]
    added = [_ranked(finding, settings, known) for finding in about]
    return Settled(
        narrowed(report, kept, added), tuple(compress(asked, silenced)), tuple(compress(findings, waived)), used
    )


def _ranked(finding: Finding, settings: Settings, families: Mapping[str, str]) -> Finding:
    severity = severity_of(settings, finding.rule, families.get(finding.rule, ""), finding.severity)
    return finding if severity is finding.severity else replace(finding, severity=severity)
