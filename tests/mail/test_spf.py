"""Reading and mending SPF records."""

import pytest

from witei_app.mail.spf import count_lookups, fault_in, is_spf, lets_send, merged

US = "mail.test"


@pytest.mark.parametrize(
    ("record", "does"),
    [
        ("v=spf1 include:mail.test ~all", True),
        ("v=spf1 mx +include:MAIL.test -all", True),
        ("v=spf1 -all include:mail.test", False),
        ("v=spf1 -include:mail.test ~all", False),
        ("v=spf1 include:mail.testing.test ~all", False),
        ("v=spf1", False),
    ],
)
def test_we_may_send_where_the_record_includes_us_before_all(record: str, does: bool) -> None:
    assert lets_send(record, US) is does


def test_only_this_version_is_spf() -> None:
    assert is_spf("V=spf1 -all")
    assert not is_spf("v=spf10 -all")
    assert not is_spf("google-site-verification=v=spf1")


@pytest.mark.parametrize(
    ("records", "one"),
    [
        (["v=spf1 mx include:_spf.google.com -all"], "v=spf1 mx include:_spf.google.com include:mail.test -all"),
        (["v=spf1 -all include:mail.test"], "v=spf1 include:mail.test -all"),
        (["v=spf1 redirect=_spf.host.test"], "v=spf1 include:mail.test redirect=_spf.host.test"),
        (["v=spf1 redirect=x.test ~all"], "v=spf1 include:mail.test ~all"),
        (["v=spf1 mx -all", "v=spf1 mx a ~all"], "v=spf1 mx a include:mail.test ~all"),
        (["v=spf1 a", "v=spf1 -include:mail.test ?all"], "v=spf1 a include:mail.test ?all"),
        (["v=spf1"], "v=spf1 include:mail.test ~all"),
        (["v=spf1 include:a.testinclude:mail.test~all"], "v=spf1 include:a.test include:mail.test ~all"),
        (["v=spf1 ipv4:192.0.2.1 -all"], "v=spf1 ip4:192.0.2.1 include:mail.test -all"),
    ],
)
def test_merging_keeps_what_they_say_and_lets_us_send(records: list[str], one: str) -> None:
    assert merged(records, US) == one
    assert lets_send(one, US)


@pytest.mark.parametrize(
    "term",
    [
        "ipv4:192.0.2.1",
        "ip4:192.0.2",
        "ip4:192.0.2.1/33",
        "ip6:192.0.2.1",
        "include:",
        "all.",
        "include:a.test~all",
        "mx,",
    ],
)
def test_a_term_that_is_none_is_found(term: str) -> None:
    assert fault_in(f"v=spf1 a mx/24 {term} include:mail.test ~all") == term


def test_what_the_grammar_allows_is_no_fault() -> None:
    terms = "A mx:a.test/24//64 +ip4:192.0.2.0/24 ip6:2001:db8::/32 exists:%{i}._spf.a.test ptr exp=e.a.test new=x ?all"
    assert fault_in(f"v=spf1 {terms}") == ""


async def test_lookups_are_counted_through_what_is_included() -> None:
    zone = {"a.test": "v=spf1 mx a:b.test include:c.test ip4:192.0.2.1 -all", "c.test": "v=spf1 exists:%{i}.x.test"}

    async def find(domain: str) -> list[str]:
        return [zone[domain]] if domain in zone else []

    assert await count_lookups("v=spf1 include:a.test ~all", find) == 5
    assert await count_lookups("v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 all", find) == 0


async def test_records_that_include_each_other_come_to_an_end() -> None:
    async def find(domain: str) -> list[str]:
        return ["v=spf1 include:a.test include:b.test -all"]

    assert await count_lookups("v=spf1 include:a.test ~all", find) > 10
