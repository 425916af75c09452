"""Bytes to text when the label may be missing, misspelt or wrong. Never raises."""

import codecs
import re
import string
from functools import lru_cache

# What mail calls a charset and what was meant. ISO 8859-1 and ASCII are read as Windows-1252, as every browser does
# (WHATWG Encoding Standard, 4.2): the difference is only control characters that nobody sends.
_MEANT = {
    "ascii": "cp1252", "usascii": "cp1252", "ansix341968": "cp1252", "646": "cp1252", "ansi": "cp1252",
    "iso88591": "cp1252", "latin1": "cp1252", "l1": "cp1252", "windows1252": "cp1252", "cp1252": "cp1252",
    "utf8": "utf-8", "utf8mb4": "utf-8", "utf8mb3": "utf-8", "unicode11utf8": "utf-8", "xutf8": "utf-8",
    "unicode20utf8": "utf-8", "cp65001": "utf-8", "utf": "utf-8", "utf8bom": "utf-8",
    "iso88598i": "iso8859-8", "iso88598e": "iso8859-8", "iso88599": "cp1254", "latin5": "cp1254",
    "iso885911": "cp874", "tis620": "cp874", "windows874": "cp874", "dos874": "cp874", "xwindows874": "cp874",
    "dos866": "cp866", "xcp866": "cp866", "dos850": "cp850", "dos437": "cp437", "xibm850": "cp850",
    "xmacroman": "mac-roman", "macintosh": "mac-roman", "mac": "mac-roman",
    "gb2312": "gb18030", "gbk": "gb18030", "xgbk": "gb18030", "chinese": "gb18030", "xgb18030": "gb18030",
    "cngb": "gb18030", "hzgb2312": "hz", "big5": "cp950", "chinesebig5": "cp950", "xxbig5": "cp950", "cnbig5": "cp950",
    "ksc5601": "cp949", "ksc56011987": "cp949", "euckr": "cp949", "ksc56011992": "cp949",
    "shiftjis": "cp932", "sjis": "cp932", "xsjis": "cp932", "windows31j": "cp932", "mskanji": "cp932",
    "iso2022jp": "iso2022_jp_ext", "csiso2022jp": "iso2022_jp_ext", "iso2022jpms": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext", "cp50221": "iso2022_jp_ext", "windows949": "cp949", "gb231280": "gb18030",
    "iso885915": "iso8859-15", "csiso885915": "iso8859-15", "koi8ru": "koi8-u", "iso88596i": "iso8859-6",
    "xmacce": "mac-latin2", "xmaccentraleurroman": "mac-latin2", "xmacchinesetrad": "cp950",
    "xmacchinesesimp": "gb18030", "xunicode20utf7": "utf-7", "unicode11utf7": "utf-7", "unicode": "utf-16",
    "ucs2": "utf-16", "iso10646ucs2": "utf-16",
}  # fmt: skip
_SINGLE_BYTE_WEST = {"cp1252", "iso8859-15", "cp850", "cp437", "mac-roman"}
_NUL_AND_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def decode_text(data: bytes, charset: str = "") -> str:
    """The text of `data`, preferring what it evidently is over what its label says."""
    codec = codec_for(charset)
    if codec in _WIDE:
        codec = _wide(data, codec)
    if data.isascii() and b"\x1b" not in data and codec not in _STATEFUL:
        return data.decode("ascii")
    if codec in ("", "utf-8") and b"\xed" in data:
        data = _pairs_joined(data)
    if codec in ("", "utf-8", "cp1252") and _is_beyond_latin(data):
        codec = _detected(data) or codec
    # Text that happens to be valid UTF-8 beyond ASCII practically never is a one-byte charset.
    for candidate in _candidates(data, codec):
        try:
            return data.decode(candidate)
        except (UnicodeError, LookupError, ValueError):
            continue
    if codec in ("", "utf-8") and _mostly_utf8(data, 1 if codec else 3):
        return data.decode("utf-8", "replace")
    if codec == "utf-8":
        return _two_charsets(data)
    if codec == "iso2022_jp_ext":
        return _iso_2022_jp_ms(data)
    return _western(data) if codec in ("", "cp1252") else data.decode(codec, "replace")


@lru_cache(maxsize=512)
def codec_for(charset: str) -> str:
    """Python's name for a charset as mail spells it, "" when there is none such."""
    plain = re.sub(r"[^a-z0-9]", "", charset.lower())[:40]
    if plain in _MEANT:
        return _MEANT[plain]
    for spelling in (charset.strip().strip("\"'"), plain, re.sub(r"^(?:x|cs)?-?", "", charset.lower().strip())):
        try:
            info = codecs.lookup(spelling[:40])
        except (LookupError, ValueError, UnicodeError):
            continue
        # Python also registers codecs that are not charsets (hex, zip, rot13, idna, punycode).
        if getattr(info, "_is_text_encoding", True) and info.name not in _NOT_CHARSETS:
            return info.name
    return ""


def is_utf8(data: bytes) -> bool:
    """Whether this is UTF-8, apart from damage."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _mostly_utf8(data)
    return True


def without_controls(text: str) -> str:
    """`text` without NUL and other control characters, which databases and screens choke on, and lone surrogates."""
    if not text.isprintable():
        text = _NUL_AND_CONTROLS.sub("", text)
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text


_WIDE = {"utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"}
_STATEFUL = {*_WIDE, "utf-7", "hz", "iso2022_jp_ext", "iso2022_kr"}
_NOT_CHARSETS = {"idna", "punycode", "unicode_escape", "unicode-escape", "raw_unicode_escape", "raw-unicode-escape",
                 "undefined", "mbcs", "oem"}  # fmt: skip


def _wide(data: bytes, codec: str) -> str:
    """The codec of text that is called UTF-16 or the like, which some programs write on what is UTF-8."""
    if b"\0" not in data and is_utf8(data):
        return ""
    if codec == "utf-16" and data[:2] not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16-be" if data[::2].count(0) > data[1::2].count(0) else "utf-16-le"
    return codec


def _pairs_joined(data: bytes) -> bytes:
    """UTF-8 in which Java or Oracle wrote emoji as two halves (CESU-8), put right."""
    return _HALVES.sub(_joined, data, _MOST_HALVES)


def _joined(halves: re.Match[bytes]) -> bytes:
    return halves[0].decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16").encode()


_MOST_HALVES = 10_000  # more than anybody writes: a hostile million of them would take ten seconds
_HALVES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")


def _candidates(data: bytes, codec: str) -> list[str]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and len(data) % 2 == 0 and codec == "":
        return ["utf-16"]
    if codec == "" and b"\x1b$" in data:
        return ["iso2022_jp_ext", "utf-8"]
    if codec == "iso2022_jp_ext":
        return [codec] if data.isascii() else [codec, "utf-8-sig"]
    if codec in ("", "utf-8") or codec in _SINGLE_BYTE_WEST:
        return ["utf-8-sig", codec] if codec else ["utf-8-sig"]
    return [codec, "utf-8-sig"]


def _is_beyond_latin(data: bytes) -> bool:
    """Whether this is neither UTF-8 nor a Latin script, in which bytes beyond ASCII are few."""
    sample = data[:_SAMPLE]
    low = sample.translate(None, _HIGH)
    high = len(sample) - len(low)
    letters = len(low) - len(low.translate(None, string.ascii_letters.encode()))
    return high >= 8 and high > letters and not is_utf8(data)


def _detected(data: bytes) -> str:
    """The charset that the statistics of languages suggest, "" for none."""
    from charset_normalizer import from_bytes  # it takes 0.1 s to load, and few mails need it

    sample = data[:_SAMPLE]
    best = from_bytes(sample, cp_isolation=_BEYOND_LATIN).best()
    if best and best.encoding == "cp932" and _HALF_WIDTH.search(str(best)):
        return _cyrillic(sample)
    return best.encoding if best else ""


def _cyrillic(data: bytes) -> str:
    """Small letters, of which words mostly consist, stand where the other charset has its capitals."""
    in_koi8 = sum(1 for byte in data if 0xC0 <= byte <= 0xDF)
    return "koi8_r" if in_koi8 > sum(1 for byte in data if byte >= 0xE0) else "cp1251"


_SAMPLE = 4096
_HIGH = bytes(range(0x80, 0x100))
# Cyrillic words look like this when they are read as Shift_JIS; nobody writes mail so.
_HALF_WIDTH = re.compile(r"^[\uff61-\uff9f\s\x21-\x7e]+$")
_BEYOND_LATIN = ["cp1251", "koi8_r", "cp932", "euc_jp", "gb18030", "big5", "euc_kr", "cp1253", "cp1255", "cp1256"]


def _iso_2022_jp_ms(data: bytes) -> str:
    """ISO-2022-JP with the characters that Windows adds to it, such as "①": shifted, it is what Shift_JIS maps."""
    pieces = _ESCAPE.split(data)  # text, then by turns an escape and the text after it
    texts = [pieces[0].decode("ascii", "replace")]
    for escape, text in zip(pieces[1::2], pieces[2::2], strict=True):
        if escape in (b"\x1b$B", b"\x1b$@"):
            texts.append(_two_byte_kana(text))
        else:
            shifted = bytes(byte | 0x80 for byte in text) if escape == b"\x1b(I" else text
            texts.append(shifted.decode("cp932", "replace"))
    return "".join(texts)


def _two_byte_kana(text: bytes) -> str:
    shifted = bytearray()
    for row, cell in zip(text[::2], text[1::2], strict=False):
        shifted.append(((row - 0x21) >> 1) + (0x81 if row < 0x5F else 0xC1) & 0xFF)
        shifted.append(cell + (0x1F if row % 2 and cell < 0x60 else 0x20 if row % 2 else 0x7E) & 0xFF)
    return shifted.decode("cp932", "replace")


_ESCAPE = re.compile(rb"(\x1b\$[@B]|\x1b\([BJI])")


def _mostly_utf8(data: bytes, ratio: int = 1) -> bool:
    """Whether damage, not another charset, explains why this is not valid UTF-8."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", "ignore")) - bad
    return good >= bad * ratio


def _two_charsets(data: bytes) -> str:
    """Text that is called UTF-8 and in parts is: the rest is what a program put in as it was."""
    pieces = _UTF8_CHARACTERS.split(data)  # by turns another charset and UTF-8
    return "".join(
        piece.decode("utf-8", "replace") if number % 2 else _western(piece) for number, piece in enumerate(pieces)
    )


_UTF8_CHARACTERS = re.compile(rb"((?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+)")


def _western(data: bytes) -> str:
    # The five bytes that Windows-1252 leaves undefined pass through as ISO 8859-1 would have them.
    try:
        return data.decode("cp1252")
    except UnicodeError:
        return "".join(bytes((byte,)).decode("cp1252", "ignore") or chr(byte) for byte in data)
