"""A reader that is named for a run: its readings are judged and offered, open no gate, and are never worth a review."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from github_server import GitHub
from markdown_it import MarkdownIt

pytest.importorskip("openai", reason="pip install 'stratlint[reader]'")
sys.path.insert(0, str(Path(__file__).parents[1] / "readers"))

from readers_server import KEY, Answering, Response, Server, completion, error

from stratlint.document import parse
from stratlint.readers.blocks import page_blocks
from stratlint.readers.file import BlockReadings, Objection, Reading, ReadingsFile, dump_file, parse_file
from stratlint.readers.prompt import prompt
from stratlint.readers.work import Work
from stratlint.review import examine

OLD = "# Fair\n\nAda had 17, Bob asked for 24.\n\n# Hall\n\nOf 9 rows 5 were set.\n"
PAGE = OLD.replace("24.\n", "24. Nobody expected 418.\n")
FILE = ".stratlint/readings/plan.md.yaml"
NAME = "openai:some-model"
WRONG = {"line": 3, "claim": "418", "op": "=", "expr": "17 × 24", "kind": "product", "why": "boxes, each as full as Bob asked"}
LINES = '{"line": 7, "claim": "5", "op": "<=", "expr": "9"}\n'
DOUBT = {"line": 3, "claim": "418", "why": "quoted from the old plan"}
PLAIN = "# Plan\n\nWeights: 30B × 2 bytes = 80 GB\n"
Ask = Callable[..., Any]


@pytest.fixture(autouse=True)
def user(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user with a key and without a configuration."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(project.parent / "config"))
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """`serve(response, …)` starts a server that a model could stand behind."""
    running: list[Server] = []

    def start(*responses: Response | Answering) -> Server:
        running.append(Server(*responses))
        return running[-1]

    yield start
    for server in running:
        server.close()
        assert server.violations == []


@pytest.fixture
def ask(run: Any) -> Ask:
    """`ask(server, …)` reviews with it."""
    return lambda server, *more: run("--reader", NAME, "--base-url", server.url, *more)


def answered(*readings: dict[str, Any], objections: tuple[dict[str, Any], ...] = ()) -> Response:
    return completion(json.dumps({"readings": list(readings), "objections": list(objections)}))


def readings(
    page: str, *entries: Reading, objections: tuple[Objection, ...] = (), who: str = NAME, version: str = "", only: int = 9
) -> str:
    """The first *only* blocks of a page as read, the first of them with the entries."""
    blocks = page_blocks(parse(page))[:only]
    first, *others = [BlockReadings(each.hash, each.first) for each in blocks]
    said = (BlockReadings(first.hash, first.first, entries, objections), *others)
    return dump_file(ReadingsFile(said, version or prompt().version, who))


def body(github: GitHub) -> str:
    return github.reviews[0]["body"]


def offered(github: GitHub) -> dict[str, str]:
    """The files that the review's body offers, as a reader of the rendered page gets them, each folded and by its path."""
    tokens = MarkdownIt("commonmark").parse(body(github))
    found = {}
    for at, token in enumerate(tokens):
        if token.type == "fence":
            path = re.fullmatch(r"<details><summary><code>(.*)</code>: \d+ new [\w, ]+</summary>\n", tokens[at - 1].content)
            assert path and token.info == "yaml" and tokens[at + 1].content == "</details>\n"
            found[path[1]] = token.content
    assert sum(each.type == "html_block" for each in tokens) == 1 + 2 * len(found)
    return found


# -- who is asked, and for what -----------------------------------------------------------------------------------------
def test_nobody_is_asked_without_the_option(github: GitHub, run: Any, project: Path, serve: Any) -> None:
    """Not even a reader that the user has configured for `stratlint read`."""
    server = serve(answered(WRONG))
    (project.parent / "config/stratlint").mkdir(parents=True)
    (project.parent / "config/stratlint/config.toml").write_text(f'[read]\nreader = "{NAME}"\nbase-url = "{server.url}"\n')
    github.set("plan.md", OLD, PAGE)
    assert run().code == 0
    assert (server.calls, github.reviews) == ([], [])


@pytest.mark.parametrize("text", ['reader = "command:touch owned"\n', '[read]\nreader = "command:touch owned"\n'])
def test_a_repository_cannot_say_who_reads(github: GitHub, run: Any, project: Path, text: str) -> None:
    (project / "stratlint.toml").write_text(text, encoding="utf-8")
    github.set("plan.md", OLD, PAGE)
    result = run()
    assert result.code == 2 and "unknown key" in result.err
    assert not (project / "owned").exists()


@pytest.mark.parametrize("name", ["x", "openai:", "https://example.com", "command: "])
def test_what_is_no_reader_is_refused_before_anything_is_asked(github: GitHub, run: Any, name: str) -> None:
    result = run("--reader", name)
    assert result.code == 2 and "is no reader" in result.err
    assert github.seen == []


def test_how_to_ask_without_whom_is_refused(github: GitHub, run: Any) -> None:
    assert "name one with --reader" in run("--max-tokens", "1000").err
    assert github.seen == []


def test_only_blocks_without_readings_of_changed_documents_are_sent(github: GitHub, ask: Ask, project: Path, serve: Any) -> None:
    server = serve(answered(WRONG))
    github.set("plan.md", OLD, PAGE)
    github.set("words.md", "# A\n", "# A\n\nNobody counts.\n")
    github.set("notes.txt", "", "6 × 7 = 43\n")
    (project / FILE).parent.mkdir(parents=True)
    (project / FILE).write_text(readings(OLD), encoding="utf-8")
    (project / "other.md").write_text("# Other\n\n6 × 7 = 43\n", encoding="utf-8")
    ask(server)
    assert len(server.calls) == 1
    assert "Transcribe lines 1-4 of the page" in server.page(0)


def test_a_page_of_which_only_the_readings_change_is_not_sent(github: GitHub, ask: Ask, serve: Any) -> None:
    server = serve(answered(WRONG))
    github.set("plan.md", PAGE, PAGE)
    github.set(FILE, readings(PAGE), readings(PAGE, only=1))
    assert ask(server).code == 0
    assert server.calls == []


def test_what_is_read_already_is_not_sent_and_nothing_is_offered(github: GitHub, ask: Ask, serve: Any) -> None:
    server = serve(answered(WRONG))
    github.set("plan.md", OLD, PAGE)
    github.set(FILE, None, readings(PAGE))
    assert ask(server).code == 0
    assert (server.calls, github.reviews) == ([], [])


def test_where_nothing_is_related_nothing_is_offered(github: GitHub, ask: Ask, serve: Any) -> None:
    github.set("plan.md", OLD, PAGE)
    assert ask(serve(answered())).code == 0
    assert github.reviews == []


def test_a_program_can_read(github: GitHub, run: Any, project: Path) -> None:
    (project / "reader.py").write_text(f"print('''{json.dumps([WRONG], ensure_ascii=True)}''')", encoding="utf-8")
    github.set("plan.md", OLD, PAGE)
    assert run("--reader", f"command:{sys.executable} reader.py").code == 1
    assert list(offered(github)) == [FILE]


# -- what becomes of it -------------------------------------------------------------------------------------------------
def test_what_it_reads_is_judged_and_offered_and_written_nowhere(github: GitHub, ask: Ask, project: Path, serve: Any) -> None:
    github.set("plan.md", OLD, PAGE)
    result = ask(serve(answered(WRONG)))
    assert result.code == 1
    (comment,) = github.comments
    assert (comment["line"], "17 × 24" in comment["body"]) == (3, True)
    assert "read by: openai\\:some-model\\: boxes" in comment["body"]
    file = parse_file(offered(github)[FILE].encode(), FILE)
    assert (file.reader, file.prompt) == (NAME, prompt().version)
    assert [len(each.readings) for each in file.blocks] == [1, 0]
    assert "1 reading of 2 of 2 blocks" in result.err
    assert [each.name for each in project.iterdir()] == [".git"]


def test_what_is_offered_has_the_readings_that_the_head_has(github: GitHub, ask: Ask, serve: Any) -> None:
    """Committed as it is offered, nothing is left to be read, and the next run offers nothing."""
    server = serve(answered({**WRONG, "line": 7}))
    kept = Reading(3, "5", "<=", "9", "limit", "of all rows")
    hall = OLD.partition("\n\n# Hall")
    before = f"# Hall{hall[2]}\n{hall[0]}\n"
    page = before.replace("24.\n", "24. Nobody expected 418.\n")
    github.set("plan.md", before, page)
    github.set(FILE, None, readings(before, kept))
    assert ask(server).code == 1
    text = offered(github)[FILE]
    assert [[each.expr for each in block.readings] for block in parse_file(text.encode(), FILE).blocks] == [["9"], ["17 × 24"]]
    github.set(FILE, None, text)
    github.version += 1
    assert ask(server).code == 1
    assert len(server.calls) == 1
    assert offered(github) == {} and "17 × 24" in github.comments[-1]["body"]


def test_a_page_without_findings_gets_its_offer(github: GitHub, ask: Ask, serve: Any) -> None:
    right = {**WRONG, "claim": "408"}
    github.set("plan.md", OLD, PAGE.replace("418", "408"))
    assert ask(serve(answered(right))).code == 0
    assert "no findings" in body(github) and list(offered(github)) == [FILE]
    assert "1 verified" in body(github)


def test_what_is_wrong_in_lines_that_do_not_change_fails_nothing(github: GitHub, ask: Ask, serve: Any) -> None:
    """Not even where lines of another file of readings change that has the same path."""
    page = PAGE.replace("5 were", "6 were")
    github.set("plan.md", PAGE, page)
    github.set(FILE, None, readings(page, who="", version="") + "\n" * 20)
    assert ask(serve(answered(WRONG))).code == 0
    github.set(FILE, readings(PAGE), readings(OLD, *[Reading(1, str(n), "=", "8") for n in range(20)]))
    assert ask(serve(answered(WRONG))).code == 0
    assert github.comments == []


def test_the_same_answers_again_send_nothing(github: GitHub, ask: Ask, serve: Any) -> None:
    github.set("plan.md", OLD, PAGE)
    server = serve(answered(WRONG))
    ask(server)
    github.seen.clear()
    ask(server)
    assert github.writes == []


def test_a_rehearsal_shows_the_offer_and_sends_nothing(github: GitHub, ask: Ask, serve: Any) -> None:
    github.set("plan.md", OLD, PAGE)
    result = ask(serve(answered(WRONG)), "--dry-run")
    assert "<details>" in json.loads(result.out)["requests"][0]["body"]["body"]
    assert github.writes == []


# -- gates --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("base", [readings(PAGE), readings(PAGE, objections=(Objection(3, "418", DOUBT["why"]),))])
def test_its_objections_are_shown_and_lower_nothing(github: GitHub, ask: Ask, project: Path, serve: Any, base: str) -> None:
    """Where the base lets objections lower, too, and even where it has had the same one, which the head has no more."""
    (project / "stratlint.toml").write_text('disputed = "warning"\n', encoding="utf-8")
    github.set("stratlint.toml", 'disputed = "warning"\n', 'disputed = "warning"\n')
    github.set("plan.md", OLD, PAGE)
    github.set(FILE, base, None)
    assert ask(serve(answered(WRONG, objections=(DOUBT,)))).code == 1
    assert "**error**" in github.comments[0]["body"] and "(disputed)" in github.comments[0]["body"]
    assert "disputed by: openai\\:some-model\\: quoted from the old plan" in github.comments[0]["body"]


def test_its_objections_to_what_is_found_without_it_lower_nothing(github: GitHub, ask: Ask, project: Path, serve: Any) -> None:
    (project / "stratlint.toml").write_text('disputed = "warning"\n', encoding="utf-8")
    github.set("stratlint.toml", 'disputed = "warning"\n', 'disputed = "warning"\n')
    github.set("plan.md", "# Plan\n", PLAIN)
    assert ask(serve(answered(objections=({"line": 3, "claim": "80 GB", "why": "quoted"},)))).code == 1
    assert "**error**" in github.comments[0]["body"] and "disputed by: openai\\:some-model\\: quoted" in github.comments[0]["body"]


def test_what_is_wrong_without_it_stays_wrong_whatever_its_readings_open(
    github: GitHub, ask: Ask, serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relation that contradicts a premise leaves open which number is wrong: here all of them."""
    honest = examine.check_document

    def opened(document: Any, settings: Any, *said: Any) -> Any:
        report = honest(document, settings, *said)
        return replace(report, findings=()) if said and b"5 were" in said[0].data else report

    monkeypatch.setattr(examine, "check_document", opened)
    page = PAGE + "\nWeights: 30B × 2 bytes = 80 GB\n"
    github.set("plan.md", OLD, page)
    github.set(FILE, None, readings(page, Reading(3, "418", "=", "17 × 24"), only=1))
    limit = {"line": 7, "claim": "5", "op": "<=", "expr": "9", "kind": "limit", "why": "5 were set"}
    assert ask(serve(answered(limit))).code == 1
    assert sorted(each["line"] for each in github.comments) == [3, 9]
    assert list(offered(github)) == [FILE]


# -- hostile and large answers ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "attack",
    [
        "```\n```suggestion\nrm -rf /",
        "`````````` </details> @everyone fixes #1",
        "~~~\n</details>\n\n# Heading",
        "<!-- stratlint:review v1 name=stratlint -->",
        "\u202e reversed \u2066 iso \u200b \U000e0041 tag",
        '"}\nblocks: []\n```',
    ],
)
@pytest.mark.parametrize("field", ["why", "kind"])
def test_an_answer_cannot_leave_its_fence(github: GitHub, ask: Ask, serve: Any, attack: str, field: str) -> None:
    github.set("plan.md", OLD, PAGE)
    assert ask(serve(answered({**WRONG, field: attack}))).code == 1
    (text,) = offered(github).values()
    (reading,) = parse_file(text.encode(), FILE).blocks[0].readings
    assert (reading.claim, reading.expr) == ("418", "17 × 24")
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\U000e0000-\U000e007f]", body(github) + github.comments[0]["body"])


def test_what_nobody_can_see_in_committed_readings_is_shown_in_the_offer(github: GitHub, ask: Ask, serve: Any) -> None:
    said = Reading(3, "24", "=", "24", "", "a \u202e b \U000e0041").why
    page = PAGE + "\n# New\n\n6 of 7 came.\n"
    github.set("plan.md", OLD, page)
    raw = readings(page, Reading(3, "418", "<=", "418", "", "XXX"), only=2).replace("XXX", said)
    github.set(FILE, None, raw)
    ask(serve(answered({"line": 11, "claim": "6", "op": "<=", "expr": "7", "kind": "limit", "why": ""})))
    (text,) = offered(github).values()
    assert "\\u202e" in text and "\\U000e0041" in text and "\u202e" not in body(github)
    assert parse_file(text.encode(), FILE).blocks[0].readings[0].why == said


@pytest.mark.parametrize("path", ["<img src=x>.md", "a`b.md", "@everyone.md", "a&b\"c'.md"])
def test_the_path_of_an_offer_stays_a_path(github: GitHub, ask: Ask, serve: Any, path: str) -> None:
    import html

    github.set(path, OLD, PAGE)
    ask(serve(answered(WRONG)))
    assert [html.unescape(each) for each in offered(github)] == [f".stratlint/readings/{path}.yaml"]


def test_what_has_no_room_is_named_with_the_command_that_writes_it(github: GitHub, ask: Ask, serve: Any) -> None:
    """Of many documents those that fit are offered; a body never passes GitHub's limit, however it counts an emoji."""
    for number in range(12):
        github.set(f"docs/{number:02}.md", OLD, PAGE)
    long = [{**WRONG, "why": f"{number} {'😀' * 900}"} for number in range(5)]
    assert ask(serve(answered(*long))).code == 1
    assert 1 <= len(offered(github)) < 12
    assert len(body(github).encode("utf-16-le")) // 2 < 65_536
    assert re.search(r"Too large .* and \d+ more documents: <code>stratlint read PATH --reader openai", body(github))


# -- trouble ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("response", "message"),
    [
        (error(401, f"Incorrect API key provided: {KEY}"), "Incorrect API key provided"),
        (error(429, "Rate limit reached", x_should_retry="false"), "too many requests, also after waiting"),
        (error(500, "oh", x_should_retry="false"), "500"),
        (completion("Sorry."), "no readings in JSON"),
        (completion('{"readings": ['), "no readings in JSON"),
        (completion(None, refusal="I cannot"), "no answer"),
        (completion("{", finish="length"), "is cut off"),
        (Response(200, b"<html>"), "cannot be read"),
    ],
)
def test_a_reader_that_fails_costs_only_its_readings(github: GitHub, ask: Ask, serve: Any, response: Response, message: str) -> None:
    github.set("plan.md", "# Plan\n", PLAIN)
    result = ask(serve(response))
    assert result.code == 1 and [each["line"] for each in github.comments] == [3]
    problems = [line for line in result.err.splitlines() if "error: " in line]
    assert len(problems) == 1 and problems[0].startswith("stratlint: error: Blocks of plan.md were not read: ") and message in problems[0]
    (told,) = (line for line in body(github).splitlines() if "were not read" in line)
    assert told.startswith("- Blocks of <code>plan.md</code> were not read: ")
    assert offered(github) == {}
    assert KEY not in result.err + body(github)


def test_without_a_key_the_review_is_as_it_is_and_says_so(github: GitHub, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a pull request from a fork; nothing is said where there is nothing to be read, or no review."""
    monkeypatch.setenv("OPENAI_API_KEY", "")
    github.set("plan.md", "# Plan\n", PLAIN)
    result = run("--reader", NAME)
    assert result.code == 1 and "error: Blocks of plan.md were not read: the environment has no OPENAI_API_KEY" in result.err
    assert "no OPENAI\\_API\\_KEY" in body(github)
    github.files.clear()
    github.set("words.md", "# A\n", "# A\n\nNobody counts.\n")
    assert run("--reader", NAME).err.count("not read") == 0


def test_no_answer_in_time_is_waited_for_twice_and_not_for_every_document(github: GitHub, run: Any, project: Path) -> None:
    (project / "slow.py").write_text("import time; open('asked', 'a').write('x'); time.sleep(60)", encoding="utf-8")
    for number in range(5):
        github.set(f"{number}.md", "# Plan\n", PLAIN)
    result = run("--reader", f"command:{sys.executable} slow.py", "--timeout", "1")
    assert result.code == 1 and len(github.comments) == 5
    assert (project / "asked").read_text() == "xx"
    assert body(github).count("were not read") == 1
    assert "<code>0.md</code>, <code>1.md</code>, <code>2.md</code> and 2 more documents were not read" in body(github)


def test_a_budget_is_that_of_the_whole_run(github: GitHub, ask: Ask, serve: Any) -> None:
    server = serve(answered(WRONG))
    for name in ("a.md", "b.md", "c.md"):
        github.set(name, OLD, PAGE)
    work = Work(parse(PAGE), None, NAME, prompt(), None)
    # The server counts 1,200 tokens a call.
    most = sum(work.expected(work.pieces[0])) + 1_800
    assert ask(server, "--max-tokens", str(most)).code == 1
    assert len(server.calls) == 2
    assert f"the next call may take more than is left of {most:,} tokens" in body(github)
    assert "c.md</code> were not read" in body(github) and ".stratlint/readings/a.md.yaml" in offered(github)


@pytest.mark.parametrize(("name", "text"), [(FILE, readings(OLD, who="Ada")), (FILE.replace("yaml", "jsonl"), LINES)])
def test_readings_of_somebody_else_are_left_to_them(github: GitHub, ask: Ask, serve: Any, name: str, text: str) -> None:
    server = serve(answered(WRONG))
    github.set("plan.md", OLD, PAGE)
    github.set("wrong.md", "# Plan\n", PLAIN)
    github.set(FILE.replace("plan", "wrong"), None, readings(PLAIN))
    github.set(name, None, text)
    assert ask(server).code == 1
    assert server.calls == [] and offered(github) == {}
    assert re.search("there are readings by (Ada|somebody who wrote them by hand)", body(github))


def test_a_part_of_what_is_read_anew_takes_nothing_away(github: GitHub, ask: Ask, serve: Any) -> None:
    """Readings by older instructions are made anew; half of them would be no file to commit."""
    table = "| a | b | c |\n|---|---|---|\n" + "".join(f"| {n} | 2 | {2 * n} |\n" for n in range(200))
    page = f"{PAGE}\n# One\n\n{table}\n# Two\n\n{table}"
    github.set("plan.md", OLD, page)
    github.set("wrong.md", "# Plan\n", PLAIN)
    github.set(FILE, None, readings(page, Reading(3, "418", "=", "17 × 24"), version="0"))
    server = serve(answered({**WRONG, "expr": "24 × 17"}), error(401, "no more"))
    assert ask(server).code == 1
    assert len(server.calls) == 2 and offered(github) == {}
    assert any("17 × 24" in each["body"] for each in github.comments)


@pytest.mark.parametrize("where", ["reading", "judging"])
def test_a_defect_behind_a_reader_never_costs_the_review(
    github: GitHub, ask: Ask, serve: Any, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def broken(*arguments: Any) -> Any:
        raise RuntimeError("broken")

    if where == "reading":
        monkeypatch.setattr("stratlint.review.asking.dump_file", broken)
    else:
        monkeypatch.setattr(examine, "joined", broken)
    github.set("plan.md", OLD, PAGE + "\nWeights: 30B × 2 bytes = 80 GB\n")
    assert ask(serve(answered(WRONG))).code == 1
    assert len(github.comments) == 1 and "80 GB" in github.comments[0]["body"]
    assert "please report it" in body(github) and offered(github) == {}
