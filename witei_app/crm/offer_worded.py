"""A quote as its contact reads it under its link, in the contact's language."""

from dataclasses import dataclass

from witei_app.crm.money import euros, number
from witei_app.crm.quote_link import Offer, link_to
from witei_app.crm.quotes import line_total
from witei_app.crm.rows import QuoteLineRow
from witei_app.logo import address_of_logo
from witei_app.models import QuoteState
from witei_app.settings import settings
from witei_app.texts import translate
from witei_app.texts.when import date_label, local_day


@dataclass(frozen=True)
class OfferRow:
    """A quote worded for its contact. `state` is the state itself; `href` its own address, `logo` the agency's."""

    agency: str
    number: str
    title: str
    contact: str
    agent: str
    state: str
    date: str
    valid_until: str
    answered_by: str
    answered: str
    answer: str
    lines: list[QuoteLineRow]
    net: str
    vat: list[tuple[str, str]]
    total: str
    href: str
    logo: str

    @property
    def can_answer(self) -> bool:
        """Whether the contact may still accept or decline."""
        return self.state == QuoteState.SENT


def offer_row(offer: Offer) -> OfferRow:
    """What the contact reads under the link."""
    quote, lang, zone = offer.quote, offer.language, offer.workspace.time_zone
    rows = [
        QuoteLineRow(
            line.description,
            number(line.quantity, lang),
            euros(line.price, lang),
            f"{number(line.vat, lang)} %",
            euros(line_total(line), lang),
        )
        for line in offer.lines
    ]
    vat = [
        (
            translate("VAT {rate} % of {base}", lang, rate=number(rate, lang), base=euros(base, lang)),
            euros(tax, lang),
        )
        for rate, base, tax in offer.sums.vat
    ]
    return OfferRow(
        agency=offer.workspace.name,
        number=quote.number,
        title=quote.title,
        contact=offer.contact.full_name,
        agent=offer.agent,
        state=offer.state,
        date=date_label(local_day(quote.created_at, zone), lang),
        valid_until=date_label(quote.valid_until, lang) if quote.valid_until else "",
        answered_by=quote.answered_by,
        answered=date_label(local_day(quote.answered_at, zone), lang) if quote.answered_at else "",
        answer=quote.answer,
        lines=rows,
        net=euros(offer.sums.net, lang) if rows else "",
        vat=vat,
        total=euros(quote.total, lang),
        href=link_to(quote).removeprefix(settings().public_url),
        logo=address_of_logo(offer.workspace),
    )
