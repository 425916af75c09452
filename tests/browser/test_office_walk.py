"""A template with places and a file becomes a sent message; another address signs in; everything becomes one file."""

import re
import smtplib
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.demo_mailbox import newest_mail_to
from tests.browser.people import inbox_of, page_of
from tests.conftest import StartApp
from tests.http.test_portraits import photo
from tests.servers import AppServer


@pytest.fixture(scope="module")
def office(start_shared_app: StartApp) -> AppServer:
    """An app of its own, whose administrator may change."""
    return start_shared_app()


def test_a_template_with_places_and_a_file_becomes_a_sent_message(
    browser: Browser, office: AppServer, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.pdf"
    plan.write_bytes(b"%PDF-1.7 plan")
    admin = page_of(browser, office, "admin", "/settings/templates")
    admin.get_by_role("button", name="New template").click()
    dialog = admin.get_by_role("dialog", name="New template")
    dialog.get_by_label("Title").fill("The plan of the flat")
    dialog.get_by_role("textbox", name="Text").click()
    admin.keyboard.type("Here it is, {{contact.nickname}}")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("There is nothing to fill {{contact.nickname}} with.")
    dialog.get_by_role("textbox", name="Text").fill("Here it is, {{contact.first_name|friend}}. Yours, {{user.name}}")
    dialog.get_by_role("button", name="Save").click()
    admin.get_by_role("button", name="Change The plan of the flat").click()
    admin.get_by_label("Attach a file").set_input_files(plan)
    expect(admin.get_by_role("button", name="Remove plan.pdf")).to_be_visible()

    admin.goto(f"{office.base_url}/conversations")
    admin.get_by_role("list", name="Conversations").get_by_role("listitem").first.click()
    admin.get_by_role("textbox", name="Message", exact=True).wait_for()
    admin.get_by_role("button", name="Insert template").click()
    admin.get_by_role("button", name="The plan of the flat").click()
    expect(admin.get_by_role("textbox", name="Message", exact=True)).to_contain_text("Yours, Marta Sol")
    expect(admin.get_by_role("button", name="Remove plan.pdf")).to_be_visible()
    admin.get_by_role("button", name="Send", exact=True).click()
    last = admin.get_by_role("log", name="Messages").get_by_role("article").last
    expect(last).to_contain_text("Yours, Marta Sol")
    expect(last).not_to_contain_text("{{")
    expect(last.get_by_role("link", name="plan.pdf")).to_be_visible()


def test_mail_to_another_inbound_address_comes_in_and_to_the_former_one_too(
    browser: Browser, office: AppServer
) -> None:
    admin = page_of(browser, office, "admin", "/settings/workspace")
    address = admin.get_by_role("textbox", name="Inbound address")
    address.fill("postmaster")
    admin.get_by_role("button", name="Change the address").click()
    expect(admin.get_by_role("alert")).to_contain_text("postmaster@localhost.test is reserved.")
    address.fill("ventas")
    admin.get_by_role("button", name="Change the address").click()
    expect(admin.get_by_role("list", name="Former addresses")).to_contain_text("sol@localhost.test")
    admin.goto(f"{office.base_url}/demo/mailbox")
    expect(admin.locator("#to")).to_contain_text("ventas@localhost.test")
    for mailbox in ("ventas", "sol"):
        mail = f"From: marco@contact.test\r\nTo: {mailbox}@localhost.test\r\nSubject: To {mailbox}\r\n\r\nHola\r\n"
        with smtplib.SMTP("127.0.0.1", office.smtp_port) as smtp:
            smtp.sendmail("marco@contact.test", f"{mailbox}@localhost.test", mail)
    admin.goto(f"{office.base_url}/conversations")
    listed = admin.get_by_role("list", name="Conversations")
    for mailbox in ("ventas", "sol"):
        expect(listed.get_by_role("listitem").filter(has_text=f"To {mailbox}")).to_be_visible()


def test_a_file_of_templates_is_taken_in_or_told_why_not(browser: Browser, office: AppServer) -> None:
    admin = page_of(browser, office, "admin", "/settings/templates")
    admin.get_by_role("button", name="Import").click()
    dialog = admin.get_by_role("dialog", name="Import templates")
    for text, told in (("Hola {{nope}}", dialog), ("Hola {{contact.first_name|cliente}}", admin.locator("body"))):
        content = f"title,text\nSaludo,{text}\n".encode()
        dialog.locator("input[type=file]").set_input_files({"name": "t.csv", "mimeType": "text/csv", "buffer": content})
        said = "workspace.name. Nothing was added." if told == dialog else "Templates that were added: 1."
        expect(told).to_contain_text(said)
    expect(dialog).to_have_count(0)
    admin.get_by_role("button", name="Import").click()
    admin.reload()
    expect(admin.get_by_role("table").first).to_contain_text("Saludo")
    expect(dialog).to_have_count(0)


def test_another_address_a_picture_and_everything_as_a_file(
    browser: Browser, office: AppServer, tmp_path: Path
) -> None:
    admin = inbox_of(browser, office, "admin")
    _give_logo_and_export(admin, office, tmp_path)
    admin.goto(f"{office.base_url}/profile")
    admin.get_by_role("switch", name="Away").click()
    admin.get_by_label("Choose a picture for the signature").set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": photo((600, 200), "PNG")}
    )
    expect(admin.get_by_role("figure").get_by_role("img")).to_be_visible()
    admin.get_by_label("New e-mail").fill("marta@sol.test")
    admin.get_by_label("Password", exact=True).first.fill("demo-demo-demo")
    admin.get_by_role("button", name="Change the e-mail").click()
    expect(admin.get_by_role("status").filter(has_text="marta@sol.test")).to_be_visible()

    mailbox = browser.new_context(locale="en-GB").new_page()
    body = newest_mail_to(mailbox, office, "marta@sol.test")
    expect(body).to_contain_text("/confirm-email/")
    found = re.search(r"/confirm-email/[\w.-]+", body.inner_text())
    assert found is not None
    mailbox.goto(office.base_url + found[0])
    mailbox.get_by_role("button", name="Confirm the address").click()
    expect(mailbox.get_by_role("status")).to_contain_text("marta@sol.test")
    mailbox.goto(f"{office.base_url}/login")
    mailbox.get_by_label("E-mail").fill("marta@sol.test")
    mailbox.get_by_label("Password").fill("demo-demo-demo")
    mailbox.get_by_role("button", name="Sign in").click()
    expect(mailbox.get_by_role("list", name="Conversations").get_by_role("listitem").first).to_be_visible()
    mailbox.goto(f"{office.base_url}/settings/team")
    expect(mailbox.get_by_role("row").filter(has_text="marta@sol.test")).to_contain_text("away")


def _give_logo_and_export(admin: Page, office: AppServer, folder: Path) -> None:
    admin.goto(f"{office.base_url}/settings/workspace")
    admin.get_by_label("Choose a logo").set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": photo((600, 200), "PNG")}
    )
    expect(admin.get_by_role("img", name="Your logo")).to_be_visible()
    admin.get_by_role("button", name="Export everything").click()
    admin.get_by_role("dialog").get_by_role("button", name="Export", exact=True).click()
    link = admin.get_by_role("link", name="Download the export")
    expect(link).to_be_visible(timeout=60_000)
    with admin.expect_download() as download:
        link.click()
    download.value.save_as(folder / "all.zip")
    with ZipFile(folder / "all.zip") as archive:
        assert "manifest.json" in archive.namelist()
