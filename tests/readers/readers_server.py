"""A server on this machine that answers chat completions as the published description of the API says, or as a broken one would."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-test-0"


@dataclass(frozen=True)
class Response:
    """What goes over the wire."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0


Answering = Callable[[dict[str, Any]], Response]


def completion(content: str | None, *, finish: str = "stop", refusal: str | None = None) -> Response:
    """A chat completion with one choice."""
    message = {"role": "assistant", "content": content, "refusal": refusal}
    body = {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1_700_000_000, "model": "some-model",
        "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200},
    }  # fmt: skip
    return Response(200, json.dumps(body).encode())


def error(status: int, message: str, *, param: str | None = None, **headers: str) -> Response:
    """An error in the API's form."""
    body = {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": None}}
    return Response(status, json.dumps(body).encode(), {key.replace("_", "-"): value for key, value in headers.items()})


class Server:
    """Answers each call with the next response, the last one for ever; `calls` and `times` hold what it was asked, and when."""

    def __init__(self, *responses: Response | Answering) -> None:
        self.calls: list[dict[str, Any]] = []
        self.times: list[float] = []
        self.violations: list[str] = []
        self._responses = responses
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["content-length"])))
                outer.violations += _violations(self.path, dict(self.headers.items()), request)
                outer.calls.append(request)
                outer.times.append(time.monotonic())
                chosen = outer._responses[min(len(outer.calls), len(outer._responses)) - 1]
                response = chosen if isinstance(chosen, Response) else chosen(request)
                time.sleep(response.delay)
                try:
                    self.send_response(response.status)
                    for name, value in {"content-type": "application/json", **response.headers}.items():
                        self.send_header(name, value)
                    self.send_header("content-length", str(len(response.body)))
                    self.end_headers()
                    self.wfile.write(response.body)
                except OSError:
                    pass  # the client did not wait

            def log_message(self, format: str, *args: object) -> None:
                """Silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        """What `--base-url` takes."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def page(self, call: int) -> str:
        """What was sent of the page."""
        text: str = self.calls[call]["messages"][-1]["content"]
        return text

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()


def _violations(path: str, headers: dict[str, str], request: dict[str, Any]) -> list[str]:
    """What of a request is not as the API's description wants it."""
    lower = {key.lower(): value for key, value in headers.items()}
    checks = {
        "path": path == "/v1/chat/completions",
        "authorization": lower.get("authorization") == f"Bearer {KEY}",
        "content type": lower.get("content-type") == "application/json",
        "model": isinstance(request.get("model"), str),
        "roles": [each.get("role") for each in request.get("messages", ())] == ["system", "user"],
        "contents": all(isinstance(each.get("content"), str) for each in request.get("messages", ())),
        "keys": set(request) <= {"model", "messages", "response_format", "max_completion_tokens"},
    }
    form = request.get("response_format")
    if form is not None:
        schema = form.get("json_schema", {})
        checks["response format"] = form.get("type") == "json_schema" and schema.get("name") == "readings" and schema.get("strict") is True
        checks["strict schema"] = _strict(schema.get("schema"))
    return [name for name, kept in checks.items() if not kept]


def _strict(schema: Any) -> bool:
    """Strict schemas require all properties and allow no others, everywhere."""
    if not isinstance(schema, dict):
        return True
    if schema.get("type") == "object":
        properties = schema.get("properties", {})
        if schema.get("additionalProperties") is not False or set(schema.get("required", ())) != set(properties):
            return False
        return all(map(_strict, properties.values()))
    return _strict(schema.get("items"))
