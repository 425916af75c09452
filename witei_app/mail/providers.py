"""Public mail providers: their domains belong to them, so nobody else can publish records or sign for them."""

# Domains by the company that runs them; a name without a dot stands for every country's ("yahoo" is yahoo.es too).
_PROVIDERS: dict[str, tuple[str, ...]] = {
    "Google": ("gmail.com", "googlemail"),
    "Microsoft": ("outlook", "hotmail", "live", "msn.com", "msn", "windowslive.com", "passport.com", "onmicrosoft.com"),
    "Yahoo": ("yahoo", "ymail.com", "rocketmail.com", "myyahoo.com", "aol", "aim.com", "verizon.net", "netscape.net"),
    "Apple": ("icloud", "me.com", "mac.com", "privaterelay.appleid.com"),
    "GMX": ("gmx", "caramail.com", "caramail.fr"),
    "mail.com": ("mail.com", "email.com", "post.com", "usa.com", "consultant.com", "europe.com", "engineer.com",
                 "dr.com", "techie.com", "myself.com", "iname.com", "asia.com", "workmail.com", "lawyer.com",
                 "accountant.com", "cheerful.com", "writeme.com", "graduate.org", "mail2world.com"),
    "Proton": ("proton.me", "protonmail.com", "protonmail.ch", "pm.me"),
    "Zoho": ("zoho", "zohomail"),
    "Yandex": ("yandex", "ya.ru", "narod.ru"),
    "Mail.ru": ("mail.ru", "bk.ru", "inbox.ru", "list.ru", "internet.ru", "xmail.ru", "mail.ua"),
    "Rambler": ("rambler.ru", "lenta.ru", "ro.ru", "myrambler.ru"),
    "WEB.DE": ("web.de", "email.de"),
    "Deutsche Telekom": ("t-online.de", "magenta.de"),
    "freenet": ("freenet.de",),
    "Vodafone": ("vodafone.es", "vodafone.it", "vodafone.de", "arcor.de", "vodafonemail.de", "netcabo.pt"),
    "Orange": ("orange.es", "orange.fr", "orange.com", "orangemail.es", "orange.pl", "orange.net", "wanadoo",
               "eresmas.com", "jazztel.es",
               "jazzfree.com", "ya.com", "voila.fr"),
    "Telefónica": ("telefonica.net", "telefonica.es", "movistar", "infonegocio.com", "teleline.es"),
    "Terra": ("terra.es", "terra.com", "terra.com.br", "terra.com.mx", "terra.com.ar", "terra.cl", "terra.com.pe"),
    "ONO": ("ono.com", "ono.es", "auna.com", "menta.net", "supercable.es", "madritel.es", "able.es", "retemail.es"),
    "Euskaltel": ("euskalnet.net", "euskaltel", "telecable.es", "mundo-r.com"),
    "Lycos": ("lycos.es", "lycos.com", "latinmail.com", "hispavista.com", "ozu.es", "mixmail.com", "starmedia.com"),
    "Spanish providers": ("telepolis.com", "arrakis.es", "ctv.es", "airtel.net", "inicia.es", "navegalia.com",
                          "tinet.cat",
                          "tinet.org", "mundofree.com", "andorra.ad", "myandorra.ad", "lowi.es", "yoigo.com",
                          "masmovil.es", "pepephone.com", "parlem.com", "adamo.es", "digi.es", "iespana.es",
                          "correo.com", "r.cable.es", "eresmas.net"),
    "Free": ("free.fr", "aliceadsl.fr", "libertysurf.fr"),
    "SFR": ("sfr.fr", "neuf.fr", "cegetel.net", "club-internet.fr", "numericable.fr", "9online.fr", "noos.fr"),
    "Bouygues Telecom": ("bbox.fr",),
    "La Poste": ("laposte.net",),
    "Libero": ("libero.it", "inwind.it", "iol.it", "blu.it", "giallo.it", "virgilio.it", "tin.it", "alice.it",
               "tim.it"),
    "Tiscali": ("tiscali.it", "tiscali.co.uk", "tiscalinet.it", "tiscali.fr", "tiscali.es"),
    "Aruba": ("pec.it", "arubapec.it", "technet.it", "aruba.it"),
    "Italian providers": ("email.it", "poste.it", "fastwebnet.it", "fastweb.it", "teletu.it", "legalmail.it"),
    "SAPO": ("sapo.pt", "mail.pt", "meo.pt", "nos.pt", "vodafone.pt",
             "clix.pt", "iol.pt", "portugalmail.pt", "mail.telepac.pt", "telepac.pt"),
    "BT": ("btinternet.com", "btopenworld.com", "talktalk.net", "talk21.com", "sky.com", "virginmedia.com",
           "ntlworld.com", "blueyonder.co.uk", "plus.net", "plusnet.com", "o2.co.uk"),
    "Proximus": ("skynet.be", "orange.be", "proximus.be", "telenet.be", "belgacom.net", "scarlet.be"),
    "KPN": ("kpnmail.nl", "ziggo.nl", "planet.nl", "hetnet.nl", "xs4all.nl", "upcmail.nl", "home.nl", "casema.nl"),
    "Bluewin": ("bluewin.ch", "hispeed.ch", "sunrise.ch", "bluemail.ch", "swissonline.ch"),
    "Austrian providers": ("a1.net", "aon.at", "chello.at", "utanet.at", "inode.at"),
    "Irish providers": ("eircom.net", "eir.ie", "iol.ie"),
    "German providers": ("o2online.de", "o2mail.de", "1und1.de", "online.de", "kabelmail.de", "netcologne.de",
                         "unitybox.de", "mail.de", "alice.de", "alice-dsl.net", "versanet.de", "ewetel.net"),
    "Nordic providers": ("online.no", "telia.com", "telia.se", "comhem.se", "spray.se", "bredband.net", "suomi24.fi",
                         "luukku.com", "tdcadsl.dk", "stofanet.dk", "mail.dk"),
    "Seznam": ("seznam.cz", "email.cz", "post.cz", "centrum.cz", "centrum.sk", "azet.sk", "zoznam.sk", "volny.cz",
               "atlas.cz"),
    "Polish providers": ("wp.pl", "o2.pl", "onet.pl", "onet.eu", "op.pl", "interia.pl", "interia.eu", "poczta.fm",
                         "gazeta.pl", "vp.pl", "tlen.pl"),
    "ukr.net": ("ukr.net", "i.ua", "meta.ua", "bigmir.net"),
    "Comcast": ("comcast.net", "xfinity.com", "att.net", "sbcglobal.net", "bellsouth.net", "cox.net", "charter.net",
                "earthlink.net", "optonline.net", "juno.com", "frontier.com", "windstream.net"),
    "Canadian providers": ("rogers.com", "bell.net", "sympatico.ca", "shaw.ca", "telus.net", "videotron.ca"),
    "UOL": ("uol.com.br", "bol.com.br", "ig.com.br", "globo.com", "globomail.com", "r7.com", "zipmail.com.br"),
    "Latin American providers": ("prodigy.net.mx", "infinitum.com.mx", "fibertel.com.ar", "speedy.com.ar",
                                 "arnet.com.ar", "adinet.com.uy", "vtr.net", "une.net.co", "cantv.net",
                                 "ciudad.com.ar", "arnetbiz.com.ar", "telecentro.com.ar",
                                 "argentina.com", "entelchile.net", "etb.net.co", "prodigy.net", "telmexmail.com",
                                 "telmex.com", "infinitummail.com", "claro.com.co", "speedy.com.pe",
                                 "tutopia.com", "racsa.co.cr", "ice.co.cr", "claro.net.co", "claro.com.ar", "nauta.cu",
                                 "correocuba.cu", "cablenet.com.ni", "tigo.com.gt"),
    "Tencent": ("qq.com", "foxmail.com", "vip.qq.com"),
    "NetEase": ("163.com", "126.com", "yeah.net", "188.com"),
    "Sina": ("sina.com", "sina.cn", "sohu.com", "aliyun.com", "139.com", "189.cn", "21cn.com", "tom.com"),
    "Naver": ("naver.com", "daum.net", "hanmail.net", "nate.com", "kakao.com"),
    "Japanese providers": ("docomo.ne.jp", "ezweb.ne.jp", "softbank.ne.jp", "au.com", "nifty.com", "biglobe.ne.jp"),
    "Rediff": ("rediffmail.com", "rediff.com", "indiatimes.com", "sify.com"),
    "Fastmail": ("fastmail", "messagingengine.com", "sent.com", "pobox.com"),
    "Tuta": ("tuta.com", "tutanota.com", "tutanota.de", "tutamail.com", "tuta.io", "keemail.me"),
    "Hushmail": ("hushmail.com", "hush.com", "hushmail.me"),
    "mailbox.org": ("mailbox.org", "posteo.de", "posteo.net", "posteo.es", "mailfence.com", "disroot.org",
                    "riseup.net", "startmail.com", "runbox.com", "countermail.com", "mailo.com", "skiff.com", "cock.li",
                    "eclipso.eu", "vivaldi.net", "mail.fr", "inbox.com", "gawab.com", "maktoob.com", "excite.com",
                    "excite.it"),
    "Hey": ("hey.com",),
    "DuckDuckGo": ("duck.com",),
    "Mozilla": ("mozmail.com", "relay.firefox.com"),
    "SimpleLogin": ("simplelogin.com", "simplelogin.io", "simplelogin.fr", "addy.io", "anonaddy.com", "anonaddy.me"),
    "a provider of throw-away addresses": (
        "tempmail.com", "temp-mail.io", "guerrillamail.org", "guerrillamail.net", "mailnesia.com", "moakt.com",
        "mailinator.com", "guerrillamail.com", "10minutemail.com", "yopmail.com", "yopmail.fr", "temp-mail.org",
        "trashmail.com", "sharklasers.com", "getnada.com", "maildrop.cc", "dispostable.com", "mohmal.com"),
    "Israeli providers": ("walla.com", "walla.co.il", "bezeqint.net", "netvision.net.il", "012.net.il"),
    "Hungarian providers": ("freemail.hu", "citromail.hu", "indamail.hu", "t-online.hu"),
    "Greek providers": ("otenet.gr", "hol.gr", "forthnet.gr", "in.gr"),
    "Inbox.lv": ("inbox.lv", "inbox.lt", "mail.ee", "abv.bg", "mail.bg", "dir.bg"),
    "Australian providers": ("bigpond.com", "bigpond.net.au", "optusnet.com.au", "iinet.net.au", "tpg.com.au"),
    "Xtra": ("xtra.co.nz", "slingshot.co.nz"),
}  # fmt: skip

# Many small ones under one heading, which is no name.
GROUPS = {name for name in _PROVIDERS if name.endswith(" providers") or name.startswith("a provider")}
_BY_DOMAIN = {domain: provider for provider, domains in _PROVIDERS.items() for domain in domains if "." in domain}
_BY_NAME = {name: provider for provider, domains in _PROVIDERS.items() for name in domains if "." not in name}


def provider_of(domain: str) -> str:
    """Who runs this public mail domain, "" when it is none that we know. `domain` is lower-case ASCII."""
    labels = domain.split(".")
    for start in range(len(labels) - 1):  # a provider's subdomains are as little the agency's as the domain itself
        found = _BY_DOMAIN.get(".".join(labels[start:]))
        if found:
            return found
    for start in range(len(labels) - 1):
        if labels[start] in _BY_NAME and _is_country_variant(labels[start + 1 :]):
            return _BY_NAME[labels[start]]
    return ""


def _is_country_variant(ending: list[str]) -> bool:
    """What follows a provider's name on its national domains: "com", "es", "co.uk", "com.br", "net"."""
    if len(ending) == 1:
        return len(ending[0]) == 2 or ending[0] in {"com", "net", "cat"}
    return len(ending) == 2 and ending[0] in {"co", "com", "ne", "net"} and len(ending[1]) == 2
