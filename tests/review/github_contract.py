"""GitHub's OpenAPI description as a judge of requests, and as a maker of answers that fit it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

DESCRIPTION = json.loads(Path(__file__).with_name("github-openapi.json").read_text("utf-8"))
_SAMPLES = {
    "string": "x",
    "integer": 1,
    "number": 1.0,
    "boolean": False,
    "null": None,
}
_FORMATS = {"date-time": "2026-01-01T00:00:00Z", "uri": "https://github.com/x", "date": "2026-01-01"}


@dataclass(frozen=True)
class Operation:
    """An operation of the description that a request names."""

    method: str
    template: str
    parameters: dict[str, str]
    spec: dict[str, Any]


def find(method: str, path: str) -> Operation | None:
    """The operation that a request is for; literal segments win over parameters."""
    found = []
    for template, methods in DESCRIPTION["paths"].items():
        pattern = re.sub(r"\\\{(\w+)\\\}", _segment, re.escape(template))
        match = re.fullmatch(pattern, path)
        if match and method.lower() in methods:
            found.append(Operation(method, template, match.groupdict(), methods[method.lower()]))
    return min(found, key=lambda each: len(each.parameters), default=None)


def violations(operation: Operation, query: dict[str, str], body: Any, has_body: bool) -> list[str]:
    """What the description does not allow about a request."""
    found = []
    declared = [resolve(each) for each in operation.spec["parameters"]]
    by_name = {(each["in"], each["name"]): each for each in declared}
    for name, value in operation.parameters.items():
        found += _parameter(by_name.get(("path", name)), name, value)
    for name, value in query.items():
        found += _parameter(by_name.get(("query", name)), name, value)
    found += [
        f"query {each['name']} is missing"
        for each in declared
        if each["in"] == "query" and each.get("required") and each["name"] not in query
    ]
    asked = operation.spec.get("requestBody")
    if has_body and asked is None:
        found.append("a body where none is described")
    if asked is not None and (has_body or asked.get("required")):
        schema = asked["content"]["application/json"]["schema"]
        found += errors(schema, body) + unknown(schema, body)
    return [f"{operation.method} {operation.template}: {each}" for each in found]


def answer_schema(operation: Operation, status: int) -> Any:
    """The schema of an answer; None for one without a body, KeyError for a status that is not described."""
    answer = resolve(operation.spec["responses"][str(status)])
    return answer.get("content", {}).get("application/json", {}).get("schema")


def errors(schema: Any, value: Any) -> list[str]:
    """What is wrong with *value*."""
    checker = Draft202012Validator({**schema, "components": DESCRIPTION["components"]})
    return [f"{each.json_path}: {each.message[:300]}" for each in checker.iter_errors(value)]


def unknown(schema: Any, value: Any, place: str = "body") -> list[str]:
    """Properties that the description does not know: the real API ignores them, which hides mistakes."""
    schema = resolve(schema)
    if isinstance(value, list):
        return [found for each in value for found in unknown(schema.get("items", {}), each, f"{place}[]")]
    if not isinstance(value, dict) or "properties" not in schema:
        return []
    known = schema["properties"]
    strangers = [f"{place}.{name} is not described" for name in value if name not in known]
    return strangers + [found for name, each in value.items() if name in known for found in unknown(known[name], each, f"{place}.{name}")]


def sample(schema: Any, **given: Any) -> Any:
    """The smallest value of a schema (by name or itself), with some properties *given*."""
    value = _sample({"$ref": f"#/components/schemas/{schema}"} if isinstance(schema, str) else schema)
    return {**value, **given} if given else value


def resolve(node: Any) -> Any:
    """Follow a local reference."""
    while isinstance(node, dict) and "$ref" in node:
        found: Any = DESCRIPTION
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def _segment(parameter: re.Match[str]) -> str:
    """A path may have slashes; no other parameter has."""
    return f"(?P<{parameter[1]}>.+)" if parameter[1] == "path" else f"(?P<{parameter[1]}>[^/]+)"


def _sample(schema: Any) -> Any:
    schema = resolve(schema)
    if "enum" in schema:
        return schema["enum"][0]
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            options = [resolve(each) for each in schema[choice]]
            return _sample(next((each for each in options if each.get("type") == "null"), options[0]))
    if "allOf" in schema:
        merged: dict[str, Any] = {}
        for each in schema["allOf"]:
            merged.update(_sample(each))
        return merged
    kind = schema.get("type", "object")
    if kind == "object" or "properties" in schema:
        return {name: _sample(schema["properties"][name]) for name in schema.get("required", ())}
    if kind == "array":
        return [_sample(schema["items"]) for _ in range(schema.get("minItems", 0))]
    if kind == "string":
        return _FORMATS.get(schema.get("format", ""), "x" * max(1, schema.get("minLength", 1)))
    return _SAMPLES[kind]


def _parameter(declared: dict[str, Any] | None, name: str, value: str) -> list[str]:
    if declared is None:
        return [f"parameter {name} is not described"]
    schema = declared["schema"]
    wanted: Any = int(value) if schema.get("type") == "integer" and re.fullmatch(r"-?\d+", value) else value
    return [f"parameter {name}: {each}" for each in errors(schema, wanted)]
