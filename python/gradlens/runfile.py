"""The file into which one process writes its run."""

from __future__ import annotations

import os
import re
import socket
import time
import warnings
from pathlib import Path
from typing import Any, Mapping, Optional, Protocol, Sequence, Tuple, Union

from . import events
from .notes import MOST_NOTES, Note, same


class Sink(Protocol):
    """Where events go: a file of our own, or a ``SummaryWriter`` of the program's."""

    def write(self, event: bytes) -> None: ...

    def close(self) -> None: ...


class EventFile:
    """A file that is only appended to, a whole record per write: a reader sees at most one incomplete record, at the end."""

    def __init__(self, folder: Union[str, Path], rank: int = 0) -> None:
        Path(folder).mkdir(parents=True, exist_ok=True)
        host = re.sub(r"[^A-Za-z0-9_-]", "-", socket.gethostname()) or "host"
        name = f"events.out.tfevents.{int(time.time())}.{host}.{os.getpid()}.gradlens"
        self.path = Path(folder) / (name if rank == 0 else f"{name}.{rank}")
        self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
        self.write(events.version_event())

    def write(self, event: bytes) -> None:
        """A disk that is full ends the run's file, and not the training."""
        if self._file < 0:
            return
        rest = memoryview(events.record(event))
        try:
            while rest:
                rest = rest[os.write(self._file, rest) :]
        except OSError as error:
            self.close()
            warnings.warn(f"gradlens writes nothing more of this run into {self.path}: {error}", RuntimeWarning, stacklevel=2)

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


class SummaryWriterSink:
    """A ``torch.utils.tensorboard.SummaryWriter`` that the program uses anyway: the run goes into its file."""

    def __init__(self, writer: Any) -> None:
        from tensorboard.compat.proto import event_pb2  # type: ignore[import-not-found,import-untyped,unused-ignore]

        self._event, self._writer = event_pb2.Event, writer

    def write(self, event: bytes) -> None:
        self._writer._get_file_writer().event_writer.add_event(self._event.FromString(event))

    def close(self) -> None:
        """Leaves the writer open: the program owns it."""
        self._writer.flush()


class Thinning:
    """Chooses which steps are written, so that a file's size stays bounded.

    The bound is divided into equal shares. While the k-th share lasts, every 2^k-th candidate is written; each share
    thus lasts twice as long as the one before, and sixteen of them 65,000 times as long as the first.
    """

    SHARES = 16

    def __init__(self, limit: int) -> None:
        self._share = max(1, limit // self.SHARES)
        self._limit = limit
        self._written = 0
        self._candidates = 0

    def due(self, important: bool = False) -> bool:
        """Whether the next candidate is written. Steps with a spike are, until the bound is reached."""
        stride = 1 << min(self.SHARES, self._written // self._share)
        due = self._candidates % stride == 0
        self._candidates += 1
        return (due or important) and self._written < self._limit

    def wrote(self, size: int) -> None:
        self._written += size


class RunFile:
    """One run's records in a sink."""

    def __init__(self, sink: Sink, limit: int = 64 << 20) -> None:
        self._sink = sink
        # Rows of scalars come at every step, profiles at probed ones: neither may take the other's share.
        self._rows, self._profiles = Thinning(limit // 2), Thinning(limit // 2)
        self.described = False
        self._notes: Sequence[Note] = ()

    def describe(self, description: Mapping[str, Any]) -> None:
        self._text("gradlens/run.1", description)
        self.described = True

    def step(
        self,
        step: int,
        scalars: Mapping[str, float],
        profiles: "Mapping[Tuple[int, str], Sequence[float]]",
        important: bool = False,
    ) -> None:
        """Writes one step. :param profiles: by layer index and channel; :param important: whether it has a spike."""
        thinning = self._profiles if profiles else self._rows
        if not thinning.due(important):
            return
        values = [events.scalar(tag, number) for tag, number in scalars.items()]
        values += [
            events.numbers(f"gradlens/profile.1/{layer}/{channel}", row) for (layer, channel), row in profiles.items()
        ]
        event = events.summary_event(step, values)
        thinning.wrote(len(event) + 16)
        self._sink.write(event)

    def note(self, notes: Sequence[Note]) -> None:
        """Writes the notes that hold by now, if they are others than before."""
        if same(notes, self._notes):
            return
        self._notes = notes
        self._text("gradlens/notes.1", [note.as_json() for note in notes[:MOST_NOTES]])

    def end(self, step: int, kind: str, reason: Optional[str]) -> None:
        self._text("gradlens/end.1", {"kind": kind, "reason": reason}, step)

    def close(self) -> None:
        self._sink.close()

    def _text(self, tag: str, value: Any, step: int = 0) -> None:
        self._sink.write(events.summary_event(step, [events.text(tag, value)]))
