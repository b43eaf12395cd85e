"""MDX, Quarto and R Markdown: what is markup or program there claims nothing, and what is text stands where it stands."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stratlint
from stratlint.checking import check_file
from stratlint.document import parse
from stratlint.document.dialects import readable

MDX = """\
---
title: Capacity 2026
---
import { Callout } from '../components/Callout'
import Chart, { Axis as A32 } from "./chart-80gb.jsx"
export const meta = {
  gpus: 64,

  memory: 80 * 64,
}

export const total = 8 * 8 // = 65 GPUs

# Serving plan {#plan-8}

<Callout type="warning" memory={80} title="Total: 8 × 8 = 65 GPUs">
  Each GPU has 80 GB; weights take 30B × 2 bytes = 80 GB.
</Callout>

The cluster has {meta.gpus} GPUs, {8 * 8 === 65 ? "2 × 2 = 5" : `${2 * 2} = 5`} and 4 nodes × 8 GPUs = 33 GPUs.

{/* 2 × 3 = 7 GPUs in a comment */}

<Tabs>
  <TabItem value="a" label="2 × 2 = 5">

      - Nodes: 4
      - GPUs per node: 8
      - Total GPUs: 40

  </TabItem>
</Tabs>

<Chart data={[
  {x: 1, y: 2 * 3 === 7},
  {x: 2, total: "4 × 4 = 17 GPUs } >"},
]} /> and 6 × 6 = 37 GPUs.

In code, `{5 × 5 = 26 GPUs}` and a < b stay.

```jsx
<Chart total={9} />
```

<div style={{width: '2 × 2 = 5px'}}>Done: 7 × 7 = 50 GPUs.</div>
"""
QUARTO = """\
---
title: "Throughput"
format:
  html:
    fig-width: 8
---

## Setup {#sec-8 .unnumbered number=4}

::: {.callout-note icon=false collapse="2 × 2 = 5"}
Total GPUs: 2 × 8 = 17 GPUs.
:::

```{r}
#| label: fig-1
#| fig-cap: "8 × 8 = 65 GPUs"
#| fig-width: 8
n <- 8 * 8
```

The run used `r 3 * 3 = 10` GPUs and `{python} n = 2` nodes; 3 × 3 = 10 GPUs.

{{< video https://example.com/8x8=65 width="80" height="2 × 2 = 5" >}}

![A figure: 4 nodes × 8 = 33 GPUs](fig-8.png){#fig-x width=80%}

| Nodes | GPUs |
|---|---|
| 5 × 5 = 26 GPUs | 1 |

: Shares {#tbl-1 tbl-colwidths="[40,60]"}

:::: {.columns}
::: {.column width="40%"}
left: 4 × 4 = 18 GPUs
:::
::::

See [@smith2020, 2 × 2 = 5 GPUs] and @fig-8.
"""
RMARKDOWN = """\
---
output: html_document
params:
  gpus: 64
---

```{r setup, include=FALSE, fig.cap="2 × 2 = 5 GPUs"}
knitr::opts_chunk$set(echo = TRUE, fig.width = 8)
```

# Results {.tabset}

Weights: 30B × 2 bytes = 80 GB, that is `r 30 * 2 = 61` GB.
"""


@pytest.mark.parametrize(
    ("text", "path", "claims"),
    [
        (MDX, "plan.mdx", ["80 GB", "33 GPUs", "40", "37 GPUs", "26 GPUs", "50 GPUs"]),
        (QUARTO, "paper.qmd", ["17 GPUs", "10 GPUs", "33 GPUs", "26 GPUs", "18 GPUs"]),
        (RMARKDOWN, "notes.Rmd", ["80 GB"]),
        (RMARKDOWN, "notes.rmd", ["80 GB"]),
    ],
)
def test_what_is_text_is_judged_where_it_stands_and_nothing_else(text: str, path: str, claims: list[str], tmp_path) -> None:
    """Every `× … =` in an attribute, an option, a module or an expression is wrong on purpose, and none of the page's."""
    file = tmp_path / path
    file.write_text(text, encoding="utf-8")
    found = check_file(file).findings
    assert [each.claim.text for each in found] == claims
    for each in found:
        assert text[each.claim.start : each.claim.end] == each.claim.text
        assert text.splitlines()[each.claim.line - 1][each.claim.column - 1 :].startswith(each.claim.text)


def test_numbers_of_markup_are_not_even_counted() -> None:
    """In the ledger stand the numbers of the text alone."""
    text = "<Chart width={80} height={9 * 9} />\n\nimport x from './chart-32.js'\n\n8 GPUs\n"
    (document,) = [parse(text, "a.mdx")]
    assert [block.text.strip() for block in document.blocks] == ["8 GPUs"]
    (document,) = [parse("::: {.column width=40}\n\n{{< pagebreak 3 >}}\n\n8 GPUs @fig-2\n\n:::\n", "a.qmd")]
    assert [block.text.strip() for block in document.blocks] == ["8 GPUs"]


def test_the_same_text_in_plain_markdown_is_left_alone() -> None:
    for text in (MDX, QUARTO, RMARKDOWN):
        assert readable(text, "plan.md") is text and readable(text, "-") is text


def test_a_comment_of_mdx_suppresses(tmp_path) -> None:
    """HTML's are no MDX; a line of its own is for the paragraph below, as everywhere."""
    file = tmp_path / "plan.mdx"
    file.write_text(
        "{/* stratlint: ignore[wrong-product]: measured */}\n\n2 × 3 = 7 GPUs\n\n"
        "3 × 3 = 10 GPUs {/* stratlint: ignore[wrong-product]: measured */}\n\n4 × 4 = 17 GPUs\n",
        encoding="utf-8",
    )
    assert [each.claimed for each in stratlint.check(file).findings] == ["17 GPUs"]


@pytest.mark.parametrize("path", ["x.mdx", "x.qmd", "x.Rmd"])
@given(text=st.text(st.sampled_from(list("{}<>/`'\"\\\n ACab:@[]#=%|~-*.\r\t8")), max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_keeps_its_length_and_its_lines(path: str, text: str) -> None:
    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    found = readable(normal, path)
    assert len(found) == len(normal)
    assert [at for at, each in enumerate(found) if each == "\n"] == [at for at, each in enumerate(normal) if each == "\n"]
    parse(text, path)


@pytest.mark.parametrize(
    "piece",
    [
        *("{", "<A ", "<A {", "<A b='", "{'", "{`", "`", "` `` ", "import {\n", "\\", "{}", "<A/>", "<b ", "</"),
        *("{{<", "[@", "[@a ", "{#", ":::", "```{r}\n"),
    ],
)
@pytest.mark.parametrize("path", ["x.mdx", "x.qmd"])
def test_the_time_grows_with_the_length(piece: str, path: str) -> None:
    """What nothing closes is not looked for again and again."""

    def seconds(count: int) -> float:
        started = time.process_time()
        readable(piece * count, path)
        return time.process_time() - started

    seconds(100)
    assert seconds(40_000) < max(0.5, 16 * seconds(5_000))
