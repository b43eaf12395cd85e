"""Whatever a diff or a comment says: changed lines or a `MalformedDiff`, findings or findings about suppressions."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from stratlint.config.settings import Settings
from stratlint.document import parse
from stratlint.report.difference import MalformedDiff, changed_lines
from stratlint.report.suppression import apply, mentions

DIFF_LINES = st.lists(
    st.sampled_from(
        [
            "--- a/x.md",
            "+++ b/x.md",
            '+++ "b/\\303\\244"',
            "+++ /dev/null",
            "@@ -1 +1 @@",
            "@@ -0,0 +1,2 @@",
            "@@ -1,2 +3 @@",
            "+a",
            "-a",
            " a",
            "",
            "\\ No newline at end of file",
            "diff --git a/x b/x",
            "Binary files a/x and b/x differ",
        ]
    ),
    max_size=12,
)
COMMENTS = st.text(alphabet="ignoredsablef-[],@: \n<>!7.|`*#", max_size=40)


@given(DIFF_LINES)
@settings(max_examples=500, deadline=None)
def test_any_diff(lines):
    """Nothing else is raised and line numbers count from 1."""
    try:
        found = list(changed_lines("\n".join(lines)))
    except MalformedDiff:
        return
    assert all(name != "/dev/null" and line >= 1 for name, line in found)


@given(st.lists(COMMENTS, max_size=4), st.sampled_from(["\n", "\n\n", " ", "\r\n"]))
@settings(max_examples=300, deadline=None)
def test_any_comment(comments, end):
    """Places of findings about suppressions are those of their comments."""
    text = end.join(f"It is 7. <!-- stratlint: {comment} -->" for comment in comments)
    document = parse(text, "a.md")
    kept, gone = apply(document, [], {"ignore", "a"}, Settings())
    assert not gone
    assert all(document.text[each.location.start : each.location.end] == each.location.text for each in kept)


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_value(text, value):
    """Comparing values never fails."""
    assert mentions(text, value) in (True, False)
