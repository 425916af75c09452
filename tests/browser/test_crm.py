"""What an agent does with files, quotes and the contact beside a conversation, by names alone."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.axe import serious_faults
from tests.browser.people import let_in, page_of
from tests.conftest import StartApp
from tests.servers import AppServer


@pytest.fixture(scope="module")
def office(start_shared_app: StartApp) -> AppServer:
    """An app of this file's own: contacts are renamed here."""
    return start_shared_app()


def write_to_somebody_new(page: Page, app: AppServer) -> str:
    """A conversation of this test's own; gives the contact's address."""
    let_in(page.context, app.base_url, "ana")
    page.goto(f"{app.base_url}/conversations")
    page.get_by_role("button", name="New conversation").click()
    dialog = page.get_by_role("dialog", name="New conversation")
    address = f"lena.{uuid4().hex[:8]}@example.com"
    dialog.get_by_label("To").fill(address)
    dialog.get_by_label("Subject").fill("Your viewing")
    dialog.get_by_role("textbox", name="Message").click()
    page.keyboard.type("Shall we say Thursday?")
    # What comes last moves the button: a click in between may miss it.
    expect(dialog.get_by_role("button", name=f"Remove {address}")).to_be_visible()
    expect(dialog.get_by_text("Ana Ruiz", exact=True)).to_be_visible()
    dialog.get_by_role("button", name="Send").click()
    expect(messages(page)).to_contain_text("Shall we say Thursday?")
    return address


def messages(page: Page) -> Locator:
    """The thread."""
    return page.get_by_role("log", name="Messages")


def details(page: Page) -> Locator:
    """The pane beside it."""
    return page.get_by_role("complementary", name="Conversation details")


def send(page: Page, text: str) -> None:
    """Type into the composer and send."""
    page.get_by_role("textbox", name="Message", exact=True).click()
    page.keyboard.type(text)
    page.get_by_role("button", name="Send", exact=True).click()


def test_files_are_attached_removed_asked_for_and_sent(page: Page, office: AppServer, tmp_path: Path) -> None:
    plan, photo = tmp_path / "plan.pdf", tmp_path / "setup.exe"
    plan.write_bytes(b"%PDF-1.7 plan")
    photo.write_bytes(b"MZ")
    write_to_somebody_new(page, office)

    send(page, "I attach the plan")
    asked = page.get_by_role("dialog", name="Before you send")
    expect(asked).to_contain_text("none is attached")
    asked.get_by_role("button", name="Go back").click()
    expect(page.get_by_role("textbox", name="Message", exact=True)).to_have_text("I attach the plan")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Attach file", exact=True).last.click()
    chooser.value.set_files([plan, photo])
    expect(page.get_by_role("alert").filter(has_text="setup.exe is a program")).to_be_visible()
    page.get_by_role("button", name="Remove plan.pdf").click()
    expect(page.get_by_role("button", name="Remove plan.pdf")).to_have_count(0)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Attach file", exact=True).last.click()
    chooser.value.set_files(plan)
    page.get_by_role("button", name="Remove plan.pdf").wait_for()
    page.reload()
    page.get_by_role("button", name="Remove plan.pdf").wait_for()
    page.get_by_role("button", name="Send", exact=True).click()
    with page.expect_download() as download:
        messages(page).get_by_role("link", name="plan.pdf").evaluate("link => { link.target = ''; link.click(); }")
    assert download.value.path().read_bytes() == plan.read_bytes()


def test_what_is_asked_about_one_record_is_not_asked_on_another(page: Page, office: AppServer) -> None:
    write_to_somebody_new(page, office)
    page.get_by_role("button", name="Attach quote").click()
    page.get_by_role("dialog", name="Attach quote").wait_for()
    page.goto(f"{office.base_url}/conversations")
    expect(page.get_by_role("list", name="Conversations").get_by_role("listitem").first).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)

    let_in(page.context, office.base_url, "admin")
    page.goto(f"{office.base_url}/contacts/1")
    page.get_by_role("button", name="Erase", exact=True).click()
    page.get_by_role("dialog", name="Erase").wait_for()
    page.goto(f"{office.base_url}/contacts/2")
    expect(page.get_by_role("button", name="Erase", exact=True)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_quote_is_written_attached_and_answered(page: Page, office: AppServer) -> None:
    write_to_somebody_new(page, office)
    conversation = page.url
    page.get_by_role("button", name="Attach quote").click()
    page.get_by_role("dialog", name="Attach quote").get_by_role("button", name="New quote").click()
    form = page.get_by_role("form", name="Quote")
    form.get_by_label("Title").fill("Letting fees")
    form.get_by_label("Description").fill("Management")
    form.get_by_label("Price").fill("1000.50")
    form.get_by_role("button", name="Save").click()
    expect(form).to_contain_text("Total: €1,210.61")

    page.goto(conversation)
    page.get_by_role("button", name="Attach quote").click()
    page.get_by_role("dialog", name="Attach quote").get_by_role("button").filter(has_text="Letting fees").click()
    expect(page.get_by_role("dialog", name="Attach quote")).to_have_count(0)
    send(page, "Here is our offer")
    card = messages(page).get_by_role("article").last
    for words in ("Letting fees", "€1,210.61", "sent"):
        expect(card).to_contain_text(words)
    expect(details(page)).to_contain_text("Letting fees")
    card.get_by_role("link", name="Letting fees").click()
    page.get_by_role("button", name="Accepted by the contact").click()
    page.goto(conversation)
    expect(messages(page).get_by_role("article").last).to_contain_text("accepted")


def test_the_contact_is_edited_beside_the_thread_and_everybody_sees_it(
    page: Page, browser: Browser, office: AppServer
) -> None:
    write_to_somebody_new(page, office)
    luis = browser.new_context().new_page()
    let_in(luis.context, office.base_url, "luis")
    luis.goto(page.url)
    pane = details(page)
    pane.get_by_role("button", name="Edit contact").click()
    name = f"Lena {uuid4().hex[:6]}"
    pane.get_by_label("Name", exact=True).fill(name)
    pane.get_by_label("Phone").fill("12")
    pane.get_by_role("button", name="Save").click()
    expect(pane.get_by_role("alert")).to_contain_text("not a phone number")
    pane.get_by_label("Phone").fill("")
    pane.get_by_role("button", name="Save").click()
    expect(luis.get_by_role("heading", name=name)).to_be_visible()
    expect(luis.get_by_role("list", name="Conversations")).to_contain_text(name)

    pane.get_by_role("button", name="Add note").click()
    pane.get_by_role("textbox", name="Note").fill("Comes by train")
    pane.get_by_role("button", name="Save").click()
    expect(details(luis)).to_contain_text("Comes by train")
    expect(details(luis).get_by_role("button", name="Edit note")).to_have_count(0)
    pane.get_by_role("button", name="Open ticket").click()
    form = pane.get_by_role("form", name="Ticket")
    form.get_by_label("Title").fill("Leaking tap")
    form.get_by_role("button", name="Open ticket").click()
    pane.get_by_role("link", name="Leaking tap").click()
    expect(page.get_by_role("list", name="Conversations").get_by_role("link")).to_have_count(1)


@pytest.mark.parametrize(
    "path", ["/contacts", "/contacts/1", "/contacts/import", "/quotes", "/quotes/1", "/tickets", "/tickets/1"]
)
def test_the_pages_are_accessible_and_fit_a_phone(browser: Browser, office: AppServer, path: str) -> None:
    for scheme in ("light", "dark"):
        page = browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 844}).new_page()
        let_in(page.context, office.base_url, "ana")
        page.goto(f"{office.base_url}{path}")
        page.get_by_role("heading", level=1).wait_for()
        assert serious_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_records_and_messages_are_begun_from_lists_and_from_the_contact(page: Page, office: AppServer) -> None:
    address = write_to_somebody_new(page, office)
    found = address.split("@")[0]
    page.goto(f"{office.base_url}/quotes")
    page.get_by_role("button", name="New quote").click()
    asked = page.get_by_role("dialog", name="New quote")
    asked.get_by_role("searchbox", name="For which contact?").fill(found)
    asked.get_by_role("button", name=address).click()
    page.wait_for_url(re.compile(r"/quotes/\d+$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Quote")

    page.goto(f"{office.base_url}/tickets")
    page.get_by_role("button", name="Open ticket").click()
    asked = page.get_by_role("dialog", name="Open ticket")
    asked.get_by_role("searchbox", name="For which contact?").fill(found)
    asked.get_by_role("button", name=address).click()
    asked.get_by_role("button", name="Open ticket").click()
    expect(asked.get_by_role("alert")).to_be_visible()
    asked.get_by_label("Title").fill("Lost keys")
    asked.get_by_role("button", name="Open ticket").click()
    page.wait_for_url(re.compile(r"/tickets/\d+$"))
    expect(page.get_by_label("Title")).to_have_value("Lost keys")

    page.get_by_role("link", name=address).click()
    page.get_by_role("button", name="Write").click()
    dialog = page.get_by_role("dialog", name="New conversation")
    expect(dialog).to_contain_text(address)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="New conversation").click()
    dialog.get_by_label("To").wait_for()
    expect(dialog).not_to_contain_text(address)  # nothing was written: the next one is to somebody else


def test_each_contact_has_its_own_form_and_two_keep_each_others_changes(
    page: Page, browser: Browser, office: AppServer
) -> None:
    let_in(page.context, office.base_url, "ana")
    luis = browser.new_context(locale="en-GB").new_page()
    let_in(luis.context, office.base_url, "luis")
    form = page.get_by_role("form", name="Contact")
    for number in (3, 4):
        page.goto(f"{office.base_url}/contacts/{number}")
        name = f"{form.get_by_label('Name', exact=True).input_value()} {form.get_by_label('Surnames').input_value()}"
        expect(page.get_by_role("heading", level=1)).to_have_text(name.strip())
    luis.goto(page.url)
    theirs = luis.get_by_role("form", name="Contact")
    theirs.get_by_label("Language").select_option("fr")
    theirs.get_by_role("button", name="Save").click()
    luis.get_by_text("Saved", exact=True).wait_for()
    form.get_by_label("Origin").fill("Fair")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_label("Language")).to_have_value("fr")
    page.reload()
    expect(form.get_by_label("Origin")).to_have_value("Fair")


def test_who_would_replace_what_a_colleague_has_just_written_is_told_first(
    page: Page, browser: Browser, office: AppServer
) -> None:
    let_in(page.context, office.base_url, "ana")
    luis = browser.new_context(locale="en-GB").new_page()
    let_in(luis.context, office.base_url, "luis")
    forms = []
    for one in (page, luis):
        one.goto(f"{office.base_url}/contacts/5")
        forms.append(one.get_by_role("form", name="Contact"))
    here, theirs = forms
    here.get_by_label("Surnames").fill("Ortega Mine")
    theirs.get_by_label("Surnames").fill("Ortega Theirs")
    theirs.get_by_role("button", name="Save").click()
    luis.get_by_text("Saved", exact=True).wait_for()
    here.get_by_role("button", name="Save").click()
    expect(here.get_by_role("alert")).to_contain_text("Surnames “Ortega Theirs”")
    expect(here.get_by_label("Surnames")).to_have_value("Ortega Mine")
    here.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ortega Mine")
    expect(here.get_by_role("alert")).to_have_count(0)


def two_at(browser: Browser, office: AppServer, path: str) -> tuple[Page, Page]:
    """Ana and Luis look at the same page."""
    both = []
    for who in ("ana", "luis"):
        page = browser.new_context(locale="en-GB").new_page()
        let_in(page.context, office.base_url, who)
        page.goto(f"{office.base_url}{path}")
        page.get_by_role("heading", level=1).wait_for()
        both.append(page)
    return both[0], both[1]


def test_the_page_of_a_contact_follows_a_colleague_and_keeps_what_is_typed(browser: Browser, office: AppServer) -> None:
    ana, luis = two_at(browser, office, "/contacts/6")
    here, theirs = (one.get_by_role("form", name="Contact") for one in (ana, luis))
    here.get_by_label("Surnames").fill("Ortega Mine")
    theirs.get_by_label("Surnames").fill("Ortega Theirs")
    theirs.get_by_label("Origin").fill("Fair")
    theirs.get_by_label("Language").select_option("fr")
    theirs.get_by_label("Phone").fill("600 123 456")
    theirs.get_by_role("button", name="Save").click()
    expect(theirs.get_by_label("Phone")).to_have_value("+34 600 12 34 56")  # as it is kept
    expect(ana.get_by_role("heading", level=1)).to_contain_text("Ortega Theirs")
    expect(here.get_by_label("Origin")).to_have_value("Fair")
    expect(here.get_by_label("Language")).to_have_value("fr")
    expect(here.get_by_label("Surnames")).to_have_value("Ortega Mine")
    here.get_by_label("Origin").fill("Fair in May")  # over what Ana has seen: nobody is overtaken
    here.get_by_role("button", name="Save").click()
    expect(here.get_by_role("alert")).to_have_text(
        "A colleague has changed this meanwhile: Surnames “Ortega Theirs”. Save again to put yours in its place."
    )
    here.get_by_role("button", name="Save").click()
    expect(theirs.get_by_label("Surnames")).to_have_value("Ortega Mine")
    expect(theirs.get_by_label("Origin")).to_have_value("Fair in May")

    luis.get_by_role("button", name="Add note").click()
    luis.get_by_role("textbox", name="Note").fill("Comes by train")
    luis.get_by_role("form", name="Note").get_by_role("button", name="Save").click()
    expect(ana.get_by_text("Comes by train")).to_be_visible()
    luis.get_by_role("button", name="Open ticket").click()
    form = luis.get_by_role("form", name="Ticket")
    form.get_by_label("Title").fill("Dripping tap")
    form.get_by_role("button", name="Open ticket").click()
    expect(ana.get_by_role("link", name="Dripping tap")).to_be_visible()
    for one in (ana, luis):
        one.context.close()


def test_the_form_beside_the_thread_follows_a_colleague_and_keeps_what_is_typed(
    page: Page, browser: Browser, office: AppServer
) -> None:
    write_to_somebody_new(page, office)
    pane = details(page)
    pane.get_by_role("button", name="Edit contact").click()
    pane.get_by_label("Surnames").fill("Mine")
    luis = browser.new_context(locale="en-GB").new_page()
    let_in(luis.context, office.base_url, "luis")
    luis.goto(page.url)
    theirs = details(luis)
    theirs.get_by_role("button", name="Edit contact").click()
    theirs.get_by_label("Surnames").fill("Theirs")
    theirs.get_by_label("Origin").fill("Fair")
    theirs.get_by_role("button", name="Save").click()
    expect(pane.get_by_label("Origin")).to_have_value("Fair")
    expect(pane.get_by_label("Surnames")).to_have_value("Mine")
    pane.get_by_role("button", name="Save").click()
    expect(pane.get_by_role("alert")).to_contain_text("A colleague has changed this meanwhile: Surnames “Theirs”.")
    pane.get_by_role("button", name="Save").click()
    expect(theirs).to_contain_text("Mine")
    luis.context.close()

    pane.get_by_role("button", name="Add note").click()
    pane.get_by_role("textbox", name="Note").fill("Comes by train")
    pane.get_by_role("button", name="Save").click()
    pane.get_by_role("button", name="Delete note").click()
    asked = page.get_by_role("dialog", name="Delete this note?")
    asked.get_by_role("button", name="Cancel").click()
    expect(pane).to_contain_text("Comes by train")
    pane.get_by_role("button", name="Delete note").click()
    asked.get_by_role("button", name="Delete").click()
    expect(pane).not_to_contain_text("Comes by train")


def test_a_ticket_and_the_lists_follow_a_colleague(browser: Browser, office: AppServer) -> None:
    ana, luis = two_at(browser, office, "/tickets/1")
    luis.get_by_role("form", name="Ticket").get_by_label("State").select_option("waiting")
    luis.get_by_role("form", name="Ticket").get_by_role("button", name="Save").click()
    expect(ana.get_by_role("form", name="Ticket").get_by_label("State")).to_have_value("waiting")
    expect(ana.get_by_role("list", name="History")).to_contain_text("to waiting")
    ana.get_by_role("textbox", name="Comment").fill("Half a sentence")
    luis.get_by_role("textbox", name="Comment").fill("The plumber comes on Friday")
    luis.get_by_role("button", name="Add comment").click()
    expect(ana.get_by_role("list", name="History")).to_contain_text("The plumber comes on Friday")
    expect(ana.get_by_role("textbox", name="Comment")).to_have_value("Half a sentence")

    ana.goto(f"{office.base_url}/contacts")
    expect(ana.get_by_role("table", name="Contacts")).to_be_visible()
    luis.goto(f"{office.base_url}/contacts")
    luis.get_by_role("button", name="New contact").click()
    luis.get_by_role("dialog").get_by_label("Name", exact=True).fill("Brand New")
    luis.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(ana.get_by_role("link", name="Brand New")).to_be_visible()
    for one in (ana, luis):
        one.context.close()


def test_a_note_that_is_half_written_is_there_again_after_a_look_elsewhere(page: Page, office: AppServer) -> None:
    write_to_somebody_new(page, office)
    pane, written = details(page), page.url
    pane.get_by_role("button", name="Add note").click()
    pane.get_by_role("textbox", name="Note").fill("Rings from her")
    page.get_by_role("list", name="Conversations").get_by_role("listitem").nth(1).click()
    page.get_by_text("is kept: open it again").wait_for()
    page.go_back()
    expect(page).to_have_url(written)
    pane.get_by_role("button", name="Add note").click()
    expect(pane.get_by_role("textbox", name="Note")).to_have_value("Rings from her")
    pane.get_by_role("button", name="Save").click()
    expect(pane.get_by_role("button", name="Delete note")).to_be_visible()
    page.get_by_role("list", name="Conversations").get_by_role("listitem").nth(1).click()
    expect(pane.get_by_role("button", name="Delete note")).to_be_hidden()
    page.go_back()
    expect(pane.get_by_role("button", name="Delete note")).to_be_visible()
    pane.get_by_role("button", name="Add note").click()  # what was saved does not come back
    expect(pane.get_by_role("textbox", name="Note")).to_have_value("")


def test_a_draft_quote_follows_a_colleague_until_somebody_writes_in_it(browser: Browser, office: AppServer) -> None:
    ana, luis = two_at(browser, office, "/contacts/7")
    luis.get_by_role("button", name="New quote").click()
    theirs, here = (one.get_by_role("form", name="Quote") for one in (luis, ana))
    theirs.get_by_label("Title").fill("Management")
    theirs.get_by_label("Description").fill("A year")
    theirs.get_by_label("Price").fill("100")
    theirs.get_by_role("button", name="Save").click()
    luis.get_by_text("Saved", exact=True).wait_for()
    ana.get_by_role("link", name="Management", exact=True).click()
    expect(here.get_by_label("Title")).to_have_value("Management")
    theirs.get_by_label("Price").fill("200")
    theirs.get_by_role("button", name="Save").click()
    expect(here.get_by_label("Price")).to_have_value("200.00")  # nothing was typed here
    here.get_by_label("Description").fill("Two years")
    theirs.get_by_label("Price").fill("300")
    theirs.get_by_role("button", name="Save").click()
    expect(here.get_by_role("status")).to_contain_text("A colleague has changed this quote")
    expect(here.get_by_label("Description")).to_have_value("Two years")
    here.get_by_role("button", name="Save").click()
    expect(here.get_by_role("alert")).to_contain_text("Save again")
    expect(here.get_by_text("A colleague has changed")).to_have_count(1)  # said once, not by the refusal again
    here.get_by_role("button", name="Save").click()
    expect(theirs.get_by_label("Description")).to_have_value("Two years")
    for one in (ana, luis):
        one.context.close()


def test_who_goes_from_one_contact_to_another_never_sees_the_one_before(browser: Browser, office: AppServer) -> None:
    page = browser.new_context(locale="en-GB").new_page()
    let_in(page.context, office.base_url, "ana")
    page.goto(f"{office.base_url}/contacts/3")
    name = page.get_by_role("heading", level=1).inner_text()
    page.add_init_script(
        f"""window.seen = []; new MutationObserver(() => {{
            const title = document.querySelector('h1')?.textContent;
            if (title && title !== window.seen.at(-1)) window.seen.push(title);
        }}).observe(document, {{ childList: true, subtree: true, characterData: true }}); // {name}"""
    )
    page.goto(f"{office.base_url}/contacts/4")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(name)
    expect(page.get_by_role("form", name="Contact")).to_be_visible()
    assert name not in page.evaluate("window.seen")
    page.context.close()


def test_a_draft_is_sent_as_it_stands_in_the_form(page: Page, office: AppServer) -> None:
    let_in(page.context, office.base_url, "ana")
    page.goto(f"{office.base_url}/contacts/4")
    page.get_by_role("button", name="New quote").click()
    form, send = page.get_by_role("form", name="Quote"), page.get_by_role("button", name="Mark as sent")
    form.get_by_label("Title").fill("Letting fees")
    form.get_by_label("Title").press("Enter")  # keeps it, and sends nothing
    page.get_by_text("Saved", exact=True).wait_for()
    send.click()
    expect(form.get_by_role("alert")).to_contain_text("Write the lines")
    form.get_by_label("Price").fill("100")
    send.click()
    expect(form.get_by_role("alert")).to_contain_text("100")
    form.get_by_label("Description").fill("Management")
    form.get_by_role("button", name="Add line").click()
    form.get_by_label("Description").nth(1).wait_for()
    page.keyboard.type("Keys")  # it has the focus
    form.get_by_label("Price").nth(1).fill("10")
    expect(form).to_contain_text("Total: €133.10")  # as one types, before anything is kept
    send.click()
    expect(page.get_by_text("Total: €133.10")).to_be_visible()
    expect(page.get_by_role("heading", name="Letting fees")).to_be_visible()
    expect(form).to_have_count(0)


def test_what_one_page_refused_is_not_said_on_the_next(page: Page, office: AppServer) -> None:
    let_in(page.context, office.base_url, "eva")
    page.goto(f"{office.base_url}/settings/team")
    refusal = page.get_by_text("Only administrators may do this")
    expect(refusal).to_be_visible()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Quotes").click()
    page.get_by_role("heading", level=1, name="Quotes").wait_for()
    expect(refusal).to_have_count(0)


def test_another_agency_finds_none_of_it(page: Page, office: AppServer) -> None:
    let_in(page.context, office.base_url, "vera")
    for path in ("/contacts/1", "/quotes/1", "/tickets/1"):
        page.goto(f"{office.base_url}{path}")
        expect(page.get_by_text("is not here, or you may not see it")).to_be_visible()
    assert page.request.get(f"{office.base_url}/quotes/1.pdf").status == 404


def test_contacts_are_imported_watched_from_elsewhere_and_corrected(
    page: Page, office: AppServer, tmp_path: Path
) -> None:
    file, tag = tmp_path / "clientes.csv", uuid4().hex[:8]
    rows = [f"Lena {number};{tag}{number}@ejemplo.test;" for number in range(1_500)]  # some seconds of work
    lines = ["Nombre;Correo;Zona", *rows, f"Begoña;{tag}0@ejemplo.test;", "Nadie;no es correo;"]
    file.write_bytes("\r\n".join(lines).encode("cp1252"))
    let_in(page.context, office.base_url, "ana")
    page.goto(f"{office.base_url}/contacts")
    page.get_by_role("link", name="Import", exact=True).click()
    page.get_by_label("Choose a file of contacts").set_input_files(file)
    expect(page.get_by_role("combobox", name="What Correo is")).to_have_value("email")
    expect(page.get_by_role("table", name="Preview")).to_contain_text(f"{tag}3@ejemplo.test")
    page.get_by_role("combobox", name="What Zona is").select_option(label="Origin")
    assert serious_faults(page) == []
    page.get_by_role("button", name=re.compile("Import 1.?502 rows")).click()
    expect(page.get_by_text("You may leave this page")).to_be_visible()
    page.get_by_role("link", name="Conversations").first.click()
    tray = page.get_by_role("list", name="Work in progress")
    expect(tray).to_contain_text(re.compile(r"Contacts added: 1.?500\. Rows not added: 2\."), timeout=60_000)
    tray.get_by_role("link", name="Import of clientes.csv").click()
    refused = page.get_by_role("table", name="Rows that were not added")
    expect(refused).to_contain_text(f"{tag}0@ejemplo.test belongs to Lena 0")
    expect(tray).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="All of them as CSV").click()
    assert "Begoña" in download.value.path().read_text("utf-8-sig")


def test_a_contact_who_is_here_twice_becomes_one(page: Page, office: AppServer) -> None:
    first = write_to_somebody_new(page, office)
    other = write_to_somebody_new(page, office)
    details(page).get_by_role("button", name="Edit contact").click()
    details(page).get_by_label("Another address").fill("no address")
    details(page).get_by_role("button", name="Add address").click()
    expect(details(page).get_by_role("alert")).to_contain_text("not an e-mail address")
    details(page).get_by_role("button", name="Merge with another contact").click()
    dialog = page.get_by_role("dialog", name="Merge with another contact")
    dialog.get_by_label("Find the other contact").fill(first)
    dialog.get_by_role("button").filter(has_text=first).click()
    dialog.get_by_role("radio", name=f"E-mail: {first}").click()
    expect(dialog.get_by_role("radio", name=f"E-mail: {first}")).to_be_checked()
    expect(dialog).to_contain_text("Conversations: 1")
    assert serious_faults(page) == []
    dialog.get_by_role("button", name="Merge").click()
    expect(dialog).to_have_count(0)
    expect(details(page)).to_contain_text(other)
    expect(details(page).get_by_role("link", name="Your viewing")).to_be_visible()  # the first one's conversation


def test_the_contact_accepts_a_quote_under_its_link_while_the_team_looks(
    page: Page, browser: Browser, office: AppServer
) -> None:
    let_in(page.context, office.base_url, "ana")
    page.goto(f"{office.base_url}/quotes")
    page.get_by_role("tab", name="sent").click()
    drafts = page.get_by_role("table", name="Quotes").get_by_role("row").filter(has_text="draft")
    expect(drafts).to_have_count(0)  # the list is narrowed
    page.get_by_role("table", name="Quotes").get_by_role("link").first.click()
    page.get_by_role("button", name="Copy the link").wait_for()
    link = page.get_by_text(f"{office.base_url}/q/").inner_text()
    contact = browser.new_context(color_scheme="dark", viewport={"width": 390, "height": 844}).new_page()
    with contact.expect_response(lambda answer: answer.url.endswith("/read") and answer.status == 204):
        contact.goto(link)
    assert serious_faults(contact) == []
    assert contact.evaluate("document.documentElement.scrollWidth <= innerWidth")
    contact.get_by_role("textbox").first.fill("Marco Torres")
    contact.get_by_role("button", name="Acept").or_(contact.get_by_role("button", name="Accept")).click()
    expect(contact.get_by_role("status")).to_contain_text("Marco Torres")
    expect(page.get_by_text("Accepted by Marco Torres")).to_be_visible()


def test_what_is_pressed_twice_before_the_server_answers_is_done_once(browser: Browser, office: AppServer) -> None:
    page = page_of(browser, office, "admin", "/contacts/1")
    page.get_by_role("button", name="Add note").click()
    note = page.get_by_role("form", name="Note")
    note.get_by_label("Note").fill("Prefers the afternoon")
    with office.stalled():
        for _ in range(2):
            note.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Prefers the afternoon")).to_have_count(1)
    begin = page.get_by_role("button", name="New quote")
    with office.stalled():
        for _ in range(2):
            begin.click()
    expect(page).to_have_url(re.compile(r"/quotes/\d+"))
    first = page.url
    page.go_back()
    begin.click()
    expect(page).to_have_url(re.compile(rf"(?!{re.escape(first)}$).*/quotes/\d+$"))
    assert int(page.url.rsplit("/", 1)[1]) == int(first.rsplit("/", 1)[1]) + 1
