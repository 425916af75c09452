"""Public mail providers."""

import pytest

from witei_app.mail.providers import provider_of

THEIRS = """gmail.com googlemail.com googlemail.de outlook.com outlook.es hotmail.com hotmail.es hotmail.co.uk live.com
live.nl msn.com yahoo.com yahoo.es yahoo.co.uk yahoo.com.br ymail.com icloud.com me.com mac.com aol.com gmx.net gmx.de
gmx.es mail.com proton.me protonmail.com zoho.com yandex.ru yandex.com mail.ru web.de t-online.de orange.es orange.fr
wanadoo.es wanadoo.fr free.fr laposte.net libero.it telefonica.net terra.es ono.com movistar.es qq.com 163.com naver.com
fastmail.com tutanota.com sapo.pt mailinator.com agency.onmicrosoft.com
movistar.com movistar.com.ar zoho.in zohomail.in icloud.com.cn fastmail.es euskaltel.net telepolis.com
arrakis.es able.es dr.com mailo.com simplelogin.com legalmail.it a1.net o2online.de eircom.net ciudad.com.ar etb.net.co
nauta.cu claro.com.ar yahoo.cat mail.yahoo.com users.hotmail.co.uk guerrillamail.org privaterelay.appleid.com"""


@pytest.mark.parametrize("domain", THEIRS.split())
def test_their_domains_are_known(domain: str) -> None:
    assert provider_of(domain)


@pytest.mark.parametrize(
    "domain",
    [
        "inmosol.es",
        "live-homes.com",
        "gmail.inmosol.es",
        "outlook-homes.com",
        "orange-homes.es",
        "me.es",
        "es",
        "outlook.inmosol.es",
        "yahoo.homes.es",
    ],
)
def test_agencies_with_like_names_are_none(domain: str) -> None:
    assert provider_of(domain) == ""
