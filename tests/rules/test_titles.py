"""The year beside the title of a paper is no figure of the model that the title names."""

from __future__ import annotations

import stratlint


def test_a_year_beside_a_title_is_no_number_of_experts() -> None:
    head = "| Work | Year | Why |\n|---|---|---|\n"
    title = "DeepSeek-V2: A Strong and Economical Mixture-of-Experts Language Model for Everyone"
    assert not stratlint.check_text(f"{head}| {title} | 2024 | latent attention |\n").findings
