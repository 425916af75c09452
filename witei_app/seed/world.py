"""Who writes and about what: contacts, properties, and the slots of a dialogue."""

import random
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from witei_app.seed.content.people import COMPANIES, DOMAINS, LONG_NAMES, NATIONS, Nation
from witei_app.seed.content.places import DISTRICTS, FLOORS, KINDS, District

_WEEKDAYS = {
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "es": "enero,febrero,marzo,abril,mayo,junio,julio,agosto,septiembre,octubre,noviembre,diciembre",
    "en": "January,February,March,April,May,June,July,August,September,October,November,December",
}
_BEDROOMS = {"es": ("dormitorio", "dormitorios"), "en": ("bedroom", "bedrooms")}
# As a Spanish text calls them.
_TOWNS = {
    "London": "Londres",
    "Edinburgh": "Edimburgo",
    "Dublin": "Dublín",
    "Hamburg": "Hamburgo",
    "Berlin": "Berlín",
    "Munich": "Múnich",
    "Cologne": "Colonia",
    "Zurich": "Zúrich",
    "Vienna": "Viena",
    "Paris": "París",
    "Bordeaux": "Burdeos",
    "Brussels": "Bruselas",
    "Geneva": "Ginebra",
    "The Hague": "La Haya",
    "Antwerp": "Amberes",
    "Amsterdam": "Ámsterdam",
    "Rotterdam": "Róterdam",
    "Stockholm": "Estocolmo",
    "Copenhagen": "Copenhague",
    "Gothenburg": "Gotemburgo",
}
_HOURS = ("10:00", "10:30", "11:00", "12:00", "12:30", "16:30", "17:00", "17:30", "18:00", "18:30")
_LATER_HOURS = ("13:00", "13:30", "19:00", "19:15", "19:30")


@dataclass(frozen=True, slots=True)
class Person:
    """A contact. `ending` is the Spanish gender ending; a company or an unknown person has no `first` name."""

    name: str
    surnames: str
    first: str
    ending: str
    language: str
    is_foreign: bool
    town: str
    email: str
    phone: str

    @property
    def full_name(self) -> str:
        return f"{self.name} {self.surnames}".strip() or self.email


class Property(NamedTuple):
    """A property on the agency's books. Prices are whole euros."""

    reference: str
    kind: int
    street: str
    district: District
    station: str
    floor: str
    metres: int
    rooms: int
    sale: int
    rent: int


class Agent(NamedTuple):
    """A user who answers, with the Spanish gender ending."""

    name: str
    ending: str

    @property
    def first(self) -> str:
        return self.name.split()[0]


@cache
def _nations() -> tuple[Nation, ...]:
    return tuple(nation for nation in NATIONS for _ in range(nation.weight))


def person(rng: random.Random, number: int, suffix: str | None = None) -> Person:
    """The contact with this number: every number has another e-mail address. Some have odd names on purpose."""
    nation = rng.choice(_nations())
    is_woman = rng.random() < 0.53
    first = rng.choice(nation.women if is_woman else nation.men)
    surnames = rng.choice(nation.surnames)
    if nation.two_surnames and rng.random() < 0.7:
        surnames += f" {rng.choice(nation.surnames)}"
    ending = "a" if is_woman else "o"
    name = first
    if number % 97 == 41:
        first, surnames = LONG_NAMES[number // 97 % len(LONG_NAMES)]
        name, ending = first, "o" if first.startswith("Juan") else "a"
    elif number % 53 == 29:
        name, surnames, first = COMPANIES[number // 53 % len(COMPANIES)], "", ""
    elif number % 61 == 17:
        name = surnames = first = ""
    local = _mailbox(rng, first, surnames, name)
    address = f"{local}{number if suffix is None else suffix}@{rng.choice(DOMAINS)}"
    return Person(
        name,
        surnames,
        first,
        ending,
        nation.language,
        nation.language != "es",
        rng.choice(nation.towns),
        address,
        _phone(rng, number),
    )


def _mailbox(rng: random.Random, first: str, surnames: str, company: str) -> str:
    """Like people's own: "carmen.ruiz", "cruiz". Without digits, so that the number makes it unique."""
    if not first:
        return ("info" if company else "casa") + rng.choice(("", ".madrid", ".centro"))
    one, two = _plain(first.split()[0]), _plain(surnames.split()[-1])
    return rng.choice((f"{one}.{two}", f"{one[0]}{two}", f"{one}{two}", f"{two}.{one}", f"{one}_{two}"))


@cache
def _plain(text: str) -> str:
    """Latin letters alone, as people spell themselves in an address."""
    text = text.lower().replace("ø", "o").replace("ß", "ss").replace("æ", "ae")
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if "a" <= letter <= "z")


def _phone(rng: random.Random, number: int) -> str:
    """A made-up Spanish mobile number; every ninth contact has not given one."""
    digits = f"{rng.randrange(1_000_000):06d}"
    return "" if number % 9 == 7 else f"+34 600 {digits[:3]} {digits[3:]}"


def property_(rng: random.Random, prefix: str) -> Property:
    """A property of the agency."""
    kind = rng.choices(range(len(KINDS)), weights=[k[4] for k in KINDS])[0]
    _, _, least, most, _ = KINDS[kind]
    district = rng.choice(DISTRICTS)
    metres = rng.randint(least, most)
    return Property(
        reference=f"{prefix}-{rng.randint(1001, 4899)}",
        kind=kind,
        street=f"{rng.choice(district.streets)}, {rng.randint(1, 118)}",
        district=district,
        station=rng.choice(district.stations),
        floor=rng.choice(FLOORS),
        metres=metres,
        rooms=max(1, round(metres / 32)),
        sale=round(metres * district.sale * rng.uniform(0.85, 1.15) / 1000) * 1000,
        rent=round(metres * district.rent * rng.uniform(0.85, 1.1) / 10) * 10,
    )


def euros(amount: int, language: str) -> str:
    """ "485.000 €" in Spanish, "485,000 €" in English."""
    text = f"{amount:,} €"
    return text.replace(",", ".") if language == "es" else text


def appointment(rng: random.Random, on: date) -> date:
    """The day that people who write on this date settle on."""
    return _weekday(on + timedelta(days=rng.randint(2, 4)))


def slots(
    rng: random.Random, place: Property, who: Person, agent: Agent, visit: date, language: str, deal: str
) -> dict[str, str]:
    """Everything that a dialogue about an appointment on the day `visit` may name."""
    other = _weekday(visit + timedelta(days=rng.randint(1, 3)))
    first, second = rng.randrange(len(_HOURS)), rng.randrange(len(_LATER_HOURS))
    elsewhere = DISTRICTS[(DISTRICTS.index(place.district) + rng.randint(1, 5)) % len(DISTRICTS)]
    fee = rng.randint(6, 24) * 10 + 5
    return {
        "first": who.first,
        "name": who.full_name,
        "o": who.ending,
        "email": who.email,
        "phone": who.phone or "+34 600 000 000",
        "city": _TOWNS.get(who.town, who.town) if language == "es" else who.town,
        "agent": agent.first,
        "ao": agent.ending,
        **_property_slots(place, language),
        **_price_slots(place, deal, language),
        "district2": elsewhere.name,
        "fee": euros(fee, language),
        "fee_n": str(fee),
        "day": f"{_WEEKDAYS[language][visit.weekday()]} {visit.day}",
        "day2": f"{_WEEKDAYS[language][other.weekday()]} {other.day}",
        "month": _MONTHS[language].split(",")[visit.month % 12],
        "time": _HOURS[first],
        "time2": _LATER_HOURS[second],
    }


def _property_slots(place: Property, language: str) -> dict[str, str]:
    is_masculine = place.street.startswith(("paseo", "camino"))
    return {
        "ref": place.reference,
        "kind": KINDS[place.kind][1] if language == "en" else KINDS[place.kind][0],
        "street": place.street,
        "of_street": f"{'del' if is_masculine else 'de la'} {place.street}",
        "in_street": f"en {'el' if is_masculine else 'la'} {place.street}",
        "district": place.district.name,
        "metro": place.station,
        "floor": place.floor,
        "m2": str(place.metres),
        "bedrooms": f"{place.rooms} {_BEDROOMS[language][place.rooms > 1]}",
    }


def _price_slots(place: Property, deal: str, language: str) -> dict[str, str]:
    is_rent = deal in {"rent", "tenant"}
    price, step = (place.rent, 10) if is_rent else (place.sale, 1000)
    return {
        "price": euros(price, language),
        "price2": euros(round(price * 0.975 / step) * step, language),
        "offer": euros(round(price * 0.94 / step) * step, language),
        "rent": euros(place.rent, language),
    }


def _weekday(day: date) -> date:
    """The day itself, or Monday when it is a Sunday."""
    return day + timedelta(days=1) if day.weekday() == 6 else day
