"""The DNS records that let a domain's mail be believed: what to publish, and under which name."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from witei_app.mail.dkim_keys import Algorithm

RETURN_PATH_LABEL = "bounces"
MOST_IN_ONE_STRING = 255  # RFC 1035, 3.3: a character-string has one byte for its length


class RecordKind(StrEnum):
    """What a record is for."""

    DKIM_RSA = "dkim_rsa"
    DKIM_ED25519 = "dkim_ed25519"
    SPF = "spf"
    RETURN_PATH = "return_path"
    DMARC = "dmarc"


@dataclass(frozen=True)
class Record:
    """One record to publish. `name` is the full name, `value` what it holds as one text."""

    kind: RecordKind
    record_type: str
    name: str
    value: str
    selector: str = ""


@dataclass(frozen=True)
class PublicKey:
    """What the world may know of a key."""

    selector: str
    algorithm: str
    value: str


def records_for(domain: str, return_path: str, mail_domain: str, keys: Sequence[PublicKey]) -> list[Record]:
    """All records of a domain whose mail leaves through `mail_domain`, in the order in which people set them up."""
    return [
        *(dkim_record(domain, key) for key in keys),
        Record(RecordKind.SPF, "TXT", domain, f"v=spf1 include:{mail_domain} ~all"),
        # One alias brings the MX for bounces and the SPF of the envelope, and follows when ours change.
        Record(RecordKind.RETURN_PATH, "CNAME", return_path, mail_domain),
        Record(RecordKind.DMARC, "TXT", f"_dmarc.{domain}", "v=DMARC1; p=none"),
    ]


def dkim_record(domain: str, key: PublicKey) -> Record:
    """The record that a key's signatures are checked with (RFC 6376, 3.6.1)."""
    kind = RecordKind.DKIM_RSA if key.algorithm == Algorithm.RSA else RecordKind.DKIM_ED25519
    value = f"v=DKIM1; k={key.algorithm}; p={key.value}"
    return Record(kind, "TXT", f"{key.selector}._domainkey.{domain}", value, key.selector)


def short_name(record_name: str, domain: str) -> str:
    """The name as panels want it that add the domain by themselves; "@" is the domain itself."""
    return "@" if record_name == domain else record_name.removesuffix(f".{domain}")


def in_strings(value: str) -> str:
    """A long TXT value in quoted pieces of at most 255 characters, as zone files and some panels want it."""
    pieces = [value[start : start + MOST_IN_ONE_STRING] for start in range(0, len(value), MOST_IN_ONE_STRING)]
    return " ".join(f'"{piece}"' for piece in pieces)
