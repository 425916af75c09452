"""One route per file."""

import reflex as rx

from witei_app.pages import (
    api_tokens,
    audit,
    contacts,
    contacts_import,
    conversations,
    dashboard,
    mailboxes,
    not_found,
    profile,
    quotes,
    report,
    sender_domains,
    team,
    templates,
    tickets,
    unreadable,
    visitors,
    web_chat,
    webhooks,
    workspace,
)


def add_pages(app: rx.App) -> None:
    """Give the app its pages."""
    api_tokens.add(app)
    audit.add(app)
    contacts.add(app)
    contacts_import.add(app)
    conversations.add(app)
    dashboard.add(app)
    mailboxes.add(app)
    not_found.add(app)
    quotes.add(app)
    report.add(app)
    sender_domains.add(app)
    templates.add(app)
    tickets.add(app)
    unreadable.add(app)
    visitors.add(app)
    web_chat.add(app)
    webhooks.add(app)
    profile.add(app)
    team.add(app)
    workspace.add(app)
