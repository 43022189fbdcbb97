"""Settings of all tests."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import List

import pytest
import torch

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent))

# The tests' nets are tiny: threads cost more than they save.
torch.set_num_threads(1)

#: The marks of the tests that each tier leaves out (test/README.md).
LEFT_OUT = {"quick": ("long", "thorough"), "thorough": ("long",), "long": ()}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--tier", choices=list(LEFT_OUT), default="long", help="how much runs: test/README.md")


def pytest_collection_modifyitems(config: pytest.Config, items: List[pytest.Item]) -> None:
    """Skips the tests of later tiers instead of deselecting them, so that the report of the run counts them."""
    for item in items:
        for mark in LEFT_OUT[config.getoption("--tier")]:
            if item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=f"tier {mark}"))
                break
