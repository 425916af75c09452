"""What the team sees of a visitor."""

from typing import Any

import pytest

from tests.cast import Cast, open_conversation, pane_of
from witei_app.conversations.rows import VisitRow
from witei_app.conversations.visit import browser_name
from witei_app.db import transaction
from witei_app.models import Channel, Visitor, Widget

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 Version/17.5 Safari/604.1"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (EDGE, "Edge · Windows"),
        (IPHONE, "Safari · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox · Linux"),
        ("curl/8.1", ""),
        ("Chrome · Windows", "Chrome · Windows"),
        ("", ""),
    ],
)
def test_a_browser_is_named(sent: str, shown: str) -> None:
    assert browser_name(sent) == shown


async def visit_of(cast: Cast, **columns: Any) -> VisitRow:
    """What Ana sees of a visitor with these columns."""
    conversation_id = await open_conversation(cast.marco, channel=Channel.WEB_CHAT)
    async with transaction() as db:
        widget = Widget(workspace_id=cast.sol, key="sol", name="Web")
        db.add(widget)
        await db.flush()
        own: dict[str, Any] = {
            "workspace_id": cast.sol,
            "widget_id": widget.id,
            "token_hash": "x",
            "conversation_id": conversation_id,
        }
        db.add(Visitor(**own, **columns))
    return (await pane_of(cast.ana, conversation_id)).visit


async def test_the_page_and_the_local_time_are_shown(lite_cast: Cast) -> None:
    page = {"page_url": "https://sol.example/piso", "page_title": "Ático", "referrer": "https://www.google.com/search"}
    visit = await visit_of(lite_cast, **page, time_zone="Atlantic/Canary", browser=IPHONE, email="x@y.test")
    assert (visit.page, visit.page_url, visit.referrer) == ("Ático", "https://sol.example/piso", "www.google.com")
    assert visit.local_time.endswith("(Atlantic/Canary)")
    assert (visit.browser, visit.email) == ("Safari · iPhone", "x@y.test")


@pytest.mark.parametrize("zone", ["Nowhere", "../../etc/passwd", "Europe", "/etc/localtime", "\n"])
async def test_what_is_no_time_zone_is_left_out(lite_cast: Cast, zone: str) -> None:
    assert (await visit_of(lite_cast, time_zone=zone)).local_time == ""


async def test_a_mail_has_no_visit(lite_cast: Cast) -> None:
    conversation_id = await open_conversation(lite_cast.marco)
    assert (await pane_of(lite_cast.ana, conversation_id)).visit == VisitRow()
