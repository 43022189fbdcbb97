"""Records the run of an example, or of a program here, for the tests in TypeScript, as if it lay in `/project` on a machine
named `host`.

    PYTHONPATH=python python python/tests/record_run.py vanishing test/fixtures/pytorch
    PYTHONPATH=python python python/tests/record_run.py noted_program test/fixtures/pytorch
"""

from __future__ import annotations

import linecache
import os
import socket
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    name, out = sys.argv[1], Path(sys.argv[2]).resolve()
    folders = (ROOT / "examples" / "pytorch", ROOT / "python" / "tests")
    source = next(folder / f"{name}.py" for folder in folders if (folder / f"{name}.py").exists()).read_text()
    place = f"/project/{name}.py"
    sys.path.insert(0, str(ROOT / "examples" / "pytorch"))
    sys.argv = [place]
    socket.gethostname = lambda: "host"
    os.environ["GRADLENS_RUN"] = "recorded"
    os.chdir(out)
    linecache.cache[place] = (len(source), None, source.splitlines(keepends=True), place)
    exec(compile(source, place, "exec"), {"__name__": "__main__", "__file__": place})


if __name__ == "__main__":
    main()
