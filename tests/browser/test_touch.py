"""On a phone a finger presses: 40 px, counting the margin that small signs grow; no field is zoomed into."""

from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.browser.people import let_in
from tests.servers import AppServer

PAGES = ["/", "/conversations", "/contacts/1", "/quotes", "/tickets/1", "/profile"]
PAGES += [f"/settings/{name}" for name in ["web-chat", "templates", "team", "workspace"]]
# Links in a sentence and in a table of figures are as high as their line (WCAG 2.5.8 leaves these out). 36: the tabs of
# a switch have its frame around them.
SMALL = """() => {
  const grown = (element) => {
    const box = element.getBoundingClientRect();
    const own = element.closest("label")?.getBoundingClientRect() ?? box;
    const margin = ["::before", "::after"].map((part) => getComputedStyle(element, part))
      .filter((style) => style.content !== "none" && style.position === "absolute")
      .map((style) => parseFloat(style.height));
    return Math.max(box.height, own.height, ...margin.filter(Boolean));
  };
  const pressed = [...document.querySelectorAll("main :is(button, select, summary), main input:not([type=hidden])")];
  return pressed.filter((element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
    .filter((element) => element.offsetWidth > 1 && grown(element) < 36)
    .map((element) => `${element.tagName}.${element.className} ${element.textContent} ${grown(element)}`);
}"""
ZOOMED = """() => [...document.querySelectorAll("input, select, textarea")]
  .filter((element) => !["checkbox", "radio", "file", "color"].includes(element.type))
  .filter((element) => element.checkVisibility() && parseFloat(getComputedStyle(element).fontSize) < 16)
  .map((element) => element.outerHTML.slice(0, 120))"""


def phone(browser: Browser, app: AppServer) -> Page:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="en-GB"
    )
    let_in(context, app.base_url, "admin")
    return context.new_page()


def faults(page: Page, where: str) -> list[Any]:
    return [f"{where}: {fault}" for fault in [*page.evaluate(SMALL), *page.evaluate(ZOOMED)]]


def test_fingers_meet_what_they_press(browser: Browser, app_server: AppServer) -> None:
    page, wrong = phone(browser, app_server), []
    for path in PAGES:
        page.goto(f"{app_server.base_url}{path}")
        page.locator("h1").first.wait_for()
        expect(page.locator(":is([aria-busy=true], .bone):visible")).to_have_count(0)
        wrong += faults(page, path)
    page.goto(f"{app_server.base_url}/conversations")
    page.locator("[data-row]").first.click()
    page.get_by_role("toolbar", name="Formatting").wait_for()
    wrong += faults(page, "a conversation")
    assert wrong == []


def test_every_tool_of_the_composer_is_within_reach(browser: Browser, app_server: AppServer) -> None:
    page = phone(browser, app_server)
    page.goto(f"{app_server.base_url}/conversations")
    page.locator("[data-row]").first.click()
    for name in ["Attach file", "Insert template", "Bold", "Insert link"]:
        tool = page.get_by_role("button", name=name, exact=True)
        tool.scroll_into_view_if_needed()
        expect(tool).to_be_in_viewport(ratio=0.95)
