"""What the lens tells whoever wrote the program: warnings at a line of it, once each."""

from __future__ import annotations

import warnings
from typing import Optional, Set

from .source import Place


class Teller:
    """Warns at the call of `gradlens.watch` where nothing better is known."""

    def __init__(self, place: Optional[Place]) -> None:
        self._place = place
        self._told: Set[str] = set()

    def tell(self, key: str, text: str, place: Optional[Place] = None) -> None:
        """:param key: of what is told once only."""
        if key in self._told:
            return
        self._told.add(key)
        at = place or self._place
        file, line = (at.file, at.line) if at is not None else (__file__, 1)
        warnings.warn_explicit(f"gradlens: {text}", RuntimeWarning, file, line)
