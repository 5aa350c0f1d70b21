"""Captured values, from the encoding that ``_native/encode.c`` documents to what a reader sees."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Callable, Mapping, Sequence, Sized
from typing import Any, NamedTuple, TypeVar

import msgpack

from scope_repl.errors import DamagedLog
from scope_repl.recording.captured import (
    CapturedArray,
    CapturedDerived,
    CapturedException,
    CapturedFrame,
    CapturedNamed,
    CapturedObject,
    CapturedType,
    Description,
    TypeName,
)
from scope_repl.recording.containers import CapturedDict, CapturedFrozenset, CapturedList, CapturedSet, CapturedTuple
from scope_repl.recording.cut import GONE, Cut, CutBytes, CutInt, CutText, Left, Redacted, Reference, Seen

TypeNames = Callable[[int], tuple[str, str]] | Mapping[int, tuple[str, str]]
Refer = Callable[[int], Any]

_REFERENCE = 28
_REFERENCE_BYTE = bytes((_REFERENCE,))
_ADDRESS_BYTES = 10  # an array of one, and a number of eight bytes
_CONSTANTS: Mapping[int, Callable[[], Any]] = {1: Redacted, 2: Cut, 29: lambda: GONE}
_NESTING_MAX = 32
_OPTIONS: Mapping[str, Any] = {"unicode_errors": "surrogatepass", "use_list": True, "strict_map_key": False}
_T = TypeVar("_T")
_P = TypeVar("_P", bound=Sized)
_DTYPES = {
    "?": "bool", "b": "int8", "B": "uint8", "h": "int16", "H": "uint16", "i": "int32", "I": "uint32", "l": "int64",
    "L": "uint64", "q": "int64", "Q": "uint64", "e": "float16", "f": "float32", "d": "float64", "g": "longdouble",
    "F": "complex64", "D": "complex128", "O": "object", "M": "datetime64", "m": "timedelta64", "U": "str", "S": "bytes",
    "V": "void", "T": "StringDType",
}  # fmt: skip


def decode(payload: bytes | bytearray | memoryview, type_name: TypeNames, refer: Refer = Reference) -> Any:
    """Decode a captured value.

    What was kept whole comes out as plain Python values; lists, tuples, sets and dicts as subclasses of the real ones
    that also know their address and size; everything else as the classes of ``cut`` and ``captured``.

    Args:
        payload: one value in the encoding of ``_native/encode.c``.
        type_name: gives module and qualified name for the number of a type.
        refer: gives what stands for the object at an address whose content is in its versions.

    Returns:
        The value; ``GONE`` for that of a name that has none.

    Raises:
        DamagedLog: the payload is not in that encoding.
    """
    return checked(_Decoder(type_name, refer).decode, payload)


def decode_all(payload: bytes, type_name: TypeNames, refer: Refer = Reference) -> list[Any]:
    """Decode captured values that follow each other, as in the content of a version.

    Args:
        payload: the values.
        type_name: as for ``decode``.
        refer: likewise.

    Returns:
        The values; ``Left`` where some of a container were left out.

    Raises:
        DamagedLog: the payload is not in that encoding.
    """
    return checked(_Decoder(type_name, refer).decode_all, payload)


def may_refer(payload: bytes) -> bool:
    """Whether a payload may hold an object whose content is in versions: if not, it says all by itself."""
    return _REFERENCE_BYTE in payload


def checked(read: Callable[[_P], _T], payload: _P) -> _T:
    """Read a part of a captured value.

    Args:
        read: reads it.
        payload: the part.

    Raises:
        DamagedLog: it cannot be read.
    """
    try:
        return read(payload)
    except DamagedLog:
        raise
    except (ValueError, TypeError, LookupError, OverflowError, msgpack.UnpackException) as error:
        raise DamagedLog(f"a captured value of {len(payload)} parts cannot be decoded: {error}") from error


class _Decoder:
    def __init__(self, type_name: TypeNames, refer: Refer) -> None:
        self._type_name = type_name if callable(type_name) else type_name.__getitem__
        self._nesting = 0
        self.refer = refer

    def decode(self, payload: bytes | bytearray | memoryview) -> Any:
        self._nesting += 1
        if self._nesting > _NESTING_MAX:
            raise DamagedLog(f"a captured value is nested more than {_NESTING_MAX} deep, which the tracer never does")
        value = msgpack.unpackb(payload, ext_hook=self._extension, **_OPTIONS)
        self._nesting -= 1
        return value

    def decode_all(self, payload: bytes) -> list[Any]:
        unpacker = msgpack.Unpacker(ext_hook=self._extension, read_size=1024, **_OPTIONS)
        unpacker.feed(payload)
        values = list(unpacker)
        if unpacker.tell() != len(payload):
            raise ValueError("it ends within a value")
        return values

    def _extension(self, code: int, data: bytes) -> Any:
        if code == _REFERENCE and len(data) == _ADDRESS_BYTES:  # as the tracer writes it: by far the most frequent
            return self.refer(int.from_bytes(data[2:], "big"))
        if code in _CONSTANTS:
            return _CONSTANTS[code]()
        form, content = _FORMS[code], self.decode(data)
        for kind, field in zip(form.fields, content[: len(form.fields)], strict=True):
            if not isinstance(field, kind):
                raise TypeError(f"extension {code} holds {type(field).__name__} where it should not")
        return form.build(self, *content)

    def type(self, number: int) -> TypeName:
        """The name of a type; "?" for one that the log does not name."""
        try:
            return TypeName(*self._type_name(number))
        except LookupError:
            return TypeName("", "?")


def pairs(flat: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Keys and values that follow each other, as pairs."""
    return list(zip(flat[::2], flat[1::2], strict=True))


def _int(_: _Decoder, negative: bool, bits: int, magnitude: bytes) -> int | CutInt:
    value = int.from_bytes(magnitude, "big")
    value = -value if negative else value
    return value if value.bit_length() == bits else CutInt(value, bits)


def _text(_: _Decoder, size: int, text: str) -> CutText:
    return CutText(text, size)


def _bytes(_: _Decoder, size: int, data: bytes) -> CutBytes:
    return CutBytes(data, size)


def _bytearray(_: _Decoder, address: int, size: int, data: bytes) -> bytearray | CutBytes:
    return bytearray(data) if len(data) == size else CutBytes(data, size, "bytearray")


def _complex(_: _Decoder, real: float, imaginary: float) -> complex:
    return complex(real, imaginary)


def _list(_: _Decoder, address: int, size: int, *items: Any) -> CapturedList:
    return CapturedList(items, address, size)


def _tuple(_: _Decoder, address: int, size: int, *items: Any) -> CapturedTuple:
    return CapturedTuple(items, address, size)


def _set(_: _Decoder, address: int, size: int, *items: Any) -> CapturedSet:
    return CapturedSet(items, address, size)


def _frozenset(_: _Decoder, address: int, size: int, *items: Any) -> CapturedFrozenset:
    return CapturedFrozenset(items, address, size)


def _dict(_: _Decoder, address: int, size: int, *flat: Any) -> CapturedDict:
    return CapturedDict(pairs(flat), address, size)


def _range(_: _Decoder, start: int, stop: int, step: int) -> range:
    return range(start, stop, step)


def _slice(_: _Decoder, start: Any, stop: Any, step: Any) -> slice:
    return slice(start, stop, step)


def _seen(_: _Decoder, address: int) -> Seen:
    return Seen(address)


def _type(decoder: _Decoder, address: int, number: int) -> CapturedType:
    return CapturedType(decoder.type(number), address)


def _named(
    decoder: _Decoder, number: int, address: int, module: str | None, name: Any, bound_to: Any = None
) -> CapturedNamed:
    return CapturedNamed(decoder.type(number), address, module, name, bound_to)


def _object(decoder: _Decoder, number: int, address: int, size: int, *flat: Any) -> CapturedObject:
    return CapturedObject(Description(decoder.type(number), address, size, dict(pairs(flat))), address)


def _derived(decoder: _Decoder, number: int, address: int, content: Any, size: int, *flat: Any) -> CapturedDerived:
    return CapturedDerived(Description(decoder.type(number), address, size, dict(pairs(flat)), content), address)


def _record(decoder: _Decoder, number: int, address: int, size: int, *flat: Any) -> CapturedDerived:
    content = CapturedTuple(flat[1::2], address, size)
    return CapturedDerived(Description(decoder.type(number), address, size, dict(pairs(flat)), content), address)


def _exception(decoder: _Decoder, number: int, address: int, content: Any, size: int, *flat: Any) -> CapturedException:
    return CapturedException(Description(decoder.type(number), address, size, dict(pairs(flat)), content), address)


def _date(_: _Decoder, *parts: int) -> datetime.date:
    return datetime.date(*parts)


def _time(_: _Decoder, hour: int, minute: int, second: int, microsecond: int, fold: int, zone: Any) -> Any:
    return _in_zone(datetime.time(hour, minute, second, microsecond, fold=fold), zone, "time")


def _datetime(
    _: _Decoder,
    year: int,
    month: int,
    day: int,
    hour: int,
    minute: int,
    second: int,
    microsecond: int,
    fold: int,
    zone: Any,
) -> Any:
    naive = datetime.datetime(year, month, day, hour, minute, second, microsecond, fold=fold)
    return _in_zone(naive, zone, "datetime")


def _in_zone(naive: Any, zone: Any, kind: str) -> Any:
    """With its time zone, if that is fixed or known by a key; else the zone stands beside it."""
    if zone is None:
        return naive
    if isinstance(zone, datetime.timedelta):
        return naive.replace(tzinfo=datetime.timezone(zone))
    key = zone.__captured__.attributes.get("key") if isinstance(zone, CapturedObject) else None
    if isinstance(key, str):
        try:
            return naive.replace(tzinfo=zoneinfo.ZoneInfo(key))
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            pass
    return CapturedDerived(Description(TypeName("datetime", kind), 0, 1, {"tzinfo": zone}, naive), 0)


def _timedelta(_: _Decoder, days: int, seconds: int, microseconds: int) -> datetime.timedelta:
    return datetime.timedelta(days, seconds, microseconds)


def _array(decoder: _Decoder, number: int, address: int, format: str, shape: list[int], *items: Any) -> CapturedArray:
    if not all(isinstance(length, int) for length in shape):
        raise TypeError("an array's shape is not made of numbers")
    dtype = _DTYPES.get(format, format)
    return CapturedArray(decoder.type(number), address, dtype, tuple(shape), items)


def _frame(
    decoder: _Decoder, number: int, address: int, rows: int | None, width: int | None, *columns: Any
) -> CapturedFrame:
    return CapturedFrame(decoder.type(number), address, rows, width, columns)


def _reference(decoder: _Decoder, address: int) -> Any:
    return decoder.refer(address)


def _left(_: _Decoder, size: int, fingerprint: int) -> Left:
    return Left(size, fingerprint)


class _Form(NamedTuple):
    """How an extension's content becomes a value, and the kinds of what it begins with."""

    build: Callable[..., Any]
    fields: tuple[Any, ...]


_TEXT = str | CutText | Cut | None
_COUNT = int | None

_FORMS: Mapping[int, _Form] = {
    3: _Form(_int, (bool, int, bytes)),
    4: _Form(_text, (int, str)),
    5: _Form(_bytes, (int, bytes)),
    6: _Form(_bytearray, (int, int, bytes)),
    7: _Form(_complex, (float, float)),
    8: _Form(_list, (int, int)),
    9: _Form(_tuple, (int, int)),
    10: _Form(_set, (int, int)),
    11: _Form(_frozenset, (int, int)),
    12: _Form(_dict, (int, int)),
    13: _Form(_range, (int, int, int)),
    14: _Form(_slice, (object, object, object)),
    15: _Form(_seen, (int,)),
    16: _Form(_type, (int, int)),
    17: _Form(_named, (int, int, _TEXT, _TEXT)),
    18: _Form(_object, (int, int, _COUNT)),
    19: _Form(_derived, (int, int, object, _COUNT)),
    20: _Form(_record, (int, int, int)),
    21: _Form(_exception, (int, int, object, _COUNT)),
    22: _Form(_date, (int, int, int)),
    23: _Form(_time, (int, int, int, int, int, object)),
    24: _Form(_datetime, (int, int, int, int, int, int, int, int, object)),
    25: _Form(_timedelta, (int, int, int)),
    26: _Form(_array, (int, int, str, list)),
    27: _Form(_frame, (int, int, _COUNT, _COUNT)),
    _REFERENCE: _Form(_reference, (int,)),
    30: _Form(_left, (int, int)),
}
