"""The server as its clients see it: the official client starts `stratlint mcp` and talks to it over standard input and output."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

pytest.importorskip("mcp", reason="the protocol library is not installed: pip install 'stratlint[mcp]'")

from mcp import Client, StdioServerParameters

SECONDS = 120
COMMAND = (sys.executable, "-m", "stratlint", "mcp")


def talk(folder: Path, talk_with: Callable[[Client], Awaitable[None]], *argv: str) -> None:
    """Start the server in *folder*, and let the client talk with it."""

    async def session() -> None:
        command, *arguments = COMMAND
        server = StdioServerParameters(command=command, args=[*arguments, *argv], cwd=folder)
        async with Client(server) as client:
            await talk_with(client)

    asyncio.run(asyncio.wait_for(session(), SECONDS))


async def answer(client: Client, name: str, **arguments: Any) -> Any:
    result = await client.call_tool(name, arguments)
    assert not result.is_error, result.content
    return result.structured_content


async def refusal(client: Client, name: str, **arguments: Any) -> str:
    result = await client.call_tool(name, arguments)
    assert result.is_error
    return str(getattr(result.content[0], "text", ""))


def test_the_loop_write_check_propose_mend(folder: Path) -> None:
    """An agent finds the mistake that only its own reading relates, mends the page, and is told that it is clean."""
    page = "# Plant\n\nThe halls hold 412. There are 17 in the east wing, with 24 to each of those.\n"
    (folder / "plan.md").write_text(page, encoding="utf-8")
    reading = {"line": 3, "claim": "412", "op": "=", "expr": "17 × 24", "why": "so many halls with so many each"}

    async def loop(client: Client) -> None:
        assert (await answer(client, "check", path="plan.md"))["clean"]
        unclear = await answer(client, "claims", path="plan.md")
        assert "412" in [each["text"] for each in unclear["claims"]]
        judged = await answer(client, "propose", path="plan.md", readings=[reading], write=True, reader="the client")
        assert [each["outcome"] for each in judged["judged"]] == ["refuted"]
        assert judged["judged"][0]["computed"] == "408"
        (folder / "plan.md").write_text(page.replace("412", "408"), encoding="utf-8")
        judged = await answer(client, "propose", path="plan.md", readings=[reading | {"claim": "408"}], write=True, reader="the client")
        assert (judged["outcomes"], judged["dropped"]) == ({"holds": 1}, 1)
        assert (await answer(client, "check", path="plan.md"))["clean"]

    talk(folder, loop)


def test_answers_keep_to_the_published_schemas(folder: Path) -> None:
    sizes = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 4, "vocab_size": 256}
    (folder / "config.json").write_text(json.dumps(sizes | {"model_type": "llama"}))
    calls: dict[str, dict[str, Any]] = {
        "check": {"path": "plan.md"},
        "claims": {"text": "The glorb is 17 GB.\n"},
        "propose": {"path": "plan.md", "readings": [{"line": 3, "claim": "418", "op": "=", "expr": "17 × 24"}]},
        "explain": {"rule": "wrong-product"},
        "model": {"path": "config.json", "sequence": 1024},
    }

    async def compare(client: Client) -> None:
        tools = {each.name: each for each in (await client.list_tools()).tools}
        assert set(tools) == set(calls)
        for name, arguments in calls.items():
            jsonschema.validate(arguments, tools[name].input_schema)
            schema = tools[name].output_schema
            assert schema is not None and schema["type"] == "object"
            jsonschema.validate(await answer(client, name, **arguments), schema)
        assert [name for name, tool in tools.items() if not (tool.annotations and tool.annotations.read_only_hint)] == ["propose"]

    talk(folder, compare)


def test_what_cannot_be_done_is_told_and_the_server_goes_on(folder: Path) -> None:
    (folder.parent / "secret.md").write_text("8 × 8 = 65\n")

    async def try_things(client: Client) -> None:
        assert "only files below the working directory" in await refusal(client, "check", path="../secret.md")
        assert "no such file" in await refusal(client, "claims", path="gone.md")
        assert "wrong-sum" in await refusal(client, "explain", rule="wrong-sun")
        assert "readings" in await refusal(client, "propose", path="plan.md", readings="all of them")
        assert "path" in await refusal(client, "check")
        (folder / "stratlint.toml").write_text("nonsense = 1\n")
        assert "stratlint.toml:1" in await refusal(client, "check", path="plan.md")
        (folder / "stratlint.toml").unlink()
        assert (await answer(client, "check", path="plan.md"))["errors"] == 1

    talk(folder, try_things)


def test_calls_at_the_same_time_all_have_their_answers(folder: Path) -> None:
    async def together(client: Client) -> None:
        texts = [f"Weights: {size}B × 2 bytes = 80 GB\n" for size in range(30, 36)]
        answers = await asyncio.gather(*(answer(client, "check", text=text) for text in texts))
        assert [each["findings"][0]["computed"] for each in answers] == [f"{2 * size} GB" for size in range(30, 36)]

    talk(folder, together)


def test_the_prompt_says_how_to_transcribe(folder: Path) -> None:
    async def read(client: Client) -> None:
        (message,) = (await client.get_prompt("transcribe")).messages
        assert "`propose`" in str(getattr(message.content, "text", ""))

    talk(folder, read)


def test_a_client_that_leaves_ends_the_server(folder: Path) -> None:
    done = subprocess.run(COMMAND, cwd=folder, input=b"", capture_output=True, timeout=SECONDS, check=False)
    assert (done.returncode, done.stdout) == (0, b"")


def test_without_the_library_there_is_a_line_that_says_what_to_install(folder: Path) -> None:
    code = "import sys; sys.modules['mcp'] = None\nfrom stratlint.cli import main\nsys.exit(main(['mcp']))"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 2
    assert "pip install 'stratlint[mcp]'" in done.stderr
    assert done.stderr.count("\n") == 1
