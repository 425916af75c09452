"""One route per file."""

import reflex as rx

from witei_app.pages import conversations, dashboard, report, sender_domains, templates, web_chat


def add_pages(app: rx.App) -> None:
    """Give the app its pages."""
    conversations.add(app)
    dashboard.add(app)
    report.add(app)
    sender_domains.add(app)
    templates.add(app)
    web_chat.add(app)
