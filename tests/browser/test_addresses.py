"""One build serves every port and host name."""

from playwright.sync_api import Page, WebSocket

from tests.browser.people import let_in
from tests.conftest import StartApp
from tests.servers import AppServer


def sockets_of(page: Page, address: str) -> list[str]:
    """Those that the inbox opens at that address."""
    sockets: list[str] = []

    def note(socket: WebSocket) -> None:
        sockets.append(socket.url)

    page.on("websocket", note)
    let_in(page.context, address, "ana")
    page.goto(f"{address}/conversations")
    page.get_by_role("list", name="Conversations").get_by_role("listitem").first.wait_for()
    return sockets


def test_the_same_build_works_on_another_port(page: Page, app_server: AppServer, start_app: StartApp) -> None:
    for app in (app_server, start_app()):
        sockets = sockets_of(page, app.base_url)
        assert sockets
        assert all(url.startswith(f"ws://localhost:{app.port}/") for url in sockets)


def test_this_machine_may_be_called_by_its_number(page: Page, app_server: AppServer) -> None:
    sockets = sockets_of(page, f"http://127.0.0.1:{app_server.port}")
    assert all(url.startswith(f"ws://127.0.0.1:{app_server.port}/") for url in sockets)
