"""As deploy/ says: nginx with TLS, two web processes, a worker of its own, PostgreSQL and Redis."""

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import page_at
from tests.browser.test_main_walk import MAIL_PATIENCE, answer, line, swaks
from tests.conftest import StartApp
from tests.nginx import Nginx
from tests.servers import AppServer, Postgres, Process, RedisServer, accepts, free_port


class Company:
    """All its processes."""

    def __init__(self, start_app: StartApp, postgres: Postgres, redis: RedisServer, folder: Path) -> None:
        port = free_port()
        self.url = f"https://localhost:{port}"
        self.web: AppServer = start_app(
            WITEI_BASE_URL=self.url,
            WITEI_TRUSTED_PROXY_HOPS="1",
            WITEI_DATABASE_URL=postgres.url(postgres.create()),
            WITEI_REDIS_URL=redis.url(9),
            WITEI_WEB_WORKERS="2",
        )
        self._nginx = Nginx(folder, port, self.web.port)
        self._log = folder / "worker.log"
        self.start_worker()

    def start_worker(self) -> None:
        """Another machine's process."""
        self.worker = Process([sys.executable, "-m", "witei_app", "worker"], self._log, self.web.environment())
        self.worker.wait_until(lambda: accepts(self.web.smtp_port))

    def stop(self) -> None:
        """End what the test's own fixtures do not end."""
        self.worker.stop()
        self._nginx.stop()


@pytest.fixture(scope="module")
def company(
    start_shared_app: StartApp, postgres: Postgres, redis: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Company]:
    """The whole company at work."""
    started = Company(start_shared_app, postgres, redis, tmp_path_factory.mktemp("company"))
    yield started
    started.stop()


def test_tabs_on_every_process_hear_what_the_worker_brings(browser: Browser, company: Company) -> None:
    inboxes = [page_at(browser, company.url, who, "/conversations") for who in ("ana", "luis", "ana", "luis")]
    swaks(company.web.smtp_port, "marco@contact.test", "Marco Torres", "Gran Vía 12", "¿Sigue libre el piso?")
    for page in inboxes:  # all of them, before one is opened: what one tab reads is read in the other
        expect(line(page, "Marco Torres")).to_contain_text("unread", timeout=MAIL_PATIENCE)
    for page in inboxes:
        line(page, "Marco Torres").click()
    company.worker.stop()
    answer(inboxes[0], "Sí, el jueves a las 17:00.")
    company.start_worker()
    for page in inboxes:
        log = page.get_by_role("log", name="Messages")
        expect(log).to_contain_text("Sí, el jueves a las 17:00.")
        expect(log.get_by_text("sent", exact=True)).to_be_visible(timeout=MAIL_PATIENCE)
        page.reload()
        expect(log).to_contain_text("Sí, el jueves a las 17:00.")


def test_a_visitor_talks_with_whichever_process(browser: Browser, company: Company) -> None:
    ana = page_at(browser, company.url, "ana", "/conversations")
    visitor = browser.new_context(locale="en-GB", ignore_https_errors=True).new_page()
    visitor.goto(f"{company.url}/demo/site")
    visitor.get_by_role("button", name="Open chat").click()
    chat = visitor.frame_locator("iframe[title='Chat']")
    chat.get_by_role("textbox", name="Your message").fill("¿El ático admite perros?")
    chat.get_by_role("button", name="Send", exact=True).click()
    line(ana, "¿El ático admite perros?").click()
    answer(ana, "Sí, uno pequeño.")
    expect(chat.get_by_role("log", name="Messages")).to_contain_text("Sí, uno pequeño.")


def test_behind_tls_the_session_is_for_tls_alone(company: Company) -> None:
    with httpx.Client(verify=False, base_url=company.url) as client:  # the certificate is signed by itself
        form = {"email": "ana@demo.test", "password": "demo-demo-demo"}
        signed_in = client.post("/login", data=form, headers={"Origin": company.url})
        assert "max-age" in signed_in.headers["strict-transport-security"]
        assert "; Secure" in signed_in.headers["set-cookie"]
        elsewhere = client.post("/login", data=form, headers={"Origin": "https://elsewhere.example"})
        assert elsewhere.status_code == 403
