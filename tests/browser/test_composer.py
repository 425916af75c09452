"""What completes itself, what is pasted, two tabs of one user, notes that call colleagues, a new conversation."""

import re
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, FilePayload, Page, expect

from tests.browser.people import inbox_of, rows
from tests.browser.test_main_walk import line
from tests.conftest import StartApp
from tests.servers import AppServer


@pytest.fixture(scope="module")
def office(start_shared_app: StartApp) -> AppServer:
    """The demo agency, to be written in."""
    return start_shared_app()


def write_to(page: Page, address: str, subject: str = "Your viewing") -> None:
    name = address.partition(" <")[0]
    page.get_by_role("button", name="New conversation").click()
    dialog = page.get_by_role("dialog", name="New conversation")
    dialog.get_by_label("To").fill(address)
    dialog.get_by_label("Subject").fill(subject)
    dialog.get_by_role("textbox", name="Message").click()
    page.keyboard.type("Shall we say Thursday?")
    expect(dialog.get_by_role("button", name=f"Remove {name}")).to_be_visible()
    dialog.get_by_role("button", name="Send").click()
    expect(page.get_by_role("log", name="Messages")).to_contain_text("Shall we say Thursday?")


def test_a_colon_completes_an_emoji_and_an_at_sign_a_colleague(browser: Browser, office: AppServer) -> None:
    ana = inbox_of(browser, office, "ana")
    write_to(ana, "nora.smile@example.com")
    box = ana.get_by_role("textbox", name="Message", exact=True)
    box.click()
    ana.keyboard.type("At 10:30 :thumbs")
    expect(ana.get_by_role("option", name="thumbs up")).to_be_visible()
    ana.keyboard.press("Enter")
    expect(box).to_have_text("At 10:30 👍️")
    ana.keyboard.press("Control+A")
    ana.keyboard.type("Do you know her, @lu")
    expect(ana.get_by_role("option")).to_have_count(0)

    box.blur()
    ana.context.set_offline(True)  # who types fast is done before the server has answered
    ana.get_by_role("button", name="Note", exact=True).click()
    expect(box).to_be_focused()  # a letter that is typed next is no shortcut
    ana.keyboard.press("Control+A")
    ana.keyboard.type("Do you know her, @lu")
    ana.context.set_offline(False)
    ana.get_by_role("option", name="Luis Ortega").wait_for()
    ana.keyboard.press("Tab")
    ana.keyboard.type("?")
    ana.get_by_role("button", name="Send", exact=True).click()
    note = ana.get_by_role("article").filter(has_text="Do you know her").last
    expect(note.locator(".mention")).to_have_text("@Luis Ortega")

    box.click()
    ana.keyboard.type("She haggles")  # for the team still, wherever its writer goes before it is kept
    ana.get_by_role("list", name="Conversations").get_by_role("listitem").nth(2).get_by_role("link").click()
    expect(box).to_have_text("")
    ana.go_back()
    expect(box).to_have_text("She haggles")
    expect(ana.get_by_text("Internal note: only your team sees it")).to_be_visible()


def test_in_spanish_emoji_have_spanish_names(browser: Browser, office: AppServer) -> None:
    page = browser.new_context(locale="es-ES").new_page()
    page.goto(f"{office.base_url}/conversations")
    page.get_by_label("E-mail").fill("luis@demo.test")
    page.get_by_label("Contraseña").fill("demo-demo-demo")
    page.get_by_role("button", name="Entrar").click()
    page.get_by_role("list", name="Conversaciones").get_by_role("listitem").first.click()
    page.get_by_role("textbox", name="Mensaje", exact=True).click()
    page.keyboard.type(":sonri")
    expect(page.get_by_role("option", name="cara sonriendo", exact=False).first).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Insertar emoji").click()
    page.locator("emoji-picker input").fill("corazón")
    expect(page.locator("emoji-picker [role=option]").first).to_be_visible()


def test_a_new_conversation_is_kept_and_sent_with_its_file(browser: Browser, office: AppServer, tmp_path: Path) -> None:
    plan = tmp_path / "plan.pdf"
    plan.write_bytes(b"%PDF-1.7 plan")
    ana = inbox_of(browser, office, "ana")
    ana.get_by_role("button", name="New conversation").click()
    dialog = ana.get_by_role("dialog", name="New conversation")
    to = dialog.get_by_label("To")
    to.fill("Vega, Iker <iker@example.com>; paz@example.com")
    to.press("Enter")
    expect(dialog.get_by_role("button", name="Remove Vega, Iker")).to_be_visible()
    dialog.get_by_role("button", name="Cc/Bcc").click()
    expect(dialog.get_by_label("Cc", exact=True)).to_be_focused()
    dialog.get_by_label("Bcc").fill("boss@example.com")
    dialog.get_by_role("textbox", name="Message").click()
    ana.keyboard.type("Here is the plan.")
    with ana.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name="Attach file").click()
    chooser.value.set_files(plan)
    dialog.get_by_role("button", name="Remove plan.pdf").wait_for()
    dialog.get_by_role("button", name="Add signature").click()
    ana.wait_for_timeout(700)  # what is typed goes to the server after a pause
    ana.reload()
    expect(dialog.get_by_role("textbox", name="Message")).to_have_text("Here is the plan.")
    expect(dialog.get_by_role("button", name="Remove boss@example.com")).to_be_visible()
    dialog.get_by_role("button", name="Send").click()
    asked = ana.get_by_role("dialog", name="Before you send")
    expect(asked).to_contain_text("There is no subject.")
    asked.get_by_role("button", name="Go back").click()
    asked.wait_for(state="hidden")  # what is behind it takes nothing before
    dialog.get_by_label("Subject").fill("The plan")
    ana.wait_for_timeout(1_500)  # the subject goes to the server after a pause, and a busy machine takes its time
    dialog.get_by_role("button", name="Send").click()
    log = ana.get_by_role("log", name="Messages")
    expect(log.get_by_role("list", name="Recipients").get_by_role("listitem")).to_have_count(3)
    expect(log.get_by_role("link", name="plan.pdf")).to_be_visible()
    expect(log).not_to_contain_text("Asesora")
    expect(line(ana, "Iker")).to_be_visible()


TABLE = "<table><tr><td>Deposit</td><td>1.800 €</td></tr><tr><td>Rent</td><td>900 €</td></tr></table>"
WORDS_LIST = "".join(
    f"<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·&nbsp;</span>{word}</p>"
    for word in ("Passport", "Payslips")
)


def paste(page: Page, html: str) -> None:
    """What Word or Excel would put into the focused field."""
    page.evaluate(
        """html => {
          const data = new DataTransfer();
          data.setData("text/html", html);
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
        }""",
        html,
    )


def test_a_press_on_send_holds_while_the_dialog_moves_under_it(browser: Browser, office: AppServer) -> None:
    page = inbox_of(browser, office, "ana")
    page.get_by_role("button", name="New conversation").click()
    dialog = page.get_by_role("dialog", name="New conversation")
    dialog.get_by_label("Subject").fill("Your viewing")
    dialog.get_by_role("textbox", name="Message").click()
    page.keyboard.type("Shall we say Friday?")
    people = ", ".join(f"someone.{number}.with.a.long.name@example.com" for number in range(9))
    dialog.get_by_label("To").fill(people)
    send = dialog.get_by_role("button", name="Send")
    send.hover()
    before = send.bounding_box()
    page.mouse.down()  # who leaves the field makes chips of it: the dialog grows
    expect(dialog.get_by_role("button", name="Remove someone.8.with.a.long.name@example.com")).to_be_visible()
    after = send.bounding_box()
    assert before
    assert after
    assert after["y"] - before["y"] > after["height"] / 2  # away from under the pointer
    page.mouse.up()
    expect(page.get_by_role("log", name="Messages")).to_contain_text("Shall we say Friday?")

    send = page.get_by_role("button", name="Send", exact=True)
    page.get_by_role("textbox", name="Message", exact=True).click()
    page.keyboard.type("One more thing")
    send.hover()
    page.mouse.down()
    page.mouse.move(20, 20)  # and thinks better of it
    page.mouse.up()
    expect(page.get_by_role("textbox", name="Message", exact=True)).to_have_text("One more thing")
    expect(page.get_by_role("article").filter(has_text="One more thing")).to_have_count(0)
    page.context.close()


def test_send_says_why_it_does_nothing(browser: Browser, office: AppServer) -> None:
    page = inbox_of(browser, office, "ana")
    write_to(page, "nora.empty@example.com")
    box = page.get_by_role("textbox", name="Message", exact=True)
    box.click()
    page.keyboard.type("Here is the plan")
    page.route("**/uploads", lambda _: None)  # it never arrives
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Attach file", exact=True).last.click()
    chooser.value.set_files(FilePayload(name="plan.txt", mimeType="text/plain", buffer=b"plan"))
    expect(page.get_by_text("Uploading plan.txt")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").filter(has_text="A file is still being uploaded")).to_be_visible()
    expect(box).to_have_text("Here is the plan")
    page.reload()
    box.click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Backspace")
    page.get_by_role("button", name="Send", exact=True).click()
    empty = page.get_by_role("alert").filter(has_text="Write something first.")
    expect(empty).to_be_visible()
    box.click()
    page.keyboard.type("Now")
    expect(empty).to_have_count(0)
    page.context.close()


def test_a_server_that_hangs_is_said_while_somebody_waits_for_it(browser: Browser, office: AppServer) -> None:
    page = inbox_of(browser, office, "ana")
    said = page.get_by_text("The server does not answer… what you write is kept")
    page.route("**/healthz", lambda _: None)  # as from a process that is stopped
    page.keyboard.press("j")
    expect(said).to_be_visible()
    page.unroute("**/healthz")
    expect(said).to_have_count(0)
    page.context.close()


def test_tables_and_words_lists_stay_readable_when_they_are_pasted(browser: Browser, office: AppServer) -> None:
    ana = inbox_of(browser, office, "ana")
    write_to(ana, "pau.table@example.com")
    box = ana.get_by_role("textbox", name="Message", exact=True)
    box.click()
    expect(box).to_have_class(re.compile("ProseMirror"))
    paste(ana, TABLE + WORDS_LIST)
    expect(box.locator("p").nth(0)).to_have_text("Deposit | 1.800 €")
    expect(box.locator("p").nth(1)).to_have_text("Rent | 900 €")
    expect(box.get_by_role("listitem")).to_have_text(["Passport", "Payslips"])


def test_what_is_too_long_to_be_sent_is_said_so_and_the_page_goes_on(browser: Browser, office: AppServer) -> None:
    ana = inbox_of(browser, office, "ana")
    write_to(ana, "ines.long@example.com")
    box = ana.get_by_role("textbox", name="Message", exact=True)
    box.click()
    box.press_sequentially("x")  # the real editor is there
    too_long = ana.get_by_role("alert").filter(has_text="This text is too long to be kept or sent.")
    expect(too_long).to_have_count(0)
    paste(ana, f"<p>{'a clause of the contract ' * 50}</p>" * 1_000)  # the line to the server breaks at a megabyte
    expect(too_long).to_be_visible()
    ana.get_by_role("button", name="Send", exact=True).click()
    written = ana.url
    rows(ana).nth(1).click()
    expect(ana.get_by_role("log", name="Messages")).to_be_visible()
    expect(too_long).to_have_count(0)
    expect(box).to_have_text("")
    ana.go_back()
    expect(too_long).to_be_visible()
    assert ana.url == written
    box.press("Control+a")
    ana.keyboard.type("In a file, then.")
    expect(too_long).to_have_count(0)
    box.press("Control+Enter")
    expect(ana.get_by_role("log", name="Messages")).to_contain_text("In a file, then.")


def test_a_link_that_leads_nowhere_is_marked_and_not_made(browser: Browser, office: AppServer) -> None:
    ana = inbox_of(browser, office, "ana")
    write_to(ana, "hugo.link@example.com")
    box = ana.get_by_role("textbox", name="Message", exact=True)
    box.click()
    ana.keyboard.type("Our plan")
    expect(box).to_have_class(re.compile("ProseMirror"))
    ana.keyboard.press("Control+A")
    ana.get_by_role("button", name="Insert link").click()
    address = ana.get_by_label("Address of the link")
    for refused in ("", "javascript:alert(1)", "two words"):
        address.fill(refused)
        address.press("Enter")
        expect(address).to_have_attribute("aria-invalid", "true")
    address.fill("www.example.com/plan")
    expect(address).to_have_attribute("aria-invalid", "false")
    address.press("Enter")
    expect(box.locator("a")).to_have_attribute("href", "https://www.example.com/plan")


def test_lists_show_their_bullets_and_numbers_while_written_and_when_sent(browser: Browser, office: AppServer) -> None:
    ana = inbox_of(browser, office, "ana")
    write_to(ana, "lisa.list@example.com")
    box = ana.get_by_role("textbox", name="Message", exact=True)
    box.click()
    expect(box).to_have_class(re.compile("ProseMirror"))
    ana.keyboard.type("- Passport\n\n1. Payslips")
    expect(box.locator("ul")).to_have_css("list-style-type", "disc")
    expect(box.locator("ol")).to_have_css("list-style-type", "decimal")
    ana.get_by_role("button", name="Send", exact=True).click()
    sent = ana.get_by_role("article").filter(has_text="Payslips")
    expect(sent.locator("ul")).to_have_css("list-style-type", "disc")
    expect(sent.locator("ol")).to_have_css("list-style-type", "decimal")


def test_a_slash_on_an_empty_line_offers_templates(browser: Browser, office: AppServer) -> None:
    ana = inbox_of(browser, office, "ana")
    write_to(ana, "gael.slash@example.com")
    box, search = ana.get_by_role("textbox", name="Message", exact=True), ana.get_by_role("searchbox", name="Search t")
    box.click()
    expect(box).to_have_class(re.compile("ProseMirror"))
    ana.keyboard.type("Call us 24/7.")
    expect(search).to_be_hidden()
    ana.keyboard.press("Enter")
    ana.keyboard.press("/")
    expect(search).to_be_focused()
    search.fill("visita confirmacion")
    ana.get_by_role("button", name="Confirmación de visita").wait_for()
    ana.keyboard.press("Enter")
    expect(box).to_contain_text("Call us 24/7.Hola")
    expect(box).to_contain_text("Le confirmo la visita.")
    ana.keyboard.press("Enter")
    ana.keyboard.press("/")
    expect(search).to_have_value("")
    ana.keyboard.press("/")  # twice: the sign itself
    expect(box).to_be_focused()
    expect(box.locator("p").last).to_have_text("/")
    ana.keyboard.type("flats :smil")
    ana.get_by_role("option").first.wait_for()
    ana.keyboard.press("Escape")  # the list goes, the text is written on
    expect(ana.get_by_role("option")).to_have_count(0)
    expect(box).to_be_focused()


def test_a_place_that_nothing_filled_is_marked_until_it_is_settled(browser: Browser, office: AppServer) -> None:
    ana = inbox_of(browser, office, "ana")
    write_to(ana, "bea.place@example.com")
    box = ana.get_by_role("textbox", name="Message", exact=True)
    box.click()
    expect(box).to_have_class(re.compile("ProseMirror"))
    ana.keyboard.type("I call you at {{contact.phone}} tomorrow")
    expect(box.locator(".unfilled")).to_have_text("{{contact.phone}}")
    box.press("Control+Enter")
    expect(ana.get_by_role("alert").filter(has_text="Fill in or remove")).to_be_visible()
    for _ in range(len(" tomorrow")):
        ana.keyboard.press("Backspace")
    ana.keyboard.press("Backspace")
    expect(box.locator(".unfilled")).to_have_count(0)


def test_each_file_that_is_refused_is_named(browser: Browser, office: AppServer) -> None:
    ana = inbox_of(browser, office, "ana")
    write_to(ana, "olga.files@example.com")
    kind = "application/octet-stream"
    files = [FilePayload(name=name, mimeType=kind, buffer=data) for name, data in REFUSED.items()]
    with ana.expect_file_chooser() as chooser:
        ana.get_by_role("button", name="Attach file").click()
    chooser.value.set_files(files)
    said = ana.get_by_role("alert").filter(has_text="setup.exe")
    expect(said).to_contain_text("empty.pdf")
    expect(ana.get_by_role("button", name="Remove plan.txt")).to_be_visible()


def test_files_are_dropped_anywhere_on_the_thread_and_never_take_the_place_of_the_page(
    browser: Browser, office: AppServer
) -> None:
    ana = inbox_of(browser, office, "ana")
    write_to(ana, "rosa.drop@example.com")
    log = ana.get_by_role("log", name="Messages")
    assert log.evaluate(DRAG, "dragover")
    expect(ana.get_by_text("Drop the files here")).to_be_visible()
    assert log.evaluate(DRAG, "drop")
    for name in ("plan.txt", "photo.txt"):
        expect(ana.get_by_role("button", name=f"Remove {name}")).to_be_visible()
    expect(ana.get_by_text("Drop the files here")).to_have_count(0)
    elsewhere = ana.get_by_role("list", name="Conversations")
    assert elsewhere.evaluate(DRAG, "dragover")
    assert elsewhere.evaluate(DRAG, "drop")
    expect(ana.get_by_role("button", name="Remove plan.txt")).to_have_count(1)


# Gives whether the page took it: what it does not take, the browser opens.
DRAG = """(place, type) => {
  const dataTransfer = new DataTransfer();
  for (const name of ["plan.txt", "photo.txt"]) {
    dataTransfer.items.add(new File(["a plan"], name, { type: "text/plain" }));
  }
  return !place.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
}"""
REFUSED = {"setup.exe": b"MZ" + bytes(500), "empty.pdf": b"", "plan.txt": b"a plan"}


def test_two_tabs_of_one_user_write_one_draft(browser: Browser, office: AppServer) -> None:
    ana = inbox_of(browser, office, "ana")
    write_to(ana, "ines.tabs@example.com")
    other = ana.context.new_page()
    other.goto(ana.url)
    here, there = (tab.get_by_role("textbox", name="Message", exact=True) for tab in (ana, other))
    notes = [tab.get_by_role("button", name="Note", exact=True) for tab in (ana, other)]
    for pressed in ("true", "false"):  # before a word is written
        notes[0].click()
        expect(notes[1]).to_have_attribute("aria-pressed", pressed)
    here.click()
    ana.keyboard.type("Begun here")
    expect(there).to_have_text("Begun here")
    plan = FilePayload(name="plan.txt", mimeType="text/plain", buffer=b"The plan")
    ana.locator("input[type=file]").first.set_input_files(plan)
    other.get_by_role("button", name="Remove plan.txt").click()
    expect(ana.get_by_role("button", name="Remove plan.txt")).to_have_count(0)
    there.press("Control+End")
    other.keyboard.type(", gone on there")
    first = other.get_by_role("list", name="Conversations").get_by_role("listitem").nth(1)
    first.click()  # at once: the pause after which it is kept has not passed
    expect(here).to_have_text("Begun here, gone on there")
    here.press("Control+End")
    ana.keyboard.type(".")
    other.wait_for_timeout(1000)
    other.go_back()
    expect(there).to_have_text("Begun here, gone on there.")
    here.press("Control+Enter")
    expect(there).to_have_text("")


def test_two_tabs_of_one_user_write_one_new_conversation(browser: Browser, office: AppServer) -> None:
    ana = inbox_of(browser, office, "ana")
    other = ana.context.new_page()
    other.goto(ana.url)
    here, there = (tab.get_by_role("dialog", name="New conversation") for tab in (ana, other))
    for tab in (ana, other):
        tab.get_by_role("button", name="New conversation").click()
    there.get_by_label("To").press_sequentially("half typ")
    here.get_by_label("To").fill("lena.tabs@example.com")
    here.get_by_label("To").press("Enter")
    expect(there.get_by_role("button", name="Remove lena.tabs@example.com")).to_be_visible()
    expect(there.get_by_label("To")).to_have_value("half typ")
    there.get_by_label("To").fill("")
    here.get_by_label("Subject").press_sequentially("The plan")
    expect(there.get_by_label("Subject")).to_have_value("The plan")
    here.get_by_role("textbox", name="Message").press_sequentially("Dear Lena")
    written = there.get_by_role("textbox", name="Message")
    expect(written).to_have_text("Dear Lena")
    there.get_by_label("Subject").press("Escape")
    expect(there).to_be_hidden()
    here.get_by_role("textbox", name="Message").press_sequentially(", the plan.")
    third = ana.context.new_page()
    third.goto(ana.url)
    third.get_by_role("button", name="New conversation").click()
    expect(third.get_by_role("textbox", name="Message").last).to_have_text("Dear Lena, the plan.")
    other.get_by_role("button", name="New conversation").click()
    expect(written).to_have_text("Dear Lena, the plan.")
    here.get_by_role("button", name="Send", exact=True).click()
    expect(here).to_have_count(0)
    expect(written).to_have_text("")
    expect(there.get_by_label("Subject")).to_have_value("")


def test_who_is_found_first_is_meant_by_enter(browser: Browser, office: AppServer) -> None:
    ana = inbox_of(browser, office, "ana")
    write_to(ana, "Ibai Peñarroya <ibai@example.com>")
    ana.get_by_role("button", name="New conversation").click()
    dialog = ana.get_by_role("dialog", name="New conversation")
    to = dialog.get_by_role("combobox", name="To", exact=True)
    to.press_sequentially("penarroya")
    expect(dialog.get_by_role("option", selected=True)).to_contain_text("Ibai")
    to.press("Enter")
    expect(dialog.get_by_role("button", name="Remove Ibai Peñarroya")).to_be_visible()
    to.fill("nobody at all")
    to.press("Enter")
    expect(dialog.get_by_role("alert")).to_have_text("nobody at all is not an e-mail address.")


def test_send_stops_when_a_colleague_has_answered_while_the_line_was_lost(browser: Browser, office: AppServer) -> None:
    ana = inbox_of(browser, office, "ana")
    write_to(ana, "unai.line@example.com")
    luis = inbox_of(browser, office, "luis")
    luis.goto(ana.url)
    here, there = (page.get_by_role("textbox", name="Message", exact=True) for page in (ana, luis))
    there.click()
    luis.keyboard.type("From Luis")
    luis.wait_for_timeout(800)
    luis.context.set_offline(True)
    expect(luis.get_by_text("Reconnecting…")).to_be_visible()
    here.click()
    ana.keyboard.type("From Ana")
    here.press("Control+Enter")
    expect(ana.get_by_role("log", name="Messages")).to_contain_text("From Ana")
    there.press("Control+Enter")
    luis.context.set_offline(False)
    log = luis.get_by_role("log", name="Messages")
    expect(log).to_contain_text("From Ana", timeout=30_000)
    expect(luis.get_by_role("alert").filter(has_text="new")).to_be_visible()
    expect(there).to_have_text("From Luis")
    expect(log).not_to_contain_text("From Luis")
    luis.wait_for_timeout(600)  # sooner, it is a double click
    there.press("Control+Enter")
    expect(log).to_contain_text("From Luis")
    there.click()
    luis.keyboard.type("And one more")
    there.press("Control+Enter")
    expect(log).to_contain_text("And one more")


def test_what_comes_out_of_the_bin_can_be_answered(browser: Browser, office: AppServer) -> None:
    admin = inbox_of(browser, office, "admin")
    write_to(admin, "leire.bin@example.com")
    admin.get_by_role("button", name="Delete", exact=True).click()
    admin.get_by_role("button", name="Delete conversation").click()
    admin.get_by_role("tab", name="Bin").click()
    line(admin, "leire.bin").click()
    admin.get_by_role("button", name="Restore").click()
    expect(admin.get_by_role("button", name="Remove leire.bin@example.com")).to_be_visible()


def test_who_writes_where_a_colleague_deletes_goes_on_when_it_is_restored(browser: Browser, office: AppServer) -> None:
    admin, ana = inbox_of(browser, office, "admin"), inbox_of(browser, office, "ana")
    write_to(admin, "iker.bin@example.com")
    ana.goto(admin.url)
    box = ana.get_by_role("textbox", name="Message", exact=True)
    box.click()
    ana.keyboard.type("Half a sentence")
    expect(line(ana, "iker.bin")).to_contain_text("Draft: Half a sentence")
    admin.get_by_role("button", name="Delete", exact=True).click()
    admin.get_by_role("button", name="Delete conversation").click()
    expect(ana.get_by_text("This conversation is not here")).to_be_visible()
    admin.get_by_role("button", name="Undo").click()
    expect(box).to_have_text("Half a sentence")


def test_what_is_written_over_a_slow_line_belongs_to_the_conversation_that_was_chosen(
    browser: Browser, office: AppServer
) -> None:
    ana = inbox_of(browser, office, "ana")
    write_to(ana, "first.slow@example.com")
    write_to(ana, "second.slow@example.com")
    expect(ana.get_by_role("dialog", name="New conversation")).to_have_count(0)
    box = ana.get_by_role("textbox", name="Message", exact=True)
    box.click()
    ana.keyboard.type("Begun before.")
    line(ana, "first.slow").click()
    expect(box).to_have_text("")
    box.click()
    ana.keyboard.type("For the first alone.")
    ana.wait_for_timeout(800)
    ana.reload()
    expect(box).to_have_text("For the first alone.")

    ana.context.set_offline(True)
    line(ana, "second.slow").click()
    box.click()
    ana.keyboard.type("For the second.")
    expect(box).to_have_text("For the second.")
    expect(ana.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    ana.context.set_offline(False)
    expect(box).to_have_text("Begun before.For the second.", timeout=30_000)
    line(ana, "first.slow").click()
    expect(box).to_have_text("For the first alone.")


def test_a_colleague_who_is_typing_is_seen_above_the_messages(browser: Browser, office: AppServer) -> None:
    ana, luis = inbox_of(browser, office, "ana"), inbox_of(browser, office, "luis")
    write_to(ana, "both.type@example.com")
    luis.goto(ana.url)
    header = ana.locator(".thread header")
    expect(header).to_contain_text("Luis Ortega is looking")
    luis.get_by_role("textbox", name="Message", exact=True).click()
    luis.keyboard.type("I call them")
    expect(header).to_contain_text("Luis Ortega is typing…")
    luis.get_by_role("button", name="Send", exact=True).click()
    expect(luis.get_by_role("textbox", name="Message", exact=True)).to_be_focused()  # for the next one
    expect(ana.get_by_role("log", name="Messages")).to_contain_text("I call them")
    expect(header).to_contain_text("Luis Ortega is looking")
    expect(luis.locator(".thread header")).not_to_contain_text("is typing")


def test_a_press_is_shown_before_the_server_has_answered(browser: Browser, office: AppServer) -> None:
    ana = inbox_of(browser, office, "ana")
    ana.emulate_media(reduced_motion="reduce")  # a colour is there at once
    write_to(ana, "pressed.slow@example.com")
    row = line(ana, "pressed.slow").get_by_role("link")
    expect(row).to_have_attribute("aria-current", "true")
    chosen = row.evaluate("row => getComputedStyle(row).backgroundColor")
    send, mine = ana.get_by_role("button", name="Send", exact=True), ana.get_by_role("tab", name="Mine")
    other = ana.locator("[data-row]:not([aria-current])").first
    ana.get_by_role("textbox", name="Message", exact=True).click()
    ana.keyboard.type("Yes")

    ana.context.set_offline(True)
    ana.keyboard.press("Control+Enter")
    expect(send).to_have_attribute("data-busy", "")
    mine.click()
    expect(send).not_to_have_attribute("data-busy", "")
    expect(mine).to_have_attribute("data-busy", "")
    other.click()
    expect(other).to_have_css("background-color", chosen)
    ana.context.set_offline(False)
    expect(ana.locator("[data-busy]")).to_have_count(0)


def test_undo_brings_nothing_from_another_conversation(browser: Browser, office: AppServer) -> None:
    ana = inbox_of(browser, office, "ana")
    write_to(ana, "first.undo@example.com")
    write_to(ana, "second.undo@example.com")
    expect(ana.get_by_role("dialog", name="New conversation")).to_have_count(0)
    box = ana.get_by_role("textbox", name="Message", exact=True)
    box.click()
    ana.keyboard.type("A secret")
    ana.keyboard.press("Control+A")
    ana.keyboard.press("Delete")
    line(ana, "first.undo").click()
    box.click()
    ana.keyboard.type("Hello")
    for _ in range(4):
        ana.keyboard.press("Control+Z")
        expect(box).not_to_contain_text("secret")


def test_a_new_conversation_is_put_away_by_a_finger_and_says_which_file_did_not_come(
    browser: Browser, office: AppServer, tmp_path: Path
) -> None:
    luis = inbox_of(browser, office, "luis")
    luis.set_viewport_size({"width": 390, "height": 800})
    begin = luis.get_by_role("button", name="New conversation")
    begin.click()
    dialog = luis.get_by_role("dialog", name="New conversation")
    dialog.get_by_label("Subject").fill("The keys")
    plan = tmp_path / "plan.pdf"
    plan.write_bytes(b"%PDF-1.7 plan")
    luis.context.set_offline(True)
    dialog.locator("input[type=file]").set_input_files(plan)
    expect(dialog.get_by_role("alert")).to_contain_text("plan.pdf could not be uploaded")
    luis.context.set_offline(False)
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    begin.click()
    expect(dialog.get_by_label("Subject")).to_have_value("The keys")
    luis.context.close()


def test_a_note_over_a_slow_line_is_never_sent_to_the_contact(browser: Browser, office: AppServer) -> None:
    page = inbox_of(browser, office, "ana")
    write_to(page, "olga.slow@example.com")
    box = page.get_by_role("textbox", name="Message", exact=True)
    note = page.get_by_role("button", name="Note", exact=True)
    box.click()
    expect(box).to_have_class(re.compile("ProseMirror"))
    page.keyboard.press("Escape")
    with office.stalled():
        page.keyboard.press("n")
        expect(note).to_have_attribute("aria-pressed", "true")
        page.keyboard.type("She pays less than she says")
        page.keyboard.press("Control+Enter")
    written = page.get_by_role("article").filter(has_text="She pays less")
    expect(written).to_contain_text("internal note")
    expect(note).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    with office.stalled():
        for key in ("r", "Escape", "n", "Escape", "r"):  # pressed again because nothing seems to happen
            page.keyboard.press(key)
        expect(note).to_have_attribute("aria-pressed", "false")
    expect(note).to_have_attribute("aria-pressed", "false")
    page.keyboard.type("Dear Olga")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("article").filter(has_text="Dear Olga")).not_to_contain_text("internal note")
    page.context.close()


def test_a_note_begun_while_the_server_was_away_is_one_after_a_reload(browser: Browser, start_app: StartApp) -> None:
    app = start_app()
    page = inbox_of(browser, app, "ana")
    rows(page).first.get_by_role("link").click()
    box = page.get_by_role("textbox", name="Message", exact=True)
    note = page.get_by_role("button", name="Note", exact=True)
    box.click()
    expect(box).to_have_class(re.compile("ProseMirror"))
    page.keyboard.press("Escape")
    where = page.url
    app.stop(signal.SIGKILL)
    page.keyboard.press("n")
    expect(note).to_have_attribute("aria-pressed", "true")
    page.keyboard.type("For the team alone")
    with suppress(Error):
        page.reload()
    app.start()
    page.goto(where)
    expect(box).to_have_text("For the team alone")
    expect(note).to_have_attribute("aria-pressed", "true")
    box.press("Control+Enter")
    expect(page.get_by_role("article").filter(has_text="For the team alone")).to_contain_text("internal note")
    page.context.close()
