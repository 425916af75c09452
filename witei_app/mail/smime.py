"""The readable content of a mail signed as a whole (S/MIME, "opaque" signature: RFC 8551, 3.5.2)."""

_DATA = bytes.fromhex("06092a864886f70d010701")  # id-data, the type of what was signed (RFC 5652, 4)
_OCTETS, _OCTETS_IN_PIECES, _EXPLICIT_0 = 0x04, 0x24, 0xA0


def signed_content(cms: bytes) -> bytes:
    """The MIME entity inside a CMS SignedData, b"" when there is none: encrypted, detached or damaged.

    Only this one value is taken out; nothing is verified here.
    """
    at = cms.find(_DATA)
    if at < 0:
        return b""
    try:
        return _octets(*_value(cms, at + len(_DATA), _EXPLICIT_0))
    except (IndexError, ValueError):
        return b""


def _value(data: bytes, at: int, tag: int) -> tuple[bytes, int, int]:
    """(data, start, end) of the value whose tag stands at `at`; an indefinite length ends with the data."""
    if data[at] != tag:
        raise ValueError("another tag")
    first = data[at + 1]
    if first < 0x80:
        return data, at + 2, at + 2 + first
    count = first & 0x7F
    start = at + 2 + count
    return data, start, start + int.from_bytes(data[at + 2 : start]) if count else len(data)


def _octets(data: bytes, start: int, end: int) -> bytes:
    """An octet string, whole or in the pieces that programs write when they do not know its length (X.690, 8.7)."""
    if data[start] == _OCTETS:
        _, inner, inner_end = _value(data, start, _OCTETS)
        return data[inner:inner_end]
    _, position, end = _value(data, start, _OCTETS_IN_PIECES)
    pieces = []
    while position < end and data[position] == _OCTETS:
        _, inner, position = _value(data, position, _OCTETS)
        pieces.append(data[inner:position])
    return b"".join(pieces)
