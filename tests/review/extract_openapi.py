"""Cut the few operations that the review bot uses out of GitHub's OpenAPI description.

    npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz
    python tests/review/extract_openapi.py package/generated/api.github.com.json

Source: https://github.com/octokit/openapi (MIT, Copyright (c) 2020 Octokit contributors), made from
https://github.com/github/rest-api-description (MIT, Copyright (c) 2020 GitHub). The whole description has 12 MB; kept
are the operations below with the schemas that they reach, without prose and examples. `nullable`, which JSON Schema
does not know, becomes a union with null. Nothing else is changed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

OUT = Path(__file__).with_name("github-openapi.json")
REPOSITORY = "/repos/{owner}/{repo}"
OPERATIONS = {
    "/user": ["get"],
    f"{REPOSITORY}/compare/{{basehead}}": ["get"],
    f"{REPOSITORY}/contents/{{path}}": ["get"],
    f"{REPOSITORY}/git/blobs/{{file_sha}}": ["get"],
    f"{REPOSITORY}/pulls/comments/{{comment_id}}": ["patch", "delete"],
    f"{REPOSITORY}/pulls/{{pull_number}}": ["get"],
    f"{REPOSITORY}/pulls/{{pull_number}}/comments": ["get", "post"],
    f"{REPOSITORY}/pulls/{{pull_number}}/files": ["get"],
    f"{REPOSITORY}/pulls/{{pull_number}}/reviews": ["get", "post"],
    f"{REPOSITORY}/pulls/{{pull_number}}/reviews/{{review_id}}": ["put"],
}
STATUSES = {"200", "201", "204", "403", "404", "422"}


def trimmed(node: Any, names: bool = False) -> Any:
    """Without prose. *names*: the keys are names of properties, not keywords."""
    if isinstance(node, list):
        return [trimmed(each) for each in node]
    if not isinstance(node, dict):
        return node
    if names:
        return {name: trimmed(each) for name, each in node.items()}
    kept = {
        key: trimmed(value, names=key in ("properties", "patternProperties", "responses", "content", "schemas"))
        for key, value in node.items()
        if not (
            key
            in (
                "description",
                "example",
                "examples",
                "externalDocs",
                "title",
                "summary",
                "tags",
                "nullable",
                "operationId",
                "deprecated",
                "headers",
                "default",
            )
            or key.startswith("x-")
        )
    }
    if node.get("nullable"):
        return {"anyOf": [kept, {"type": "null"}]}
    return kept


def resolved(whole: Any, reference: str) -> Any:
    """What a local reference names."""
    for part in reference.removeprefix("#/").split("/"):
        whole = whole[part.replace("~1", "/").replace("~0", "~")]
    return whole


def references(node: Any) -> set[str]:
    """All references in it."""
    if isinstance(node, list):
        return {found for each in node for found in references(each)}
    if not isinstance(node, dict):
        return set()
    own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
    return own | {found for each in node.values() for found in references(each)}


def extract(whole: Any) -> dict[str, Any]:
    """The operations and what they reach."""
    paths: dict[str, Any] = {}
    for path, methods in OPERATIONS.items():
        entry = whole["paths"][path]
        paths[path] = {}
        for method in methods:
            operation = {key: entry[method][key] for key in ("parameters", "requestBody") if key in entry[method]}
            operation["parameters"] = [*entry.get("parameters", []), *operation.get("parameters", [])]
            operation["responses"] = {status: answer for status, answer in entry[method]["responses"].items() if status in STATUSES}
            paths[path][method] = trimmed(operation)
    components: dict[str, Any] = {}
    todo = references(paths)
    seen: set[str] = set()
    while todo:
        reference = todo.pop()
        if reference in seen:
            continue
        seen.add(reference)
        found = trimmed(resolved(whole, reference))
        _, _, kind, name = reference.split("/")
        components.setdefault(kind, {})[name] = found
        todo |= references(found)
    ordered = {kind: dict(sorted(entries.items())) for kind, entries in sorted(components.items())}
    note = {"source": "@octokit/openapi " + whole["info"]["version"], "licence": "MIT, see extract_openapi.py"}
    return {"openapi": whole["openapi"], "info": note, "paths": paths, "components": ordered}


if __name__ == "__main__":
    description = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    OUT.write_text(json.dumps(extract(description), separators=(",", ":"), sort_keys=False) + "\n", "utf-8")
    print(f"{OUT}: {OUT.stat().st_size:,} bytes")
