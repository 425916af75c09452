"""The demo's people at their pages. They come in without the form, which the walk through sign-in fills in by hand."""

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.servers import AppServer
from witei_app.seed.demo import PASSWORD


def let_in(context: BrowserContext, address: str, who: str) -> None:
    """Gives this browser the cookie of somebody's session in the app at this address."""
    form: dict[str, str | float | bool] = {"email": f"{who}@demo.test", "password": PASSWORD}
    answer = context.request.post(f"{address}/login", form=form, max_redirects=0)
    assert answer.status == 303, answer.text()


def page_of(browser: Browser, app: AppServer, who: str, path: str) -> Page:
    """One of a user's pages, in a browser of their own."""
    return page_at(browser, app.base_url, who, path)


def inbox_of(browser: Browser, app: AppServer, who: str, view: str = "") -> Page:
    """A user's open inbox, in a browser of their own."""
    page = page_of(browser, app, who, f"/conversations{view}")
    expect(rows(page).first).to_be_visible()
    return page


def page_at(browser: Browser, address: str, who: str, path: str) -> Page:
    """A user's page, wherever the app is reached."""
    context = browser.new_context(locale="en-GB", ignore_https_errors=True)
    let_in(context, address, who)
    page = context.new_page()
    page.goto(f"{address}{path}")
    return page


def rows(page: Page) -> Locator:
    """The lines of the list."""
    return page.get_by_role("list", name="Conversations").get_by_role("listitem")
