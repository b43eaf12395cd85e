"""The GitHub of `github_state` on a port of 127.0.0.1, with the OpenAPI description as its judge."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import github_contract as contract
from github_state import NUMBER, REPOSITORY, TOKEN, Fault, GitHub, Problem, Seen

__all__ = ["NUMBER", "REPOSITORY", "TOKEN", "Fault", "GitHub", "Handler", "Server"]


class Server:
    """It, on a port."""

    def __init__(self, github: GitHub) -> None:
        self.github = github
        handler = type("Handler", (Handler,), {"github": github})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class Handler(BaseHTTPRequestHandler):
    github: GitHub
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length)
        url = urlsplit(self.path)
        body = json.loads(raw) if raw else None
        seen = Seen(self.command, url.path, dict(parse_qsl(url.query)), body, dict(self.headers.items()))
        self.github.seen.append(seen)
        try:
            self._reply(seen, bool(raw))
        except Problem as problem:
            self._write(
                problem.status,
                {
                    "message": str(problem),
                    "documentation_url": "https://docs.github.com/rest",
                    **({"errors": list(problem.errors)} if problem.errors else {}),
                },
            )

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815

    def _reply(self, seen: Seen, has_body: bool) -> None:
        github = self.github
        operation = contract.find(seen.method, seen.path)
        if operation is None:
            github.violations.append(f"{seen.method} {seen.path}: no such operation")
            raise Problem(404, "Not Found")
        github.violations += contract.violations(operation, seen.query, seen.body, has_body)
        headers = {name.lower(): value for name, value in seen.headers.items()}
        if "user-agent" not in headers or "application/vnd.github" not in headers.get("accept", ""):
            github.violations.append(f"{seen.method} {seen.path}: no user agent or media type")
        given = headers.get("authorization")
        if given is not None and given not in (f"token {TOKEN}", f"Bearer {TOKEN}"):
            raise Problem(401, "Bad credentials")
        if given is None and seen.method != "GET":
            raise Problem(401, "Requires authentication")
        fault = self._fault(seen)
        if fault is not None:
            if fault.after:
                github.answer(operation, seen)
            if fault.status == 0:
                self.close_connection = True
                self.connection.close()
                return
            self._write(fault.status, {"message": fault.message}, fault.headers)
            return
        if headers["accept"] == "application/vnd.github.diff":
            self._write_text(github.diff())
            return
        self._checked(operation, seen, *github.answer(operation, seen))

    def _checked(self, operation: contract.Operation, seen: Seen, status: int, data: Any) -> None:
        schema = contract.answer_schema(operation, status)
        headers = {}
        if isinstance(data, list):
            size, page = int(seen.query.get("per_page", 30)), int(seen.query.get("page", 1))
            if page * size < len(data):
                headers["Link"] = f'<{seen.path}?page={page + 1}&per_page={size}>; rel="next"'
            data = data[(page - 1) * size : page * size]
        if schema is not None:
            self.github.violations += [f"answer to {seen.path}: {each}" for each in contract.errors(schema, data)]
        self._write(status, data, headers)

    def _fault(self, seen: Seen) -> Fault | None:
        for fault in self.github.faults:
            if fault.times and fault.method == seen.method and re.search(fault.path, seen.path):
                fault.times -= 1
                return fault
        return None

    def _write(self, status: int, data: Any, headers: dict[str, str] | None = None) -> None:
        payload = b"" if data is None else json.dumps(data).encode()
        self._send(status, payload, "application/json; charset=utf-8", headers or {})

    def _write_text(self, text: str) -> None:
        self._send(200, text.encode(), "application/vnd.github.diff; charset=utf-8", {})

    def _send(self, status: int, payload: bytes, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, **headers}.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *arguments: object) -> None:
        """Nothing on the terminal."""
