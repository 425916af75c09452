"""What the records of a domain look like to us, asked of a real name server."""

import pytest

from tests.cast import Configure
from tests.mail.signing import DOMAIN, dkim_records, pair
from tests.name_server import NEGATIVE_TTL, NameServer, zone_line
from tests.servers import free_port
from witei_app.mail.dns_check import Finding, check_records
from witei_app.mail.dns_records import PublicKey, Record, in_strings, records_for, short_name

US = "mail.test"
OUR_SPF = f'{US}. TXT "v=spf1 ip4:192.0.2.1 -all"'


def wanted() -> list[Record]:
    public = [PublicKey(key.selector, key.algorithm, key.public_value) for key in pair()]
    return records_for(DOMAIN, f"bounces.{DOMAIN}", US, public)


def right() -> dict[str, str]:
    """Lines of a zone file by what they are for: everything as it should be."""
    return {str(one.kind): zone_line(one.name, one.record_type, one.value) for one in wanted()}


async def look(name_server: NameServer, configure: Configure, lines: dict[str, str], *more: str) -> dict[str, Finding]:
    """What is found when these are published."""
    name_server.publish(OUR_SPF, *filter(None, lines.values()), *more)
    configure(DNS_SERVER=name_server.address)
    return {str(finding.kind): finding for finding in await check_records(wanted(), US)}


async def test_everything_is_right(name_server: NameServer, configure: Configure) -> None:
    found = await look(name_server, configure, right())
    assert {finding.level for finding in found.values()} == {"good"}
    assert {finding.text for finding in found.values()} == {"Published and right."}


async def test_nothing_is_there_and_for_how_long_that_is_remembered(
    name_server: NameServer, configure: Configure
) -> None:
    found = await look(name_server, configure, {})
    needed = [finding for kind, finding in found.items() if kind != "dmarc"]
    assert {finding.level for finding in needed} == {"missing"}
    assert {finding.values["wait"] for finding in needed} == {NEGATIVE_TTL // 60}
    assert found["dmarc"].level == "advice"  # mail is believed without it


DKIM = dkim_records()[0]
CASES = {
    "cut off": ("dkim_rsa", f'{DKIM.name}. TXT "{DKIM.value[:255]}"', "too long"),
    "another key": ("dkim_rsa", f'{DKIM.name}. TXT "v=DKIM1; k=rsa; p=AAAA"', "another key"),
    "no key": ("dkim_rsa", f'{DKIM.name}. TXT "hello"', "no key"),
    "revoked": ("dkim_rsa", f'{DKIM.name}. TXT "v=DKIM1; p="', "no key"),
    "quotes": ("dkim_rsa", f'{DKIM.name}. TXT "\\"v=DKIM1; k=rsa; " "p={"A" * 200}\\""', "quotes"),
    "doubled": ("dkim_rsa", f'{DKIM.name}. TXT {in_strings(DKIM.value)}\n{DKIM.name}. TXT "x"', "{count} records"),
    "two SPF": ("spf", f'{DOMAIN}. TXT "v=spf1 mx -all"\n{DOMAIN}. TXT "v=spf1 include:{US} ~all"', "none of them"),
    "SPF of others": ("spf", f'{DOMAIN}. TXT "v=spf1 mx -all"', "without us"),
    "SPF behind all": ("spf", f'{DOMAIN}. TXT "v=spf1 -all include:{US}"', "without us"),
    "SPF too costly": ("spf", f'{DOMAIN}. TXT "v=spf1 include:{US} {"mx a " * 5} -all"', "more than {most} lookups"),
    "SPF too long": ("spf", f'{DOMAIN}. TXT "v=spf1 include:{US} {"ip4:192.0.2.1 " * 16}" "{"ip4:192.0.2.2 " * 17}"',
                     "too long"),
    "SPF misspelt": ("spf", f'{DOMAIN}. TXT "v=spf1 ipv4:192.0.2.1 include:{US} -all"', "does not belong in"),
    "SPF with quotes": ("spf", f'{DOMAIN}. TXT "\\"v=spf1 include:{US} ~all\\""', "quotes or blanks"),
    "DMARC in small letters": ("dmarc", f'_dmarc.{DOMAIN}. TXT "v=dmarc1; p=none"', "v=DMARC1 as it is written"),
    "in small letters": (
        "dkim_rsa",
        f"{DKIM.name}. TXT {in_strings('v=DKIM1; k=rsa; ' + DKIM.value[16:].lower())}",
        "lower case",
    ),
    "without its version": ("dkim_rsa", f"{DKIM.name}. TXT {in_strings('v=dkim1;' + DKIM.value[8:])}", "key is right"),
    "alias instead": ("dkim_rsa", f"{DKIM.name}. CNAME parking.test.", "CNAME under this name, to {target}"),
    "name doubled by the panel": (
        "dkim_rsa",
        f"{DKIM.name}.{DOMAIN}. TXT {in_strings(DKIM.value)}",
        "Enter the short name",
    ),
    "elsewhere": ("return_path", f"bounces.{DOMAIN}. CNAME parking.test.", "points to {target}"),
    "an address": ("return_path", f"bounces.{DOMAIN}. A 192.0.2.7", "other records"),
    "two DMARC": ("dmarc", f'_dmarc.{DOMAIN}. TXT "v=DMARC1; p=none"\n_dmarc.{DOMAIN}. TXT "v=DMARC1; p=reject"',
                  "Keep only one"),
    "DMARC without policy": ("dmarc", f'_dmarc.{DOMAIN}. TXT "v=DMARC1; p=nothing"', "policy"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
async def test_what_is_wrong_is_said(name_server: NameServer, configure: Configure, case: str) -> None:
    kind, line, text = CASES[case]
    found = await look(name_server, configure, right() | {kind: line})
    assert text in found[kind].text
    assert found[kind].level == ("advice" if kind == "dmarc" else "wrong")
    assert {finding.level for other, finding in found.items() if other != kind} == {"good"}


async def test_an_include_that_leads_nowhere_is_worth_mending_and_stops_nothing(
    name_server: NameServer, configure: Configure
) -> None:
    line = f'{DOMAIN}. TXT "v=spf1 include:gone.test include:{US} ~all"'
    found = (await look(name_server, configure, right() | {"spf": line}))["spf"]
    assert (found.level, found.values["domain"]) == ("advice", "gone.test")
    found = (await look(name_server, configure, right() | {"spf": line}, 'gone.test. TXT "v=spf1 -all"'))["spf"]
    assert found.level == "good"


async def test_the_merged_record_is_right_when_it_is_published(name_server: NameServer, configure: Configure) -> None:
    both = right() | {"spf": f'{DOMAIN}. TXT "v=spf1 mx -all"\n{DOMAIN}. TXT "v=spf1 ip4:192.0.2.9 ~all"'}
    suggestion = (await look(name_server, configure, both))["spf"].suggestion
    assert suggestion == f"v=spf1 mx ip4:192.0.2.9 include:{US} ~all"
    found = await look(name_server, configure, right() | {"spf": zone_line(DOMAIN, "TXT", suggestion)})
    assert found["spf"].level == "good"


async def test_other_texts_of_the_domain_do_not_matter(name_server: NameServer, configure: Configure) -> None:
    found = await look(name_server, configure, right(), f'{DOMAIN}. TXT "google-site-verification=1"')
    assert found["spf"].level == "good"


async def test_an_mx_record_will_do_for_bounces(name_server: NameServer, configure: Configure) -> None:
    found = await look(name_server, configure, right() | {"return_path": f"bounces.{DOMAIN}. MX 10 {US}."})
    assert found["return_path"].level == "good"


async def test_a_return_path_may_lead_to_us_by_several_names(name_server: NameServer, configure: Configure) -> None:
    first = {"return_path": f"bounces.{DOMAIN}. CNAME mail.hosting.test."}
    lines = ["mail.hosting.test. CNAME pool.hosting.test.", f"pool.hosting.test. CNAME {US}."]
    found = await look(name_server, configure, right() | first, *lines)
    assert (found["return_path"].level, found["return_path"].text) == ("good", "Published and right.")
    found = await look(name_server, configure, right() | first, "mail.hosting.test. CNAME parking.test.")
    assert (found["return_path"].level, found["return_path"].values["target"]) == ("wrong", "mail.hosting.test")
    found = await look(name_server, configure, right() | first, f"mail.hosting.test. CNAME bounces.{DOMAIN}.")
    assert found["return_path"].level == "wrong"  # in a circle


async def test_name_servers_that_are_away_say_nothing_of_the_records(configure: Configure) -> None:
    configure(DNS_SERVER=f"127.0.0.1:{free_port()}")
    found = await check_records(wanted(), US)
    assert {finding.level for finding in found} == {"unsure"}
    assert not any(finding.is_broken for finding in found)


def test_long_values_go_in_pieces_that_make_the_whole() -> None:
    pieces = in_strings(DKIM.value).split('" "')
    assert "".join(pieces).strip('"') == DKIM.value
    assert max(map(len, pieces)) <= 257


def test_short_names_are_for_panels_that_add_the_domain() -> None:
    assert short_name(DOMAIN, DOMAIN) == "@"
    assert short_name(f"_dmarc.{DOMAIN}", DOMAIN) == "_dmarc"
