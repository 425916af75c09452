"""The list: filter and sort in the address, what needs a reply, several at once, the bin, snoozing."""

import re
import smtplib
import struct
import zlib
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.axe import serious_faults
from tests.browser.people import inbox_of, rows
from tests.conftest import StartApp
from tests.servers import AppServer


def faultless(page: Page) -> None:
    """No serious fault for people with screen readers, in light and dark."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # rows turn dark by and by otherwise
        assert serious_faults(page) == [], scheme


def choose(page: Page, name: str) -> None:
    """A choice of the menu "Filter and sort"."""
    page.get_by_role("button", name="Filter and sort").click()
    page.get_by_role("menu", name="Filter and sort").get_by_text(name, exact=True).click()


@pytest.fixture(scope="module")
def office(start_shared_app: StartApp) -> AppServer:
    """The demo agency, for the tests of this file."""
    return start_shared_app()


def test_filter_and_sort_stay_in_the_address_and_across_a_reload(browser: Browser, app_server: AppServer):
    page = inbox_of(browser, app_server, "ana")
    choose(page, "Web chat")
    choose(page, "Longest waiting first")
    choose(page, "Needs reply")
    expect(page).to_have_url(re.compile(r"/conversations\?channel=web_chat&sort=waiting&reply=1$"))
    expect(page.get_by_role("group", name="Filters").get_by_role("button")).to_have_count(3)
    for row in rows(page).all():
        expect(row).to_contain_text("chat")
        expect(row).to_contain_text("needs reply")
    longest = rows(page).first.locator(".preview").inner_text()

    rows(page).first.click()
    expect(page).to_have_url(re.compile(r"/conversations/\d+\?channel=web_chat&sort=waiting&reply=1$"))
    page.reload()
    expect(rows(page).first.locator(".preview")).to_have_text(longest, use_inner_text=True)
    page.get_by_role("button", name="Without the filter: Web chat").click()
    expect(page).to_have_url(re.compile(r"/conversations/\d+\?sort=waiting&reply=1$"))

    other = page.context.new_page()  # another tab, from the address alone
    other.goto(f"{app_server.base_url}/conversations?status=archived&channel=email")
    expect(other.get_by_role("tab", name="Archived")).to_have_attribute("aria-selected", "true")
    expect(other.get_by_role("button", name="Without the filter: E-mail")).to_be_visible()
    page.context.close()


def test_a_row_says_what_it_is_about_and_how_it_came(browser: Browser, app_server: AppServer):
    page = inbox_of(browser, app_server, "ana")
    choose(page, "E-mail")
    for row in rows(page).all()[:5]:
        expect(row).to_contain_text("e-mail")
    subject = rows(page).first.locator(".subject").inner_text()
    rows(page).first.click()
    expect(page.locator(".thread header")).to_contain_text(subject)


def test_what_is_done_is_not_said_again_when_the_page_is_loaded_anew(browser: Browser, office: AppServer):
    page = inbox_of(browser, office, "ana")
    done = page.get_by_text("Marked as unread: 1.")
    for _ in range(2):
        box(page, 1).check()
        page.get_by_role("button", name="Mark unread").first.click()
        expect(done).to_be_visible()
        page.reload()
        expect(rows(page).first).to_be_visible()
        page.wait_for_timeout(1000)  # it would come with what the page shows
        expect(done).to_be_hidden()


def box(page: Page, number: int) -> Locator:
    """What chooses a row."""
    return rows(page).nth(number).get_by_role("checkbox")


def test_several_are_chosen_and_archived_with_pointer_and_keyboard(browser: Browser, office: AppServer):
    page = inbox_of(browser, office, "ana")
    names = [row.get_by_role("checkbox").get_attribute("aria-label") for row in rows(page).all()[:6]]
    box(page, 1).check()
    box(page, 3).click(modifiers=["Shift"])
    bar = page.get_by_role("toolbar", name="Selected conversations")
    expect(bar).to_contain_text("3")
    faultless(page)
    bar.get_by_role("button", name="Archive").click()
    expect(page.get_by_text("Archived: 3.")).to_be_visible()
    expect(rows(page).get_by_role("checkbox").nth(1)).to_have_attribute("aria-label", names[4])
    expect(bar).to_be_hidden()

    rows(page).first.get_by_role("link").focus()
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_role("status").filter(has_text="2 selected")).to_be_attached()
    for place, asked in enumerate(("Delete 2 conversations?", "Delete this conversation?")):
        bar.get_by_role("button", name="Delete", exact=True).click()
        question = page.get_by_role("dialog", name=asked, exact=True)
        question.get_by_role("button", name="Cancel").click()
        expect(question).to_be_hidden()
        box(page, place).uncheck()
    expect(bar).to_be_hidden()
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()

    page.keyboard.press("x")
    bar.get_by_role("checkbox", name="Select all shown").check()
    bar.get_by_role("button", name="Mark read").click()
    expect(page.get_by_text(re.compile(r"Marked as read: \d+\."))).to_be_visible()
    expect(rows(page).filter(has_text=" unread")).to_have_count(0)
    page.context.close()


def open_first(page: Page) -> str:
    """Open the first conversation; gives the contact's name."""
    rows(page).first.get_by_role("link").click()
    heading = page.get_by_role("region", name="Conversation").get_by_role("heading", level=1)
    expect(heading).to_be_visible()
    return heading.inner_text()


def test_snoozed_it_leaves_the_list_and_is_taken_back(browser: Browser, office: AppServer):
    page = inbox_of(browser, office, "ana")
    name = open_first(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Snooze", exact=True).click()
    page.get_by_role("menuitem", name="Tomorrow morning (9:00)").click()
    expect(page.get_by_text(re.compile(r"^Snoozed until .* 09:00")).first).to_be_visible()
    expect(page.get_by_role("log", name="Messages")).to_contain_text("snoozed this conversation until")
    page.get_by_role("tab", name="Snoozed").click()
    expect(rows(page)).to_have_count(1)
    expect(rows(page).first).to_contain_text(name)
    faultless(page)
    page.get_by_role("button", name="Wake it now").first.click()
    expect(page.get_by_role("heading", name="Nothing snoozed")).to_be_visible()

    page.get_by_role("button", name="Snooze", exact=True).click()
    page.get_by_role("menuitem", name="A date and time…").click()
    dialog = page.get_by_role("dialog", name="Snooze until")
    dialog.get_by_label("Date and time").fill("2001-01-01T09:00")
    dialog.get_by_role("button", name="Snooze").click()
    expect(dialog.get_by_role("alert")).to_have_text("Choose a time within the next year.")
    page.context.close()


def test_administrators_restore_from_the_bin_or_delete_for_good(browser: Browser, office: AppServer):
    page, ana = inbox_of(browser, office, "admin"), inbox_of(browser, office, "ana")
    expect(ana.get_by_role("tab", name="Bin")).to_have_count(0)
    name = open_first(page)
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete conversation").click()
    expect(page.get_by_text(f"The conversation with {name} is in the bin.")).to_be_visible()
    expect(page).to_have_url(re.compile("/conversations$"))
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete conversation").click()
    page.get_by_role("tab", name="Bin").click()
    expect(rows(page)).to_have_count(1)
    rows(page).first.get_by_role("link").click()
    expect(page.get_by_text(re.compile("^In the bin until "))).to_be_visible()
    faultless(page)
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_role("heading", name="The bin is empty")).to_be_visible()
    expect(rows(ana).filter(has_text=name).first).to_be_visible()

    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete conversation").click()
    rows(page).first.get_by_role("link").click()
    page.get_by_role("button", name="Delete for good").click()
    dialog = page.get_by_role("dialog", name="Delete this conversation for good?")
    expect(dialog).to_contain_text(re.compile(r"Messages: [1-9]"))
    dialog.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("heading", name="The bin is empty")).to_be_visible()
    for one in (page, ana):
        one.context.close()


def test_on_a_phone_the_rest_is_in_a_menu(browser: Browser, office: AppServer):
    page = inbox_of(browser, office, "ana")
    page.set_viewport_size({"width": 390, "height": 844})
    open_first(page)
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Mark unread").click()
    expect(rows(page).first).to_contain_text(" unread")
    page.context.close()


def picture(color: bytes) -> bytes:
    """A PNG of one colour, large enough to be no sign."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    pixels = zlib.compress((b"\0" + color * 64) * 64)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_pictures_open_large_and_a_mail_is_moved_where_it_belongs(browser: Browser, office: AppServer):
    page = inbox_of(browser, office, "ana")
    photos, aside = EmailMessage(), EmailMessage()
    for mail, subject in ((photos, "Photos"), (aside, "By the way")):
        mail["From"], mail["To"], mail["Subject"] = "Carla Foto <carla@contact.test>", "sol@localhost.test", subject
        mail.set_content(f"Here it is: {subject}")
    for name, color in (("kitchen.png", b"\x80\x20\x20"), ("garden.png", b"\x20\x80\x20")):
        photos.add_attachment(picture(color), maintype="image", subtype="png", filename=name)
    for mail in (photos, aside):
        with smtplib.SMTP("127.0.0.1", office.smtp_port) as smtp:
            smtp.send_message(mail)
        expect(rows(page).first).to_contain_text(f"Here it is: {mail['Subject']}", timeout=20_000)

    rows(page).first.get_by_role("link").click()
    page.get_by_role("button", name="Why is this here?").click()
    expect(page.get_by_role("link", name="Show the headers")).to_have_attribute("href", re.compile(r"part=headers$"))
    page.get_by_role("button", name="Move to another conversation…").click()
    page.get_by_role("list", name="Move it to").get_by_role("button", name="Photos").click()
    log = page.get_by_role("log", name="Messages")
    expect(log.get_by_text("New subject: By the way")).to_be_visible()

    log.get_by_role("link", name="kitchen.png").click()
    viewer = page.get_by_role("dialog", name="Pictures")
    expect(viewer.get_by_role("img", name="kitchen.png")).to_be_visible()
    faultless(page)
    page.keyboard.press("ArrowRight")
    expect(viewer.get_by_role("img", name="garden.png")).to_be_visible()
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    page.context.close()


def test_a_picture_inside_of_a_mail_is_opened_and_left_by_the_keyboard(browser: Browser, office: AppServer):
    page = inbox_of(browser, office, "ana")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Carla Foto <carla@contact.test>", "sol@localhost.test", "Inside"
    mail.set_content("Here it is")
    layout = '<table style="background:#eee"><tr><td><img src="cid:one" alt="The plan"></td></tr></table>'
    more = f'<a href="{office.base_url}/healthz">The flat</a><blockquote type="cite">Of old</blockquote>'
    mail.add_alternative(layout + more, subtype="html")
    _, html = mail.iter_parts()
    assert isinstance(html, EmailMessage)
    html.add_related(picture(b"\x20\x20\x80"), maintype="image", subtype="png", cid="<one>", filename="plan.png")
    mail.add_attachment(b"no picture", maintype="image", subtype="jpeg", filename="broken.jpg")
    with smtplib.SMTP("127.0.0.1", office.smtp_port) as smtp:
        smtp.send_message(mail)
    expect(rows(page).first).to_contain_text("Inside", timeout=20_000)
    rows(page).first.get_by_role("link").click()

    inside = page.frame_locator("iframe.frame").get_by_role("link", name="The plan")
    expect(inside).to_have_attribute("target", "_blank")  # where the frame hears nothing of the page's
    inside.focus()
    inside.press("Enter")
    viewer = page.get_by_role("dialog", name="Pictures")
    expect(viewer.get_by_role("img", name="The plan")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(viewer.get_by_text("This picture cannot be shown.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(inside).to_be_focused()

    frame = page.frame_locator("iframe.frame")  # what is no picture does there what it does anywhere
    frame.locator("summary").click()
    expect(frame.get_by_text("Of old")).to_be_visible()
    with page.expect_popup() as popup:
        frame.get_by_role("link", name="The flat").click()
    expect(popup.value).to_have_url(f"{office.base_url}/healthz")
    page.context.close()
