"""A page that compares layouts of one model still says once what the model is."""

from __future__ import annotations

import stratlint

PAGE = """# Plan

## Model{name}

- Layers: 16
- Hidden size: 1024
{more}
## Now

- Layout: EP16-TP2-PP2

## Then

- Layout: EP8-TP4-PP4

## Size

- Attention parameters: 4B
"""


def found(**parts: str) -> bool:
    text = PAGE.format(**{"name": "", "more": "", **parts})
    return any(finding.rule == "attention-parameters" for finding in stratlint.check_text(text).findings)


def test_two_layouts_share_the_model() -> None:
    assert found()


def test_two_models_do_not() -> None:
    assert not found(more="\n## Another model\n\n- Layers: 61\n- Hidden size: 7168\n")
    assert not found(name=" Llama-3.1-8B", more="\nMixtral 8x7B is compared with it.\n")
