"""Long names: nothing is pushed out of its place, and what is cut off is told whole."""

import smtplib
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.people import inbox_of, page_of, rows
from tests.conftest import StartApp
from tests.servers import AppServer

LONG = "Wolfeschlegelsteinhausenbergerdorff" * 3
COLLEAGUE = "María Inmaculada Concepción de los Ángeles Fernández de Córdoba y Álvarez de Toledo"
ADDRESS = f"{'nombre.largo.' * 4}x@{'departamento-de-ventas.' * 5}example.com"


@pytest.fixture(scope="module")
def office(start_shared_app: StartApp) -> AppServer:
    """The demo agency with a mail from somebody with a long name, to a crowd with long names."""
    app = start_shared_app()
    mail = EmailMessage()
    mail["From"], mail["Subject"] = f"{LONG} <{ADDRESS}>", "Visita " * 35
    mail["To"] = ", ".join(["sol@localhost.test", *(f'"{COLLEAGUE} {n}" <p{n}@example.com>' for n in range(11))])
    mail.set_content("Hola")
    with smtplib.SMTP("127.0.0.1", app.smtp_port) as smtp:
        smtp.send_message(mail, ADDRESS, ["sol@localhost.test"])
    return app


def test_a_thread_keeps_its_places(browser: Browser, office: AppServer) -> None:
    page = page_of(browser, office, "ana", "/profile")
    name = page.get_by_role("textbox", name="Name", exact=True)
    name.fill(COLLEAGUE)
    name.press("Enter")
    expect(page.locator(".toast")).to_be_visible()
    page = inbox_of(browser, office, "ana")
    rows(page).filter(has_text=LONG).click()
    page.get_by_role("button", name="Assign", exact=True).click()
    page.get_by_role("menuitem", name="Assign to me").click()
    expect(page.get_by_role("button", name="Assign", exact=True)).to_contain_text("Álvarez")

    thread = page.get_by_role("region", name="Conversation", exact=True)
    head = thread.get_by_role("heading", level=1)
    assert _at(head, "width") > 100
    for part in (page.get_by_role("button", name="Delete", exact=True), thread.locator(".recipients-fold")):
        assert _at(part, "right") <= _at(thread, "right")
    cut = thread.locator(".assign .label")
    cut.hover()
    expect(cut).to_have_attribute("title", COLLEAGUE)


def test_lists_have_one_line_for_each(browser: Browser, office: AppServer) -> None:
    page = page_of(browser, office, "admin", "/contacts")
    expect(page.get_by_role("link", name=LONG)).to_be_visible()
    assert max(_at(row, "height") for row in page.locator("tbody tr").all()) < 50
    assert _at(page.locator("tbody tr").nth(5).get_by_role("link"), "width") > 150
    page.get_by_role("link", name=LONG).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(LONG)
    assert _at(page.get_by_role("heading", level=1), "right") <= _at(page.get_by_role("button", name="Merge"), "left")
    page.goto(f"{office.base_url}/settings/team")
    assert _at(page.get_by_role("button", name="Permissions of Eva Soler"), "right") <= page.evaluate("innerWidth")


def _at(part: Locator, side: str) -> float:
    return float(part.evaluate(f"box => box.getBoundingClientRect().{side}"))
