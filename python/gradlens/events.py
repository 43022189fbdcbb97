"""TensorBoard's event files, with the standard library alone. The format is specified in docs/run-format.md."""

from __future__ import annotations

import json
import math
import struct
import time
from array import array
from functools import lru_cache
from typing import Any, List, Mapping, Optional, Sequence, Tuple

#: The plugin name of our own values; TensorBoard passes over them.
PLUGIN = "gradlens"

_FLOAT, _DOUBLE, _STRING = 1, 2, 7


@lru_cache(maxsize=1)
def tables() -> Tuple[List[int], "array[int]", "array[int]"]:
    """CRC-32C of all bytes, and of all pairs of bytes that stand first or last in four: two look-ups for four bytes."""
    single = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
        single.append(crc)
    # A CRC without its initial value is linear, so that of a pair is the XOR of those of its bytes at their places.
    places = [single]
    for _ in range(3):
        places.append([(crc >> 8) ^ single[crc & 0xFF] for crc in places[-1]])
    last, first = ([a ^ b for b in places[k] for a in places[k + 1]] for k in (0, 2))
    return single, array("I", first), array("I", last)


def crc32c(data: bytes) -> int:
    """CRC-32C (Castagnoli; RFC 3720, appendix B.4)."""
    single, first, last = tables()
    crc = 0xFFFFFFFF
    odd = len(data) & 3
    for (four,) in struct.iter_unpack("<I", data[: len(data) - odd]):
        crc ^= four
        crc = first[crc & 0xFFFF] ^ last[crc >> 16]
    for byte in data[len(data) - odd :]:
        crc = (crc >> 8) ^ single[(crc ^ byte) & 0xFF]
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
    packed = _float32(number)
    if packed is not None:
        return _scalar_head(tag) + packed
    return _field(1, tag.encode()) + _tensor(_DOUBLE, [], _field(6, struct.pack("<d", number))) + _plugin("scalars")


def text(tag: str, value: Any) -> bytes:
    """JSON under our plugin's name."""
    content = json.dumps(plain(value), allow_nan=False, separators=(",", ":"), ensure_ascii=False)
    return _field(1, tag.encode()) + _tensor(_STRING, [], _field(8, content.encode())) + _plugin(PLUGIN)


def numbers(tag: str, values: Sequence[float]) -> bytes:
    """A row of numbers as float32, unless one of them needs a double."""
    count = len(values)
    try:
        return _numbers_head(tag, count, _FLOAT) + struct.pack(f"<{count}f", *values) + _OUR_PLUGIN
    except OverflowError:
        return _numbers_head(tag, count, _DOUBLE) + struct.pack(f"<{count}d", *values) + _OUR_PLUGIN


def plain(value: Any) -> Any:
    """The value without the numbers that JSON lacks, which become words."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value


_pack_float = struct.Struct("<f").pack


def _float32(number: float) -> Optional[bytes]:
    """None: float32 cannot hold it."""
    try:
        packed = _pack_float(number)
    except OverflowError:
        return None
    # A number so small that nothing is left of it but its sign.
    return None if number and packed[:3] == b"\0\0\0" and packed[3] & 127 == 0 else packed


# Every probed step writes the same tags: what stands around the numbers is made once.


@lru_cache(maxsize=1 << 14)
def _scalar_head(tag: str) -> bytes:
    return _field(1, tag.encode()) + b"\x15"


@lru_cache(maxsize=1 << 14)
def _numbers_head(tag: str, count: int, dtype: int) -> bytes:
    size = count * (4 if dtype == _FLOAT else 8)
    whole = _tensor(dtype, [count], _field(4, bytes(size)))
    return _field(1, tag.encode()) + whole[: len(whole) - size]


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


_OUR_PLUGIN = _plugin(PLUGIN)


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
