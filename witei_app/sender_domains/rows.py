"""What the page of sender domains shows."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class RecordRow:
    """A record to publish and what was found. `level` is a `Level`, "" before the first look."""

    key: str
    title: str
    record_type: str
    name: str
    full_name: str
    value: str
    pieces: str = ""
    level: str = ""
    verdict: str = ""
    finding: str = ""
    suggestion: str = ""


@dataclass(frozen=True)
class SenderAddressRow:
    """An address of a domain. While that is failing, mail only has its answers go there."""

    id: int
    email: str
    display_name: str
    is_default: bool
    is_failing: bool = False


@dataclass(frozen=True)
class SenderDomainRow:
    """A domain with all that its part of the page shows."""

    id: int
    domain: str
    state: str
    state_label: str
    explanation: str
    checked: str
    is_rotating: bool
    old_records: str
    test: str
    is_test_back: bool
    records: list[RecordRow] = field(default_factory=list)
    addresses: list[SenderAddressRow] = field(default_factory=list)
