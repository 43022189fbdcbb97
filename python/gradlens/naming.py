"""Names of runs and of the folders that hold them."""

from __future__ import annotations

import itertools
import os
import sys
import time
from typing import Any, Optional

from .ranks import world_of

#: Runs that this process has begun.
_numbers = itertools.count(1)


def program_name() -> str:
    stem = os.path.splitext(os.path.basename(sys.argv[0] or ""))[0]
    return stem if stem not in ("", "-c", "-m", "ipykernel_launcher", "colab_kernel_launcher", "__main__") else "run"


def run_folder(folder: Any, name: Optional[str]) -> str:
    """A folder for a new run. All processes of one training get the same one."""
    shared = os.environ.get("GRADLENS_RUN") or _job()
    stamp = time.strftime("%Y%m%d-%H%M%S")
    run = f"{name or program_name()}-{shared or f'{stamp}-{os.getpid()}'}"
    # All processes of a launch make their runs in the same order, so the number is the same in all.
    number = next(_numbers)
    return os.path.join(os.fspath(folder), run if number == 1 else f"{run}-{number}")


def _job() -> Optional[str]:
    """A name that all processes of one launch share."""
    if world_of() == 1:
        return None
    run = os.environ.get("TORCHELASTIC_RUN_ID", "")
    port = os.environ.get("MASTER_PORT", "")
    restart = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")
    parts = [part for part in (run if run != "none" else "", port, restart) if part]
    return "-".join(["".join(c if c.isalnum() else "-" for c in part) for part in parts]) or None
