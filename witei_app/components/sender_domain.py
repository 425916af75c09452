"""One sender domain: its state, and the records to publish with what was found."""

from typing import Any

import reflex as rx

from witei_app.components.dialog import confirm_button
from witei_app.components.form import buttons, copy_line, once, state_chip
from witei_app.sender_domains.rows import RecordRow, SenderDomainRow
from witei_app.texts import say


def sender_domain(
    row: rx.Var[SenderDomainRow],
    *,
    checking: rx.Var[int],
    on_check: Any,
    on_rotate: Any,
    on_remove: Any,
    on_test: Any,
    addresses: rx.Component,
) -> rx.Component:
    """The part of the page about one domain, with its `addresses`. Handlers take its id."""
    return rx.el.section(
        _head(row),
        _actions(row, checking, on_check, on_rotate, on_remove, on_test),
        _records(row),
        addresses,
        class_name="domain",
        aria_label=row.domain,
        key=row.id,
    )


def _head(row: rx.Var[SenderDomainRow]) -> rx.Component:
    kind = rx.match(row.state, ("verified", "good"), ("failing", "bad"), "wait")
    return rx.el.header(
        rx.el.div(rx.el.h2(row.domain), state_chip(row.state_label, kind), class_name="title"),
        rx.el.p(row.explanation),
        rx.cond(row.checked != "", rx.el.p(say("Last checked: {time}", time=row.checked), class_name="faint")),
        rx.el.p(row.test, class_name="faint", role="status"),
    )


def _actions(
    row: rx.Var[SenderDomainRow], checking: rx.Var[int], on_check: Any, on_rotate: Any, on_remove: Any, on_test: Any
) -> rx.Component:
    is_checking = checking == row.id
    check = rx.el.button(
        rx.cond(is_checking, say("Checking…"), say("Check now")),
        type="button",
        class_name="button primary",
        disabled=is_checking,
        on_click=on_check(row.id),
    )
    test = rx.el.button(
        say("Send a test mail to me"),
        type="button",
        class_name="button",
        on_click=on_test(row.id),
        custom_attrs=once(),
    )
    return buttons(
        check,
        rx.cond(row.state == "verified", rx.fragment(test, _rotate(row, on_rotate))),
        _remove(row, on_remove),
    )


def _rotate(row: rx.Var[SenderDomainRow], on_rotate: Any) -> rx.Component:
    return confirm_button(
        say("New keys"),
        label=say("New keys"),
        title=say("Make new keys for {domain}?", domain=row.domain),
        body=say("You publish two more records. Mail is signed with the old keys until the new records are seen."),
        action=say("Make new keys"),
        on_confirm=on_rotate(row.id),
    )


def _remove(row: rx.Var[SenderDomainRow], on_remove: Any) -> rx.Component:
    return confirm_button(
        say("Remove"),
        label=say("Remove {domain}", domain=row.domain),
        title=say("Remove {domain}?", domain=row.domain),
        body=say("Its keys and addresses are forgotten, and mail goes out from the generic domain."),
        action=say("Remove"),
        on_confirm=on_remove(row.id),
        class_name="button quiet",
    )


def _records(row: rx.Var[SenderDomainRow]) -> rx.Component:
    return rx.el.details(
        rx.el.summary(say("DNS records")),
        rx.cond(
            row.is_rotating,
            rx.el.p(say("New keys wait for their two records. Leave the old records where they are until then.")),
        ),
        rx.cond(
            row.old_records != "",
            rx.el.p(say("No longer used, to be deleted in two weeks: {names}", names=row.old_records)),
        ),
        _hints(),
        rx.el.div(rx.foreach(row.records, record), class_name="records"),
        open=row.state != "verified",
    )


def _hints() -> rx.Component:
    """Where panels of registrars differ."""
    return rx.el.ul(
        rx.el.li(say("Some panels add your domain to every name: enter the short name there, else the whole one.")),
        rx.el.li(say("Cloudflare: switch the proxy off (DNS only) for the CNAME record.")),
        rx.el.li(say("If your panel refuses a long value, enter it in quoted pieces, as shown below the value.")),
        rx.el.li(say("Leave out quotes around a value unless the panel asks for them; any TTL will do.")),
        class_name="hints",
    )


def record(row: rx.Var[RecordRow]) -> rx.Component:
    """One record: what it is for, what was found, what to publish."""
    kind = rx.match(row.level, ("good", "good"), ("wrong", "bad"), ("missing", "bad"), "wait")
    return rx.el.article(
        rx.el.div(rx.el.h3(row.title), state_chip(row.verdict, kind), class_name="title"),
        rx.cond(row.finding != "", rx.el.p(row.finding)),
        _line(say("Type"), rx.el.code(row.record_type)),
        _line(say("Name"), copy_line(row.full_name, say("Copy the name: {title}", title=row.title))),
        _line(say("Short name"), copy_line(row.name, say("Copy the short name: {title}", title=row.title))),
        rx.cond(row.suggestion != "", _suggested(row), _wanted(row)),
        class_name="record",
        aria_label=row.title,
        key=row.key,
    )


def _wanted(row: rx.Var[RecordRow]) -> rx.Component:
    pieces = copy_line(row.pieces, say("Copy the value in pieces: {title}", title=row.title))
    return rx.fragment(
        _line(say("Value"), copy_line(row.value, say("Copy the value: {title}", title=row.title))),
        rx.cond(row.pieces != "", _line(say("In pieces"), pieces)),
    )


def _suggested(row: rx.Var[RecordRow]) -> rx.Component:
    label = say("Copy the value: {title}", title=row.title)
    return _line(say("Value to publish instead"), copy_line(row.suggestion, label))


def _line(label: rx.Var[str], value: Any) -> rx.Component:
    return rx.el.div(rx.el.span(label), value, class_name="line")
