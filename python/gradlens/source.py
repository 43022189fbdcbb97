"""The place in the program's source where a module was made.

Importing `gradlens` makes every later ``nn.Module`` remember the frame that constructed it. A module that was made
before is looked up in the syntax tree of its parent's class.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import os
import sys
import textwrap
import weakref
from dataclasses import asdict, dataclass
from functools import lru_cache
from types import CodeType, FrameType
from typing import Any, Dict, List, Optional, Tuple

import torch
from torch import nn


@dataclass(frozen=True)
class Place:
    """An expression. Lines and columns count from 1, columns in code points; the end is the position after it."""

    file: str
    line: int
    column: int
    endLine: int
    endColumn: int
    text: str
    cell: Optional[str] = None
    """Source of the notebook's cell that it stands in: a cell has no file by which it could be found."""

    def as_json(self) -> Dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value is not None}


try:
    #: The working directory at the import: programs name their files from there.
    _STARTED = os.getcwd()
except OSError:
    # It was removed.
    _STARTED = os.sep

#: Code and instruction of the frame that made each module: what they mean is found out only when it is asked for.
_made: "weakref.WeakKeyDictionary[nn.Module, Tuple[CodeType, int, int]]" = weakref.WeakKeyDictionary()

_own = (os.path.dirname(torch.__file__) + os.sep, os.path.dirname(os.path.abspath(__file__)) + os.sep)
_library = (
    os.sep + "site-packages" + os.sep,
    os.sep + "dist-packages" + os.sep,
    os.path.dirname(os.__file__) + os.sep,
)


def _outside(frame: Optional[FrameType]) -> Optional[FrameType]:
    """The nearest frame of the program's own code: neither torch's, nor a library's, nor the constructor of a subclass."""
    module = frame.f_locals.get("self") if frame else None
    fallback: Optional[FrameType] = None
    while frame is not None:
        file = frame.f_code.co_filename
        inherited = frame.f_code.co_name == "__init__" and frame.f_locals.get("self") is module
        if not inherited and not file.startswith(_own) and not file.startswith("<frozen"):
            if not any(part in file for part in _library):
                return frame
            fallback = fallback or frame
        frame = frame.f_back
    return fallback


def install() -> None:
    """Makes modules remember where they were made; once."""
    if getattr(nn.Module.__init__, "_gradlens", False):
        return
    original = nn.Module.__init__

    def remembering(self: nn.Module, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        try:
            frame = _outside(sys._getframe(1))
            if frame is not None:
                _made[self] = (frame.f_code, frame.f_lasti, frame.f_lineno)
        except Exception:  # A place is a convenience: nothing may fail for it.
            pass

    remembering._gradlens = True  # type: ignore[attr-defined]
    nn.Module.__init__ = remembering  # type: ignore[method-assign]


def made_like(module: nn.Module, other: nn.Module) -> None:
    """Gives a module the place of another one, which it stands for."""
    if other in _made:
        _made[module] = _made[other]
    else:
        _made.pop(module, None)


def place_of(model: nn.Module, name: str) -> Optional[Place]:
    """Where the module of that name was made; None if it cannot be known.

    A module without a record of its own (unpickled, made before the import, a member of a list that was copied) has the
    place where its parent's class assigns it, else that of its nearest ancestor.
    """
    modules = dict(model.named_modules())
    parts = name.split(".") if name else []
    for depth in range(len(parts), -1, -1):
        module = modules.get(".".join(parts[:depth]))
        if module is None:
            continue
        if module in _made:
            code, instruction, line = _made[module]
            found = _of_instruction(code, instruction, line)
            if found is not None:
                return found
        if depth > 0:
            parent = modules.get(".".join(parts[: depth - 1]))
            found = None if parent is None else _of_assignment(type(parent), parts[depth - 1])
            if found is not None:
                return found
    return None


def caller() -> Optional[Place]:
    """The expression of the program that called into this package."""
    frame = _outside(sys._getframe(1))
    return None if frame is None else _of_instruction(frame.f_code, frame.f_lasti, frame.f_lineno)


def _of_instruction(code: CodeType, instruction: int, line: int) -> Optional[Place]:
    lines = _lines(code.co_filename)
    if hasattr(code, "co_positions"):  # Python 3.11
        for index, (first, last, start, end) in enumerate(code.co_positions()):
            if index == instruction // 2:
                if first and last and start is not None and end is not None:
                    return _place(code.co_filename, lines, first, start, last, end)
                break
    return _of_call_on_line(code.co_filename, lines, line)


def _of_call_on_line(file: str, lines: List[str], line: int) -> Optional[Place]:
    """The outermost call on a line, by the syntax tree: before Python 3.11 no frame knows its columns."""
    best: Optional[ast.Call] = None
    tree = _tree(file, len(lines))
    for node in ast.walk(tree) if tree is not None else []:
        if isinstance(node, ast.Call) and node.lineno <= line <= (node.end_lineno or node.lineno):
            if best is None or (node.lineno, -node.col_offset) > (best.lineno, -best.col_offset):
                best = node
    if best is not None:
        return _of_node(file, lines, best)
    if 0 < line <= len(lines):
        text = lines[line - 1].rstrip("\n")
        stripped = text.strip()
        column = len(text) - len(text.lstrip()) + 1
        return Place(_file(file), line, column, line, column + len(stripped), stripped)
    return None


def _of_assignment(owner: type, attribute: str) -> Optional[Place]:
    """Where a class assigns `self.<attribute>`."""
    try:
        source, first = inspect.getsourcelines(owner)
        file = inspect.getsourcefile(owner) or ""
        tree = ast.parse(textwrap.dedent("".join(source)))
    except (OSError, TypeError, SyntaxError):
        return None
    if file.startswith(_own) or any(part in file for part in _library):
        return None
    lines = _lines(file)
    indent = len(source[0]) - len(source[0].lstrip())
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        for target in targets:
            if isinstance(target, ast.Attribute) and target.attr == attribute and isinstance(target.value, ast.Name):
                value = node.value  # type: ignore[attr-defined]
                if value is not None:
                    return _of_node(file, lines, value, first - 1, indent)
    return None


def _of_node(file: str, lines: List[str], node: Any, line_offset: int = 0, indent: int = 0) -> Place:
    last, end = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
    return _place(
        file, lines, node.lineno + line_offset, node.col_offset + indent, last + line_offset, end + indent
    )


def _place(file: str, lines: List[str], first: int, start: int, last: int, end: int) -> Place:
    """:param start: in bytes of UTF-8, from 0; `end` likewise."""

    def code_points(line: int, offset: int) -> int:
        if not 0 < line <= len(lines):
            return offset
        return len(lines[line - 1].encode()[:offset].decode(errors="ignore"))

    column, end_column = code_points(first, start), code_points(last, end)
    covered = [line.rstrip("\n") for line in lines[first - 1 : last]]
    if covered:
        covered[-1] = covered[-1][:end_column]
        covered[0] = covered[0][column:]
    source = "".join(lines) if _is_cell(file) else None
    cell = source if source is not None and len(source) <= _LONGEST_CELL else None
    return Place(_file(file), first, column + 1, last, end_column + 1, "\n".join(covered), cell)


def absolute(name: str) -> str:
    """An absolute path of a file that was named before the program changed its working directory."""
    return os.path.normpath(os.path.join(_STARTED, name))


def _file(name: str) -> str:
    """An absolute path; a notebook's cell keeps the name that IPython gave it, because only its text identifies it."""
    return name if name.startswith("<") or _is_cell(name) else absolute(name)


#: Characters of a cell's source that are written, at most.
_LONGEST_CELL = 1 << 16


def _is_cell(name: str) -> bool:
    return "ipykernel_" in name or name.startswith("<ipython-input")


def _lines(file: str) -> List[str]:
    return linecache.getlines(_file(file))


@lru_cache(maxsize=32)
def _tree(file: str, _lines_then: int) -> Optional[ast.AST]:
    try:
        return ast.parse("".join(_lines(file)))
    except (SyntaxError, ValueError):
        return None
