import pytest

from witei_app.mail.addresses import base_address, normalise_address, read_reply_address, reply_address

SECRET = "a secret of this installation"


def test_a_reply_address_leads_back_to_its_conversation_in_any_case():
    address = reply_address(123, "sol@localhost.test", SECRET)
    assert address.startswith("sol+c123.")
    assert read_reply_address(address, SECRET) == 123
    assert read_reply_address(address.upper(), SECRET) == 123


def test_an_address_that_an_older_secret_signed_is_known_while_that_is_named():
    address = reply_address(123, "sol@localhost.test", "the one before")
    assert read_reply_address(address, "the one before", SECRET) == 123
    assert read_reply_address(address, "another", SECRET) is None


def test_a_forged_or_foreign_address_leads_nowhere():
    address = reply_address(123, "sol@localhost.test", SECRET)
    for other in (address.replace("c123", "c124"), address.replace("@", "x@"), "sol@localhost.test", "", "sol+c1.@x"):
        assert read_reply_address(other, SECRET) is None
    assert read_reply_address(address, "another secret") is None


def test_a_subaddress_of_the_inbound_address_is_replaced():
    assert reply_address(7, "sol+old@localhost.test", SECRET).startswith("sol+c7.")
    assert base_address("sol+x@localhost.test") == "sol@localhost.test"
    assert base_address("sol@localhost.test") == "sol@localhost.test"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Marco.Torres+pisos@Example.COM", "marco.torres+pisos@example.com"),
        (" <marco@example.com.> ", "marco@example.com"),
        ("marco@ñandú.es", "marco@xn--and-6ma2c.es"),
        ("marco", "marco"),
        ("x@" + "ñ" * 80, "x@" + "ñ" * 80),
    ],
)
def test_addresses_are_compared_in_one_form(written, meant):
    assert normalise_address(written) == meant
