"""TensorBoard's event files, with the standard library alone. The format is specified in docs/run-format.md."""

from __future__ import annotations

import json
import math
import struct
import time
from array import array
from functools import lru_cache
from typing import Any, List, Mapping, Sequence, Tuple

#: The plugin name of our own values; TensorBoard passes over them.
PLUGIN = "gradlens"

_FLOAT, _DOUBLE, _STRING = 1, 2, 7


@lru_cache(maxsize=1)
def _table() -> "array[int]":
    """CRC-32C of all pairs of bytes: half the look-ups of the usual table."""
    single = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
        single.append(crc)
    pairs = array("Q")
    for pair in range(65536):
        crc = (pair >> 8) ^ single[pair & 0xFF]
        pairs.append((crc >> 8) ^ single[crc & 0xFF])
    return pairs


def crc32c(data: bytes) -> int:
    """CRC-32C (Castagnoli; RFC 3720, appendix B.4)."""
    table = _table()
    crc = 0xFFFFFFFF
    odd = len(data) & 1
    for (pair,) in struct.iter_unpack("<H", data[: len(data) - odd]):
        crc = table[(crc ^ pair) & 0xFFFF] ^ (crc >> 16)
    if odd:
        # A pair's entry with a zero second byte is the first byte's, moved on by one more byte: done bit by bit.
        crc ^= data[-1]
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def _masked(data: bytes) -> bytes:
    crc = crc32c(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def record(message: bytes) -> bytes:
    """One record of a TFRecord file."""
    length = struct.pack("<Q", len(message))
    return length + _masked(length) + message + _masked(message)


def version_event() -> bytes:
    """The event that every file begins with."""
    return _event(0, _field(3, b"brain.Event:2"))


def summary_event(step: int, values: Sequence[bytes]) -> bytes:
    """One event with all values of a step."""
    return _event(step, _field(5, b"".join(_field(1, value) for value in values)))


def scalar(tag: str, number: float) -> bytes:
    """A plain scalar; a number beyond float32's range is a tensor of one double."""
    if _fits(number):
        return _field(1, tag.encode()) + b"\x15" + struct.pack("<f", number)
    return _field(1, tag.encode()) + _tensor(_DOUBLE, [], _field(6, struct.pack("<d", number))) + _plugin("scalars")


def text(tag: str, value: Any) -> bytes:
    """JSON under our plugin's name."""
    content = json.dumps(plain(value), allow_nan=False, separators=(",", ":"), ensure_ascii=False)
    return _field(1, tag.encode()) + _tensor(_STRING, [], _field(8, content.encode())) + _plugin(PLUGIN)


def numbers(tag: str, values: Sequence[float]) -> bytes:
    """A row of numbers as float32, unless one of them needs a double."""
    try:
        content, dtype = struct.pack(f"<{len(values)}f", *values), _FLOAT
    except OverflowError:
        content, dtype = struct.pack(f"<{len(values)}d", *values), _DOUBLE
    return _field(1, tag.encode()) + _tensor(dtype, [len(values)], _field(4, content)) + _plugin(PLUGIN)


def plain(value: Any) -> Any:
    """The value without the numbers that JSON lacks, which become words."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value


def _fits(number: float) -> bool:
    if not math.isfinite(number):
        return True
    try:
        return bool(struct.unpack("<f", struct.pack("<f", number))[0]) == bool(number)
    except OverflowError:
        return False


def _event(step: int, rest: bytes) -> bytes:
    return b"\x09" + struct.pack("<d", time.time()) + b"\x10" + _varint(step) + rest


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def _field(number: int, data: bytes) -> bytes:
    return _varint(number * 8 + 2) + _varint(len(data)) + data


def _tensor(dtype: int, shape: Sequence[int], content: bytes) -> bytes:
    dims = b"".join(_field(2, b"\x08" + _varint(size)) for size in shape)
    return _field(8, b"\x08" + _varint(dtype) + _field(2, dims) + content)


def _plugin(name: str) -> bytes:
    return _field(9, _field(1, _field(1, name.encode())))


class Value:
    """One value read back: `tag`, `step`, and a number, a row of numbers, or a text's JSON."""

    def __init__(self, tag: str, step: int, content: Any) -> None:
        self.tag, self.step, self.content = tag, step, content


def read(data: bytes) -> Tuple[List[Value], int]:
    """All values of a file's whole records, and how many records are damaged. An incomplete record at the end is cut.

    It reads what this module writes, which is what combining the files of several ranks needs.
    """
    values: List[Value] = []
    at, damaged = 0, 0
    while at + 12 <= len(data):
        (length,) = struct.unpack_from("<Q", data, at)
        if _masked(data[at : at + 8]) != data[at + 8 : at + 12]:
            damaged += 1
            break
        end = at + 12 + length
        if end + 4 > len(data):
            break
        message = data[at + 12 : end]
        if _masked(message) == data[end : end + 4]:
            values.extend(_values(message))
        else:
            damaged += 1
        at = end + 4
    return values, damaged


def _fields(data: bytes) -> "List[Tuple[int, Any]]":
    result: List[Tuple[int, Any]] = []
    at = 0

    def varint() -> int:
        nonlocal at
        number = shift = 0
        while True:
            byte = data[at]
            at += 1
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return number

    while at < len(data):
        key = varint()
        kind = key & 7
        if kind == 0:
            result.append((key >> 3, varint()))
            continue
        size = varint() if kind == 2 else 8 if kind == 1 else 4
        result.append((key >> 3, data[at : at + size]))
        at += size
    return result


def _values(message: bytes) -> List[Value]:
    event = _fields(message)
    step = next((v for n, v in event if n == 2), 0)
    summaries = [v for n, v in event if n == 5]
    return [_value(step, dict(_fields(inner))) for s in summaries for n, inner in _fields(s) if n == 1]


def _value(step: int, fields: "dict[int, Any]") -> Value:
    tag = fields[1].decode()
    if 2 in fields:
        return Value(tag, step, struct.unpack("<f", fields[2])[0])
    tensor = dict(_fields(fields[8]))
    if tensor[1] == _STRING:
        return Value(tag, step, json.loads(tensor[8]))
    content = tensor.get(4, tensor.get(6, b""))
    code, size = ("f", 4) if tensor[1] == _FLOAT else ("d", 8)
    row = list(struct.unpack(f"<{len(content) // size}{code}", content))
    return Value(tag, step, row if 4 in tensor else row[0])
