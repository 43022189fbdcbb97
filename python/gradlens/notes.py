"""What the lens says about its own measurements: what it cannot measure, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Optional, Sequence

#: Most notes in a run file, and most characters of each.
MOST_NOTES = 100
LONGEST_NOTE = 1000


@dataclass(frozen=True)
class Note:
    text: str
    key: str
    """Equal for notes that only differ in a count."""
    layer: Optional[int] = None
    """Index in the run's description; None: it concerns the whole run."""
    name: str = ""
    """Name of what it concerns, for people; empty: of the whole run."""

    def __str__(self) -> str:
        return f"{self.name}: {self.text}" if self.name else self.text

    def as_json(self) -> Dict[str, Any]:
        return {"layer": self.layer, "text": self.text[:LONGEST_NOTE]}


def same(notes: Sequence[Note], others: Sequence[Note]) -> bool:
    """Whether two lists say the same, apart from counts."""
    return [(note.layer, note.key) for note in notes] == [(note.layer, note.key) for note in others]
