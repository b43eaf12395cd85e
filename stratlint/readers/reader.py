"""Who reads: what a reader is given and what it gives back. Nothing of it is trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Request:
    """One call: the instructions, the numbered lines, the schema of the answer, and the most tokens to answer with (0: no limit)."""

    prompt: str
    instructions: str
    page: str
    schema: Mapping[str, Any]
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """The text of an answer and the tokens it took, 0 where the reader does not say. `cut`: it was ended by a limit."""

    text: str
    sent: int = 0
    received: int = 0
    cut: bool = False


class Reader(Protocol):
    """`name` goes into the file of readings."""

    @property
    def name(self) -> str:
        """How findings call it."""

    def read(self, request: Request) -> Reply:
        """Ask.

        Raises:
            ReaderError: there is no answer.
        """


class ReaderError(Exception):
    """Why there is no answer, in one line. `lasting`: the next call would fare no better."""

    def __init__(self, message: str, *, lasting: bool = False) -> None:
        super().__init__(" ".join(message.split())[:400])
        self.lasting = lasting


class NoReaderError(ReaderError):
    """A name that is that of no reader."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a reader is called: the server of a compatible API, seconds to wait for an answer, and how often to try again."""

    base_url: str = ""
    timeout: float = 600.0
    retries: int = 4


KINDS = ("openai:MODEL", "command:PROGRAM")


def reader_of(name: str, terms: Terms) -> Reader:
    """The reader called `openai:MODEL` or `command:PROGRAM`.

    Raises:
        NoReaderError: there is none of this name.
        ReaderError: it cannot be called from here.
    """
    kind, colon, rest = name.partition(":")
    if colon and rest.strip():
        if kind == "openai":
            from stratlint.readers.openai_reader import OpenAIReader

            return OpenAIReader(rest.strip(), terms)
        if kind == "command":
            from stratlint.readers.command_reader import CommandReader

            return CommandReader(rest.strip(), terms)
    raise NoReaderError(f'"{name}" is no reader; there are {" and ".join(KINDS)}', lasting=True)
