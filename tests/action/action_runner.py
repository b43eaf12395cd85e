"""Run the steps of a composite action as GitHub's runner does, as far as `action.yml` uses it.

`uses:` steps are skipped; of expressions only names (`inputs.x`, `github.x`, `steps.x.outputs.y`) and `==`, `!=` with a
literal are known: anything cleverer in `action.yml` should be a reason to think again.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_CONDITION = re.compile(r"([\w.-]+)\s*(==|!=)\s*'([^']*)'")


@dataclass
class Outcome:
    """What the steps left behind."""

    code: int = 0
    log: str = ""
    summary: str = ""
    steps: dict[str, dict[str, str]] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    ran: list[str] = field(default_factory=list)


class Runner:
    """An action in *folder*, run in *workspace*."""

    def __init__(self, folder: Path, workspace: Path, temp: Path, environment: dict[str, str], base: str = "") -> None:
        self.spec: dict[str, Any] = yaml.safe_load((folder / "action.yml").read_text("utf-8"))
        self._folder = folder
        self._workspace = workspace
        self._temp = temp
        self._environment = environment
        self._base = base

    def run(self, inputs: dict[str, str], token: str = "", done: dict[str, dict[str, str]] | None = None) -> Outcome:
        """All steps; those in *done* are not run again, but have these outputs."""
        unknown = set(inputs) - set(self.spec["inputs"])
        assert not unknown, unknown
        outcome = Outcome(steps=dict(done or {}))
        context = {"github.action_path": str(self._folder), "github.token": token, "github.event.pull_request.base.sha": self._base}
        for name, declared in self.spec["inputs"].items():
            default = self._filled(str(declared.get("default", "")), context, outcome)
            context[f"inputs.{name}"] = inputs.get(name, default)
        for step in self.spec["runs"]["steps"]:
            if outcome.code or "uses" in step or step.get("id") in (done or {}):
                continue
            if self._holds(step.get("if"), context, outcome):
                self._step(step, context, outcome)
        for name, declared in self.spec["outputs"].items():
            outcome.outputs[name] = self._filled(declared["value"], context, outcome)
        summary = self._temp / "summary"
        outcome.summary = summary.read_text("utf-8", "replace") if summary.exists() else ""
        return outcome

    def _step(self, step: dict[str, Any], context: dict[str, str], outcome: Outcome) -> None:
        output, script = self._temp / "output", self._temp / "step.sh"
        output.write_text("")
        script.write_text(self._filled(step["run"], context, outcome), "utf-8")
        folder = self._workspace / self._filled(step.get("working-directory", "."), context, outcome)
        environment = {
            **self._environment,
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(self._temp / "summary"),
            "GITHUB_WORKSPACE": str(self._workspace),
            "RUNNER_TEMP": str(self._temp),
            "GITHUB_ACTIONS": "true",
            "CI": "true",
            **{name: self._filled(str(value), context, outcome) for name, value in step.get("env", {}).items()},
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=600,
            check=False,
        )
        outcome.code = done.returncode
        outcome.log += done.stdout.decode("utf-8", "replace")
        outcome.ran.append(step["name"])
        if "id" in step:
            outcome.steps[step["id"]] = _outputs(output.read_text("utf-8"))

    def _holds(self, condition: str | None, context: dict[str, str], outcome: Outcome) -> bool:
        if condition is None:
            return True
        match = _CONDITION.fullmatch(condition)
        assert match, condition
        return (self._value(match[1], context, outcome) == match[3]) == (match[2] == "==")

    def _filled(self, text: str, context: dict[str, str], outcome: Outcome) -> str:
        return _EXPRESSION.sub(lambda match: self._value(match[1], context, outcome), text)

    def _value(self, name: str, context: dict[str, str], outcome: Outcome) -> str:
        step = re.fullmatch(r"steps\.([\w-]+)\.outputs\.([\w-]+)", name)
        if step:
            return outcome.steps.get(step[1], {}).get(step[2], "")
        return context[name]


def _outputs(text: str) -> dict[str, str]:
    found = {}
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        assert equals and name not in found, f"an output that GitHub refuses or that somebody smuggled in: {line!r}"
        found[name] = value
    return found
