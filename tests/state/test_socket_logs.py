"""What anybody can send to the pages' socket is neither written down nor able to forge lines of the log."""

import json
from typing import Any

import pytest

from tests.state.conftest import NAMESPACE, Running, Tab, cookie_of
from witei_app.logs import set_up_logs

SECRET = "Kanarienvogel"
BROWSER_FAULT = "reflex___state____state.reflex___state____frontend_event_exception_state.handle_frontend_exception"
HOSTILE: list[Any] = [
    f"{SECRET}\n2026-01-01T00:00:00Z [error] forged",
    [f"{SECRET}\nforged"],
    {"a": SECRET},
    {"name": f"{SECRET}\nforged", "payload": {}, "router_data": {}},
    {"name": 5, "payload": SECRET, "router_data": 3},
    {"name": BROWSER_FAULT, "payload": {"info": f"TypeError: {SECRET}\nforged", "component_stack": SECRET}},
    {"name": BROWSER_FAULT, "payload": {"info": [SECRET], "component_stack": 5}},
]


async def shout(tab: Tab) -> None:
    for data in HOSTILE:
        await tab.connection.send(f"42{NAMESPACE}," + json.dumps(["event", data]))
    await tab.connection.send(f"42{NAMESPACE},{{{SECRET}")
    await tab.connection.send(f"42{NAMESPACE}," + json.dumps(["client_error", {"message": f"{SECRET}\nforged"}]))


async def test_neither_what_was_sent_nor_the_cookie_is_in_the_log(
    capfd: pytest.CaptureFixture[str], running: Running
) -> None:
    set_up_logs()  # the app's own call found another stderr
    cookie = await cookie_of(running.cast.ana)
    async with running.tab(cookie) as tab:
        await shout(tab)
        await tab.hear_out()
    told = "".join(capfd.readouterr())
    assert "library" in told  # that something was wrong is told
    assert "browser.fault" in told
    assert cookie not in told
    assert SECRET not in told
    assert "forged" not in told
