"""A tab that is open while a newer version is put in place."""

import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, Response, expect

from tests.browser.people import inbox_of, rows
from tests.conftest import StartApp
from tests.servers import AppServer
from witei_app.frontend import web_folder


def another_build(folder: Path) -> Path:
    """The same pages, under another name of the list of their files: by that one build is told from another."""
    shutil.copytree(web_folder(), folder, ignore=shutil.ignore_patterns("node_modules", "*.gz"))
    (listed,) = folder.glob("build/client/assets/manifest-*.js")
    for page in folder.glob("build/client/**/*.html"):
        page.write_text(page.read_text().replace(listed.name, f"newer-{listed.name}"))
    listed.rename(listed.with_name(f"newer-{listed.name}"))
    return folder


def restarted(page: Page, app: AppServer) -> Response:
    """The server begins anew under the page, which looks whether its build is still there: gives the answer."""
    with page.expect_response(lambda answer: "/assets/manifest-" in answer.url, timeout=60_000) as looked:
        app.stop()
        app.start()
    return looked.value


def test_it_is_loaded_by_itself_and_no_word_is_lost(browser: Browser, start_app: StartApp, tmp_path: Path) -> None:
    app = start_app()
    ana = inbox_of(browser, app, "ana")
    rows(ana).first.click()
    box = ana.get_by_role("textbox", name="Message", exact=True)
    box.click()
    ana.keyboard.type("Half a sentence")
    search = ana.get_by_role("searchbox", name="Search contacts")
    search.focus()
    ana.evaluate("window.isFormer = true")

    assert restarted(ana, app).status == 200
    app.settings["REFLEX_WEB_WORKDIR"] = str(another_build(tmp_path / "web"))
    assert restarted(ana, app).status == 404
    assert ana.evaluate("window.isFormer")  # somebody is in the search
    with ana.expect_event("load"):
        search.blur()
    expect(box).to_have_text("Half a sentence")
