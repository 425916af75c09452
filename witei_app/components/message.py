"""One entry of the thread: a message, an internal note, or a line of what happened."""

from typing import Any

import reflex as rx

from witei_app.components.avatar import avatar
from witei_app.components.form import quote_tone, state_chip
from witei_app.components.icons import icon
from witei_app.components.parts.thread import MailFrame
from witei_app.components.recipients import recipient_lines
from witei_app.conversations.rows import FileRow, InvitationRow, MessageRow
from witei_app.texts import say


@rx.memo
def message_entry(rest: rx.RestProp, *, item: rx.Var[MessageRow]) -> rx.Component:
    """An entry with the separator of its day above it; drawn again only when it changes."""
    line = rx.el.span(item.text, class_name="event", custom_attrs={"data-entry": ""})
    day = rx.cond(item.starts_day, rx.el.span(item.day, class_name="day"))
    changed = rx.el.span(say("New subject: {subject}", subject=item.subject), class_name="event")
    subject = rx.cond(item.subject != "", changed)
    return rx.el.div(day, subject, rx.cond(item.kind == "event", line, _article(item)), rest, class_name="entry-block")


def _article(item: rx.Var[MessageRow]) -> rx.Component:
    return rx.el.article(
        avatar(item.initials, item.tint, "message", person=item.user_id),
        rx.el.div(_head(item), _bubble(item), recipient_lines(item), _delivery(item), class_name="content"),
        class_name=rx.Var.create(f"message {item.kind}{rx.cond(item.frame_url != '', ' wide', '')}"),
        aria_label=item.label,
        custom_attrs={"data-entry": "", "data-number": item.number},
    )


def _head(item: rx.Var[MessageRow]) -> rx.Component:
    """The contact's name comes before the time, ours after it, so that both stand beside their avatar."""
    name = rx.el.b(item.author, class_name="cut")
    signs = rx.fragment(
        rx.cond(item.signs.contains("automatic"), _chip(say("automatic"))),
        rx.cond(item.signs.contains("mail"), _origin(item)),
    )
    internal = rx.cond(item.kind == "note", rx.Var.create(f" · {say('internal note')}"), "")
    time = rx.el.span(rx.el.time(item.time, date_time=item.at), internal, class_name="meta")
    return rx.el.div(
        rx.cond(item.kind == "in", rx.fragment(name, time, signs), rx.fragment(signs, time, name)), class_name="head"
    )


def _chip(word: rx.Var[str]) -> rx.Component:
    return rx.el.span(word, class_name="chip")


def _origin(item: rx.Var[MessageRow]) -> rx.Component:
    """A quiet sign when the sender's domain vouches for the mail, and where to ask why it is here."""
    good = say("The sender is verified.")
    sign = rx.el.span(icon("check", "small"), role="img", aria_label=good, title=good, class_name="vouched")
    why = say("Why is this here?")
    ask = rx.el.button(
        icon("more", "small"),
        type="button",
        class_name="button quiet square why",
        aria_label=why,
        title=why,
        custom_attrs={"data-why": item.id},
    )
    return rx.fragment(rx.cond(item.signs.contains("vouched"), sign), ask)


def _warning(item: rx.Var[MessageRow]) -> rx.Component:
    return rx.el.div(icon("alert", "small"), rx.el.span(item.warning), class_name="mail-warning", role="note")


def _bubble(item: rx.Var[MessageRow]) -> rx.Component:
    shown = rx.cond(item.frame_url != "", _frame(item), rx.html(item.html, class_name="prose"))
    return rx.el.div(
        rx.cond(item.warning != "", _warning(item)),
        rx.foreach(item.invitations, _invitation),
        shown,
        rx.cond(item.rest_html != "", _folded(item)),
        rx.cond(item.files.length() > 0, rx.el.div(rx.foreach(item.files, _file), class_name="files")),
        rx.cond(item.signs.contains("stray"), _stray(item)),
        class_name="bubble",
    )


def _stray(item: rx.Var[MessageRow]) -> rx.Component:
    """It answers a message of another conversation: which one, and the way there, are asked for."""
    words = say("It seems to belong to another conversation.")
    return rx.el.button(words, type="button", class_name="button stray", custom_attrs={"data-why": item.id})


def _invitation(row: rx.Var[InvitationRow]) -> rx.Component:
    """Date, place and organiser, so that nobody has to open the calendar file."""
    facts = [(say("When"), row.when), (say("Where"), row.place), (say("Organiser"), row.organiser)]
    lines = [rx.cond(value != "", rx.fragment(rx.el.dt(name), rx.el.dd(value))) for name, value in facts]
    title = rx.el.p(icon("clock"), rx.el.b(row.kind), rx.cond(row.title != "", rx.el.span(row.title)))
    return rx.el.section(
        title, rx.el.dl(*lines, class_name="facts"), class_name="appointment", aria_label=row.kind, key=row.kind
    )


def _frame(item: rx.Var[MessageRow]) -> rx.Component:
    return MailFrame.create(
        src=item.frame_url,
        title=item.label,
        hidden_label=say("Images from elsewhere are hidden."),
        show_label=say("Show images"),
    )


def _folded(item: rx.Var[MessageRow]) -> rx.Component:
    label = say("Show quoted text")
    dots = rx.el.summary(icon("more", "small"), aria_label=label, title=label)
    return rx.el.details(dots, rx.html(item.rest_html, class_name="prose"), class_name="fold")


def _file(file: rx.Var[FileRow]) -> rx.Component:
    picture = rx.el.img(src=file.url, alt=file.name, loading="lazy", width="168", height="112")
    name = rx.fragment(icon("clip"), rx.el.span(file.name, class_name="cut"), rx.el.span(file.size, class_name="size"))
    link = rx.el.a(
        rx.cond(file.is_image, picture, name),
        href=file.url,
        target="_blank",
        rel="noopener",
        title=rx.Var.create(f"{file.name}, {file.size}"),
        class_name=rx.cond(file.is_image, "file picture", "file"),
    )
    return rx.el.span(rx.cond(file.quote_title != "", quote_card(file), link), class_name="cut", key=file.id)


def quote_card(file: rx.Var[FileRow]) -> rx.Component:
    """A quote that was sent: its number and title, the total and the state it is in now; the PDF beside it."""
    return rx.el.div(
        icon("quote"),
        rx.el.a(rx.el.b(file.quote_title), href=file.quote_url, class_name="cut"),
        rx.el.span(file.quote_total, class_name="size"),
        state_chip(file.quote_state_label, quote_tone(file.quote_state)),
        rx.el.a("PDF", href=file.url, target="_blank", rel="noopener", title=file.name),
        class_name="file quote-card",
    )


def _delivery(item: rx.Var[MessageRow]) -> rx.Component:
    """On its way, sent, or why not; the reason is part of the line, not a tooltip."""
    sign = rx.match(
        item.state,
        ("sent", icon("check", "small")),
        ("failed", icon("alert", "small")),
        ("bounced", icon("alert", "small")),
        ("unknown", icon("alert", "small")),
        icon("clock", "small"),
    )
    reason = rx.cond(item.state_detail != "", rx.Var.create(f": {item.state_detail}"), "")
    tone = rx.match(
        item.state,
        ("failed", "delivery failed"),
        ("bounced", "delivery failed"),
        ("unknown", "delivery doubtful"),
        ("deferred", "delivery doubtful"),
        "delivery",
    )
    words = rx.cond(item.state == "deferred", say("Send now"), say("Send again"))
    again = rx.el.button(words, type="button", class_name="link", custom_attrs={"data-again": item.id})
    can_repeat = rx.Var.create(["failed", "bounced", "unknown", "deferred"]).contains(item.state)
    line: Any = rx.el.div(sign, rx.el.span(item.state_label, reason), rx.cond(can_repeat, again), class_name=tone)
    return rx.cond(item.state != "", line)
