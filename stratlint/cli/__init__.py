"""The command line: `stratlint COMMAND …`. Importing this must stay cheap; the engine is imported when it is needed."""

from __future__ import annotations

from collections.abc import Sequence

from stratlint.cli.outcome import BROKEN_PIPE, ERROR, INTERRUPTED, Usage
from stratlint.cli.streams import Streams


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 clean, 1 findings, 2 something could not be done."""
    streams = Streams()
    try:
        code = _run(argv, streams)
        streams.flush()
        return code
    except BrokenPipeError:
        # The reader left (`| head`): no news, no traceback, and none at the interpreter's exit either.
        streams.abandon()
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as problem:  # outside of any document: still one line and the right code, not a traceback
        from stratlint.cli.examine import DEFECT, internal

        streams.problem(f"{internal(problem)}{DEFECT}")
        return ERROR


def _run(argv: Sequence[str] | None, streams: Streams) -> int:
    from stratlint.cli.parser import parse
    from stratlint.config.errors import ConfigError

    try:
        arguments = parse(argv)
        code: int = arguments.run(arguments, streams)
        return code
    except (Usage, ConfigError) as problem:
        streams.problem(str(problem))
        return ERROR
    except SystemExit as left:  # argparse: --help, --version and bad usage
        return left.code if isinstance(left.code, int) else ERROR
