"""A session that ends between the page and its socket: the tab says so by going to /login."""

import re

from playwright.sync_api import Page, Route, expect

from tests.servers import AppServer


def sign_in(page: Page, app: AppServer) -> None:
    page.goto(f"{app.base_url}/login")
    page.get_by_label("E-mail").fill("admin@demo.test")
    page.get_by_label("Password").fill("demo-demo-demo")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("list", name="Conversations").wait_for()


def test_a_page_without_a_session_leads_to_the_sign_in(page: Page, app_server: AppServer) -> None:
    sign_in(page, app_server)

    def scripts_after_the_end(route: Route) -> None:
        page.context.clear_cookies()
        route.continue_()

    page.route(re.compile(r"\.js$"), scripts_after_the_end)
    page.goto(f"{app_server.base_url}/conversations", wait_until="commit")
    expect(page).to_have_url(re.compile("/login$"))
    expect(page.get_by_label("Password")).to_be_visible()


def test_a_session_that_is_ended_elsewhere_leads_to_the_sign_in(page: Page, app_server: AppServer) -> None:
    sign_in(page, app_server)
    assert page.context.request.post(f"{app_server.base_url}/logout").ok
    expect(page).to_have_url(re.compile("/login$"))
    expect(page.get_by_label("Password")).to_be_visible()


def test_signing_out_from_the_menu_and_by_command(page: Page, app_server: AppServer) -> None:
    sign_in(page, app_server)
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    sign_in(page, app_server)
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("Sign out")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Password")).to_be_visible()
    sign_in(page, app_server)
    page.goto(f"{app_server.base_url}/profile")
    page.get_by_role("button", name="Sign out everywhere").click()
    expect(page.get_by_label("Password")).to_be_visible()
