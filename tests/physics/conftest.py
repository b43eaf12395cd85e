"""Fixtures of the physics tests: the shipped catalog and, where present, the measured data beside the repository."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import settings

from stratlint.physics.catalog import Accelerator, Model, load_accelerators, load_models

# How fast a shared machine draws an example is not what these tests judge.
settings.register_profile("physics", deadline=None)
settings.load_profile("physics")

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"


def _shared(name: str) -> Any:
    path = SHARED / name
    if not path.exists():
        pytest.skip("no ../shared beside the checkout")
    with path.open("rb") as stream:
        return yaml.load(stream, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@pytest.fixture(scope="session")
def shared_models() -> list[dict[str, Any]]:
    return list(_shared("models.yaml")["models"])


@pytest.fixture(scope="session")
def shared_accelerators() -> list[dict[str, Any]]:
    return list(_shared("accelerators.yaml")["accelerators"])


@pytest.fixture(scope="session")
def published_rows() -> list[dict[str, Any]]:
    return list(_shared("published_tables.yaml")["rows"])


@pytest.fixture(scope="session")
def catalog_models() -> dict[str, Model]:
    return {model.name: model for model in load_models(ROOT / "rules" / "catalog" / "models.yaml")}


@pytest.fixture(scope="session")
def catalog_accelerators() -> dict[str, Accelerator]:
    return {device.name: device for device in load_accelerators(ROOT / "rules" / "catalog" / "accelerators.yaml")}
