"""Mails that only the holder of a key can read: PGP as a whole (RFC 3156, 4) or within the text, and S/MIME."""

import re
from email.message import Message

from witei_app.mail.headers import parameter
from witei_app.mail.structure import content, content_type, file_name
from witei_app.texts import LANGUAGES, later, translate

ENCRYPTED = later("This message is encrypted and cannot be read here.")
# id-envelopedData (RFC 5652, 6.1) and id-ct-authEnvelopedData (RFC 5083, 2.1) as they stand at the head of the file.
_ENVELOPED = bytes.fromhex("06092a864886f70d010703"), bytes.fromhex("060b2a864886f70d0109100117")
_WHERE_THE_TYPE_STANDS = 40
_BLOCK = re.compile(
    r"^-----BEGIN PGP MESSAGE(?:, PART \d+(?:/\d+)?)?-----[ \t]*\n.*?(?:^-----END PGP MESSAGE[^\n]*\n?|\Z)",
    re.DOTALL | re.MULTILINE,
)


def is_encrypted(message: Message, parts: list[Message], text: str) -> bool:
    """Whether what its author wrote, or a block of it, cannot be read without a key."""
    if any(content_type(part) == "multipart/encrypted" for part in message.walk()):
        return True
    return any(map(_is_envelope, parts)) or bool(_BLOCK.search(text))


def without_blocks(text: str, words: str) -> tuple[str, str]:
    """`text` with `words` in the place of its encrypted blocks, and these blocks."""
    blocks = [found[0].strip("\n") for found in _BLOCK.finditer(text)]
    return _BLOCK.sub(lambda _: f"{words}\n", text).strip("\n"), "\n\n".join(blocks)


def in_readers_words(text: str, language: str) -> str:
    """What was stored in the workspace's language, in the reader's."""
    for other in LANGUAGES:
        said = translate(ENCRYPTED, other)
        if said in text:
            return text.replace(said, translate(ENCRYPTED, language))
    return text


def _is_envelope(part: Message) -> bool:
    media = content_type(part)
    if media == "application/pgp-encrypted":
        # Exchange makes multipart/mixed of the whole. An encrypted file that somebody attached holds no version.
        return content(part).strip()[:8].lower() == b"version:"
    if media in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        kind = parameter(part, "smime-type", "Content-Type").lower()
        return kind in ("enveloped-data", "authenveloped-data") or _begins_enveloped(part)
    return file_name(part).lower() == "smime.p7m" and _begins_enveloped(part)


def _begins_enveloped(part: Message) -> bool:
    head = content(part)[:_WHERE_THE_TYPE_STANDS]
    return any(kind in head for kind in _ENVELOPED)
