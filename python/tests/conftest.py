"""Settings of all tests."""

from __future__ import annotations

import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent))

# The tests' nets are tiny: threads cost more than they save.
torch.set_num_threads(1)
