"""Files inside a mail: parts, uuencoded text and Outlook's winmail.dat; and names that are safe to keep."""

import binascii
import mimetypes
import re
import unicodedata
from email.message import Message
from html import unescape
from urllib.parse import unquote

from tnefparse import TNEF

from witei_app.mail.charsets import decode_text
from witei_app.mail.headers import decode_words, first_value
from witei_app.mail.structure import content, content_type, file_name
from witei_app.mail.types import ParsedFile

# What a signature verifier or the mail server wants, but no reader (RFC 1847, RFC 8551, RFC 3464, RFC 8098).
_NOT_FOR_READERS = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "message/delivery-status",
    "message/global-delivery-status",
    "message/disposition-notification",
    "message/feedback-report",
}
_NAMED = re.compile(r"cid:([^\"'<>]{1,998})", re.IGNORECASE)
_LONGEST_NAME = 240  # bytes; file systems take 255


def read_files(parts: list[Message], html: str) -> tuple[ParsedFile, ...]:
    """The files in `parts` with exact bytes; those that the HTML shows by cid are inline."""
    found: list[ParsedFile] = []
    named = _named_ids(html)
    for number, part in enumerate(parts, 1):
        media = content_type(part)
        if media in _NOT_FOR_READERS:
            continue
        data = message_bytes(part) if media.startswith("message/") else content(part)
        name = file_name(part)
        if media == "application/ms-tnef" or name.lower() == "winmail.dat":
            words, unpacked = unpack_tnef(data)
            found += unpacked
            if not unpacked or not (words or html):  # what was written may be in a form that is not read
                found.append(ParsedFile("winmail.dat", media, data))
        else:
            found.append(_file(part, media, name or _nameless(part, media, data, number), data, named))
    return tuple(found)


def message_bytes(part: Message) -> bytes:
    """The exact bytes of a message inside the message. Some servers encode it, which RFC 2046, 5.2.1 forbids."""
    return content(part).removeprefix(b"\r\n").removeprefix(b"\n")


def safe_file_name(name: str, fallback: str = "file") -> str:
    """`name` without a path, control characters, direction overrides or excess length; never hidden or empty."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = "".join(char if unicodedata.category(char) not in _TRICKY else "" for char in name)
    # Two spaces can be meant; many push the ending out of sight.
    name = re.sub(r'[<>:"|?*]', "_", re.sub(r"[^\S \u3000]|\s{3,}", " ", name)).strip(" .")
    if re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", name):
        name = f"_{name}"
    if len(name.encode()) > _LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        ending = f"{dot}{ending}" if stem and len(ending) <= 10 else ""
        stem = name.removesuffix(ending).encode()[: _LONGEST_NAME - len(ending.encode())].decode("utf-8", "ignore")
        name = stem + ending
    return name or fallback


def take_uuencoded(text: str) -> tuple[str, list[ParsedFile]]:
    """`text` without uuencoded files, and these files."""
    files: list[ParsedFile] = []

    def unpack(block: re.Match[str]) -> str:
        data = _uudecode(block[2])
        if data is None:
            return block[0]
        name = safe_file_name(block[1])
        files.append(ParsedFile(name, mimetypes.guess_type(name)[0] or "application/octet-stream", data))
        return ""

    if "\nbegin " not in f"\n{text}":
        return text, files
    text = _UUENCODED.sub(unpack, text + "\n")
    return re.sub(r"\n{3,}", "\n\n", text).rstrip("\n"), files


def unpack_tnef(data: bytes) -> tuple[str, list[ParsedFile]]:
    """The HTML or text and the files inside a winmail.dat; nothing when it is damaged."""
    try:
        tnef = TNEF(data)
        html = tnef.htmlbody or tnef.body or ""
        files = [_tnef_file(attachment, number) for number, attachment in enumerate(tnef.attachments, 1)]
    except Exception:  # the library raises whatever the bytes lead it to
        return "", []
    text = html if isinstance(html, str) else decode_text(html)
    return text, files


# Controls, formats (among them the direction overrides that make "exe.pdf" of "fdp.exe"), surrogates, line separators.
_TRICKY = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_UUENCODED = re.compile(r"^begin [0-7]{3,4} (\S[^\n]{0,200})\n((?:[!-`][ -`]{0,90}\n)+?)[`\s]*end[ \t]*$", re.MULTILINE)


def _named_ids(html: str) -> set[str]:
    """The Content-IDs of the images that the HTML shows, in small letters. They may be escaped as addresses are
    (RFC 2392, 2), and as HTML is.
    """
    found = [unescape(name) for name in _NAMED.findall(html)]
    written = {way for name in found for way in (name.strip(), re.split(r"[\s)]", name.strip(), maxsplit=1)[0])}
    return {way.lower() for name in written for way in (name, unquote(name))}


def _file(part: Message, media: str, name: str, data: bytes, named: set[str]) -> ParsedFile:
    cid = first_value(part, "Content-ID").strip(" <>")
    return ParsedFile(safe_file_name(name), media, data, cid, bool(cid) and cid.lower() in named)


def _nameless(part: Message, media: str, data: bytes, number: int) -> str:
    if media.startswith("message/"):
        subject = re.search(rb"^subject:[ \t]*([^\r\n]{1,200})", data[:20_000], re.IGNORECASE | re.MULTILINE)
        title = decode_words(decode_text(subject[1])) if subject else ""
        return f"{title.replace('/', '-') or 'message'}.eml"
    if media == "text/calendar":
        return "invitation.ics"
    ending = ".txt" if media.startswith("text/") else ".bin"
    kind = {"image": "image", "audio": "audio", "video": "video", "text": "text"}.get(media.partition("/")[0], "file")
    return f"{kind}-{number}{mimetypes.guess_extension(media) or ending}"


def _uudecode(lines: str) -> bytes | None:
    data = b""
    for line in lines.splitlines():
        try:
            data += binascii.a2b_uu(line)
        except (binascii.Error, ValueError):
            # The workaround of the standard library's own uu module for encoders that pad too much.
            try:
                data += binascii.a2b_uu(line[: (((ord(line[0]) - 32) & 63) * 4 + 5) // 3])
            except (binascii.Error, ValueError):
                return None
    return data


def _tnef_file(attachment: object, number: int) -> ParsedFile:
    try:
        name = str(attachment.long_filename())  # type: ignore[attr-defined]
    except UnicodeError:
        name = decode_text(attachment._name)  # type: ignore[attr-defined]
    name = safe_file_name(name.strip("\0"), f"file-{number}.bin")
    return ParsedFile(name, mimetypes.guess_type(name)[0] or "application/octet-stream", bytes(attachment.data))  # type: ignore[attr-defined]
