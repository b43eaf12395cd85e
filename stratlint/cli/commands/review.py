"""`stratlint review`: post the findings of a pull request as one review. The work is in `stratlint.review`."""

from __future__ import annotations

import argparse

from stratlint.cli import options
from stratlint.cli.outcome import Usage
from stratlint.cli.streams import Streams
from stratlint.config.settings import FAIL_ON

SUMMARY = "post the findings on a pull request as a review"


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="only changed documents at or below these paths (default: all)")
    group = parser.add_argument_group("pull request", "The token is read from GITHUB_TOKEN.")
    group.add_argument("--repo", default="", metavar="OWNER/NAME", help="default: GITHUB_REPOSITORY, or the event's")
    group.add_argument("--pull", type=options.positive, default=0, metavar="N", help="its number; default: that of GITHUB_EVENT_PATH")
    group.add_argument("--api-url", default="", metavar="URL", help="default: GITHUB_API_URL, else https://api.github.com")
    group = parser.add_argument_group("review")
    group.add_argument(
        "--dry-run",
        action="store_true",
        help="print what would be sent to GitHub, as JSON, and send nothing there; who is named with --reader is asked all the same",
    )
    group.add_argument(
        "--max-comments",
        type=options.positive,
        default=50,
        metavar="N",
        help="comments at lines; more findings stand in the review's body (default: 50)",
    )
    group.add_argument(
        "--name",
        default="stratlint",
        metavar="NAME",
        help="tells the reviews of several runs on a pull request apart (default: stratlint)",
    )
    options.add_reader(
        parser,
        "Blocks of changed documents without readings are sent to it. What it reads is judged, and offered in the review as a file to "
        "commit. Named here only, never by a configuration. Keys are read from the environment only.",
    )
    options.add_selection(parser)
    group = parser.add_argument_group("exit code")
    group.add_argument("--fail-on", choices=FAIL_ON, help="the mildest severity that fails the run")
    group.add_argument("--exit-zero", action="store_const", const="never", dest="fail_on", help="as --fail-on never")
    options.add_configuration(parser)
    parser.add_argument("-q", "--quiet", action="store_true", help="problems only")


def run(arguments: argparse.Namespace, streams: Streams) -> int:
    """Carry it out; the exit code."""
    from stratlint.review.command import review
    from stratlint.review.problems import ReviewProblem

    try:
        return review(arguments, streams)
    except ReviewProblem as problem:
        raise Usage(str(problem)) from None
