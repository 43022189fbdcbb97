"""Looks into autograd's graph."""

from __future__ import annotations

from typing import Any


def descends(node: Any, ancestor: Any, limit: int = 24) -> bool:
    """Whether a node was computed from another one by few operations (masks, dropout, slices)."""
    if ancestor is None:
        return False
    waiting, seen = [node], 0
    while waiting and seen < limit:
        at = waiting.pop(0)
        if at is None:
            continue
        if at is ancestor:
            return True
        seen += 1
        waiting.extend(following for following, _ in at.next_functions)
    return False
