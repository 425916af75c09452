"""The Conversation report: the page shows what the events say, to each what is theirs, and what is behind a number."""

import csv
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import create_engine
from sqlmodel import Session, col, select

from tests.browser.people import let_in
from tests.reports.reference import Told, tell
from tests.servers import AppServer
from witei_app.accounts.office_hours import hours_of
from witei_app.models import ConversationEvent, User, Workspace
from witei_app.texts.amounts import duration_label, number_label

ZONE = ZoneInfo("Europe/Madrid")


def report_of(browser: Browser, app: AppServer, who: str, query: str) -> Page:
    """The report as that user sees it under this address."""
    page = browser.new_context(locale="en-GB").new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    let_in(page.context, app.base_url, who)
    page.goto(f"{app.base_url}/reports/conversations?{query}")
    expect(page.locator(".chart .main-svg").first).to_be_visible(timeout=15_000)
    assert not faults  # Plotly evaluates no text: the policy forbids it
    return page


def what_the_events_say(app: AppServer, user: str = "", days: int = 90, *, in_office_hours: bool = False) -> Told:
    """The reference, over the log of the app's own database."""
    with Session(create_engine(f"sqlite:///{app.data_dir / 'conversations.db'}")) as db:
        person = db.exec(select(User).where(User.email == f"{user or 'ana'}@demo.test")).one()
        query = select(ConversationEvent).where(ConversationEvent.workspace_id == person.workspace_id)
        events = list(db.exec(query.order_by(col(ConversationEvent.id))).all())
        today = datetime.now(ZONE).date()
        range_ = [today - timedelta(days=number) for number in reversed(range(days))]
        hours = hours_of(db.get_one(Workspace, person.workspace_id)) if in_office_hours else None
        whose = person.id if user else None
        return tell(sorted(events, key=lambda one: one.at), ZONE, range_, whose, hours=hours)


def figure(page: Page, name: str) -> str:
    """The large number of a card."""
    cards = page.get_by_role("list", name="Figures").get_by_role("listitem")
    return cards.filter(has=page.get_by_text(name, exact=True)).locator("b").inner_text()


def median(times: list[int]) -> str:
    return duration_label(sorted(times)[-(-len(times) // 2) - 1])


def check_figures(page: Page, told: Told) -> None:
    """The cards of the page against the reference."""
    responses = [seconds for times in told.first_response.values() for seconds in times]
    assert figure(page, "New conversations") == number_label(told.new.total(), "en")
    assert figure(page, "Closed") == number_label(sum(map(len, told.closing.values())), "en")
    assert figure(page, "Messages sent") == number_label(told.sent.total(), "en")
    assert figure(page, "First response, median") == median(responses)


def test_an_administrator_sees_the_teams_figures_and_what_is_behind_them(browser: Browser, app_server: AppServer):
    page = report_of(browser, app_server, "admin", "range=last_90")
    told = what_the_events_say(app_server)
    check_figures(page, told)
    table = page.get_by_role("table", name="By user", exact=True)
    expect(table.get_by_role("row")).to_have_count(len({*told.new, *told.sent, *told.closing, *told.received}) + 1)

    page.get_by_role("list", name="Figures").get_by_role("listitem").nth(1).get_by_role("link").click()
    behind = page.get_by_role("dialog", name="Closed conversations")
    expect(behind.get_by_role("row")).to_have_count(min(100, sum(map(len, told.closing.values()))) + 1)
    page.keyboard.press("Escape")
    expect(behind).to_be_hidden()
    expect(page).not_to_have_url("**show=closed**")

    page.get_by_role("button", name="Times").click()
    page.get_by_role("menuitemradio", name="Office hours").click()
    page.wait_for_url("**times=office*")
    in_office = what_the_events_say(app_server, in_office_hours=True)
    responses = [seconds for times in in_office.first_response.values() for seconds in times]
    card = page.get_by_role("list", name="Figures").get_by_role("listitem").filter(has_text="First response, median")
    expect(card.locator("b")).to_have_text(median(responses))

    week = page.get_by_role("table", name="When contacts write")
    hour = week.get_by_role("button").first
    quantity = int(hour.inner_text())
    hour.click()
    behind = page.get_by_role("dialog", name="Messages received")
    expect(behind.get_by_role("row")).to_have_count(quantity + 1)
    behind.get_by_role("button", name="Close").click()
    expect(behind).to_be_hidden()


def test_whoever_may_see_only_their_own_gets_that_whatever_the_address_says(browser: Browser, app_server: AppServer):
    page = report_of(browser, app_server, "eva", "range=last_90&user=1&show=sent&only_user=1")
    told = what_the_events_say(app_server, "eva")
    check_figures(page, told)
    dialog = page.get_by_role("dialog", name="Messages sent")
    expect(dialog.get_by_role("row")).to_have_count(min(100, told.sent.total()) + 1)
    course = page.request.get(f"{app_server.base_url}/reports/chart/course.csv?range=last_90&user=1")
    assert course.status == 404  # Eva may not export
    expect(page.get_by_role("button", name="User", exact=True)).to_have_count(0)

    page.set_viewport_size({"width": 360, "height": 800})
    value = page.locator(".figure b").first
    value.evaluate("one => { one.textContent = '23 h 59 min' }")
    assert value.evaluate("one => one.scrollWidth <= one.closest('.figure-value').clientWidth")
    # The charts are drawn anew for the width, a moment later.
    fits = """one => new Promise((tell) => {
        const fits = () => one.scrollWidth <= one.clientWidth;
        const look = (left) => (fits() || !left ? tell(fits()) : setTimeout(look, 50, left - 1));
        look(300);
    })"""
    assert page.locator(".stage").evaluate(fits)


def test_a_click_on_a_line_opens_what_it_says_and_charts_are_saved(browser: Browser, app_server: AppServer):
    page = report_of(browser, app_server, "admin", "range=last_7")
    told = what_the_events_say(app_server, days=7)
    today = datetime.now(ZONE).date()
    ago = next(ago for ago in range(1, 7) if stand_apart(told, today - timedelta(days=ago)))
    day = today - timedelta(days=ago)
    for series, name, quantity in (
        (0, "New conversations", told.new_on[day]),
        (2, "Open conversations", open_after(told, day)),
    ):
        page.mouse.click(*point_of(page, series, -1 - ago))
        behind = page.get_by_role("dialog", name=name)
        expect(behind.get_by_role("row")).to_have_count(min(100, quantity) + 1 if quantity else 0)
        behind.get_by_role("button", name="Close").click()
        expect(behind).to_be_hidden()

    panel = page.get_by_role("region", name="New, closed and open")
    with page.expect_download() as picture:
        panel.get_by_role("button", name="Save as picture (PNG)").click()
    assert Path(picture.value.path()).read_bytes().startswith(b"\x89PNG\r\n")
    with page.expect_download() as saved:
        panel.get_by_role("link", name="Save as table (CSV)").click()
    rows = list(csv.reader(Path(saved.value.path()).read_text("utf-8-sig").splitlines()))
    assert [int(row[1]) for row in rows[1:]] == [told.new_on[today - timedelta(days=ago)] for ago in range(6, -1, -1)]

    panel.get_by_text("As a table").click()
    panel.get_by_role("table").get_by_role("row").last.get_by_role("button").last.press("Enter")
    behind = page.get_by_role("dialog", name="Open conversations")
    expect(behind.get_by_role("row")).to_have_count(min(100, open_after(told, today)) + 1)


def test_a_look_at_any_day_says_which_it_is(browser: Browser, app_server: AppServer):
    page = report_of(browser, app_server, "admin", "range=last_30")
    days = [datetime.now(ZONE).date() - timedelta(days=ago) for ago in (3, 2)]  # not each has its name on the axis
    for number, day in zip((-4, -3), days, strict=True):
        page.mouse.move(*point_of(page, 0, number))
        expect(page.locator(".chart.course .hoverlayer")).to_contain_text(f"{day.day} {day:%b}")


def stand_apart(told: Told, day: date) -> bool:
    """Whether the three lines have points of their own there, so that a click means one of them."""
    return len({told.new_on[day], told.closed_on[day], open_after(told, day)}) == 3


def open_after(told: Told, day: date) -> int:
    """As of the last day on which something happened."""
    return told.backlog_on[max(known for known in told.backlog_on if known <= day)]


def point_of(page: Page, series: int, number: int) -> tuple[float, float]:
    """Where a point of a line in the first chart stands on the screen."""
    place: tuple[float, float] = tuple(
        page.evaluate(
            """([series, number]) => {
              const chart = document.querySelector(".chart.course");
              const { xaxis, yaxis } = chart._fullLayout;
              const { left, top } = chart.getBoundingClientRect();
              const { x, y } = chart._fullData[series];
              return [left + xaxis._offset + xaxis.d2p(x.at(number)), top + yaxis._offset + yaxis.d2p(y.at(number))];
            }""",
            [series, number],
        )
    )
    return place


def test_a_range_is_chosen_and_stands_in_the_address(browser: Browser, app_server: AppServer):
    page = report_of(browser, app_server, "admin", "")
    page.get_by_role("button", name="Range").click()
    page.get_by_role("menuitemradio", name="Last 90 days").click()
    page.wait_for_url("**range=last_90*")
    told = what_the_events_say(app_server)
    first = page.get_by_role("list", name="Figures").get_by_role("listitem").first
    expect(first).to_contain_text(number_label(told.new.total(), "en"))


def test_the_blue_mark_leads_to_the_dashboard_and_that_to_the_report(browser: Browser, app_server: AppServer):
    page = report_of(browser, app_server, "ana", "")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Dashboard").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    expect(page.get_by_role("list", name="Waits longest").get_by_role("listitem").first).to_be_visible()
    page.get_by_role("link", name="Conversation report").click()
    expect(page.get_by_role("heading", name="Conversation report")).to_be_visible()
