"""A model behind the OpenAI API or a compatible server, by the official client: its retries, time-outs and rate limits.

The key comes from the environment alone (`OPENAI_API_KEY`).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from stratlint.readers.reader import ReaderError, Reply, Request, Terms

if TYPE_CHECKING:
    from openai import OpenAI

_INSTALL = "this reader needs a client library: pip install 'stratlint[reader]'"
_KEY = "OPENAI_API_KEY"


class OpenAIReader:
    """Sends instructions and page as one chat and wants the answer by the schema; servers that know no schemas are asked without."""

    def __init__(self, model: str, terms: Terms) -> None:
        try:
            from openai import OpenAI
        except ImportError:
            raise ReaderError(_INSTALL, lasting=True) from None
        key = os.environ.get(_KEY, "")
        if not key and not terms.base_url and not os.environ.get("OPENAI_BASE_URL"):
            raise ReaderError(f"the environment has no {_KEY}", lasting=True)
        self._model = model
        self._key = key
        self._schema = True
        # A server of one's own asks for no key, but the client insists.
        self._client: OpenAI = OpenAI(
            api_key=key or "none", base_url=terms.base_url or None, timeout=terms.timeout, max_retries=terms.retries
        )

    @property
    def name(self) -> str:
        """As on the command line."""
        return f"openai:{self._model}"

    def read(self, request: Request) -> Reply:
        """Ask; once more without the schema where the server refuses it.

        Raises:
            ReaderError: there is no answer.
        """
        from openai import BadRequestError, UnprocessableEntityError

        try:
            return self._asked(request)
        except (BadRequestError, UnprocessableEntityError) as problem:
            if not self._schema or "response_format" not in str(problem):
                raise self._failed(str(problem)) from None
        self._schema = False
        return self._asked(request)

    def _asked(self, request: Request) -> Reply:
        from openai import (
            APIConnectionError,
            APIStatusError,
            APITimeoutError,
            BadRequestError,
            OpenAIError,
            RateLimitError,
            UnprocessableEntityError,
        )

        try:
            return self._reply(self._sent(request))
        except (BadRequestError, UnprocessableEntityError) as problem:
            if self._schema and "response_format" in str(problem):
                raise
            raise self._failed(str(problem)) from None
        except APITimeoutError:
            raise self._failed("no answer in time (--timeout)") from None
        except RateLimitError as problem:
            raise self._failed(f"too many requests, also after waiting: {problem}", lasting=True) from None
        except APIStatusError as problem:
            # Who may not ask, and what is not there, will be the same for the next page; a server in trouble may recover.
            raise self._failed(str(problem), lasting=problem.status_code in (401, 403, 404)) from None
        except APIConnectionError as problem:
            raise self._failed(f"cannot be reached: {problem.__cause__ or problem}", lasting=True) from None
        except OpenAIError as problem:
            raise self._failed(str(problem)) from None
        except ValueError as problem:  # a body that says it is JSON and is not
            raise self._failed(f"the server's answer cannot be read: {problem}") from None

    def _failed(self, problem: str, *, lasting: bool = False) -> ReaderError:
        """A server may repeat the key, and what it said may be shown in public."""
        said = problem.replace(self._key, "***") if self._key else problem
        return ReaderError(f"{self.name}: {said}", lasting=lasting)

    def _sent(self, request: Request) -> Any:
        more: dict[str, Any] = {}
        if self._schema:
            schema = {"name": "readings", "strict": True, "schema": dict(request.schema)}
            more["response_format"] = {"type": "json_schema", "json_schema": schema}
        if request.limit:
            more["max_completion_tokens"] = request.limit
        return self._client.chat.completions.create(
            model=self._model,
            messages=[{"role": "system", "content": request.instructions}, {"role": "user", "content": request.page}],
            **more,
        )

    def _reply(self, completion: Any) -> Reply:
        """What a compatible server sends may have any shape."""
        try:
            choice = completion.choices[0]
            text, refusal = choice.message.content, getattr(choice.message, "refusal", None)
        except (AttributeError, IndexError, KeyError, TypeError):
            raise self._failed("the server's answer is no chat completion") from None
        cut = choice.finish_reason == "length"
        if not isinstance(text, str) or not (text.strip() or cut):
            raise self._failed(f"no answer{f': {refusal}' if refusal else ''}")
        usage = completion.usage
        return Reply(text, _count(usage, "prompt_tokens"), _count(usage, "completion_tokens"), cut)


def _count(usage: object, field: str) -> int:
    value = getattr(usage, field, 0)
    return value if isinstance(value, int) and value > 0 else 0
