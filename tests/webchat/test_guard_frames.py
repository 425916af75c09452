"""Each frame of the widget's protocol, sent by somebody whom it is not for: nothing is told, nothing of others changes.

The kinds are read from the protocol, so that one added tomorrow fails here until it has an example.
"""

import json
from typing import Any, get_args

import pytest

from tests.cast import act, everything_of
from tests.webchat.conftest import Agency, Visit, closing, conversations, open_agency
from tests.webchat.test_files import PNG, upload
from witei_app.conversations.reply import send_reply, write_note
from witei_app.webchat.protocol import Incoming

SECRET = "Kanarienvogel"
EXAMPLES: dict[str, dict[str, Any]] = {
    "hello": {"back": "forged", "since": 0},
    "say": {"id": "message-0001", "text": "x", "files": [1]},
    "read": {"n": 2},
    "about": {"about": {"email": "marco@contact.test", "name": "Marco"}},
    "typing": {},
    "rate": {"stars": 1, "text": "x"},
    "transcript": {},
    "forget": {},
    "page": {"page": {"url": "https://sol.example/x"}},
    "ping": {},
}
ODD: list[Any] = [None, True, -1, 10**30, 1.5, "", "x" * 9000, [], {}, [1], {"a": 1}, "\ud800", "\0"]


def test_each_kind_has_an_example() -> None:
    kinds = {get_args(kind.model_fields["t"].annotation)[0] for kind in get_args(Incoming)}
    assert kinds == set(EXAMPLES)
    print(f"{len(kinds)} kinds of frames")


@pytest.fixture
async def marcos(lite_sol: Agency, visit: Visit, port: int) -> str:
    """Marco's chat, with an answer, a note and a file that waits; gives his token."""
    marco = await visit(lite_sol.key)
    await marco.hello()
    await marco.say(SECRET)
    [conversation] = await conversations()
    await act(lite_sol.ana, conversation.id, write_note, SECRET)
    await act(lite_sol.ana, conversation.id, send_reply, SECRET)
    assert (await upload(port, marco.token, name=f"{SECRET}.png", data=PNG)).status_code == 201
    await marco.connection.close()
    return str(marco.token)


@pytest.mark.parametrize("kind", [kind for kind in EXAMPLES if kind != "hello"])
async def test_before_hello_there_is_nothing_to_say(lite_sol: Agency, visit: Visit, marcos: str, kind: str) -> None:
    before = await everything_of(lite_sol.workspace.id)
    frames = [EXAMPLES[kind]] + [EXAMPLES[kind] | {field: odd} for odd in ODD for field in ("t", *EXAMPLES[kind])]
    for frame in frames:
        stranger = await visit(lite_sol.key)
        await stranger.send(json.dumps({"t": kind, **frame}))
        code, reason = await closing(stranger)
        assert code == 4400
        assert SECRET not in reason
    assert without_seen(await everything_of(lite_sol.workspace.id)) == without_seen(before)


@pytest.mark.parametrize("site", ["sol", "norte"])
async def test_a_stranger_hears_nothing_of_others_and_changes_nothing_of_theirs(
    lite_sol: Agency, visit: Visit, marcos: str, site: str
) -> None:
    await open_agency("Casas Norte", "norte")
    before = await everything_of(lite_sol.workspace.id)
    for token in (None, "x" * 43, marcos[:-1] + ("A" if marcos[-1] != "A" else "B")):
        for kind, frame in EXAMPLES.items():
            if kind == "hello":
                continue
            stranger = await visit(site, token)
            await stranger.hello()
            await stranger.send({"t": kind, **frame})
            await stranger.send({"t": "ping"})
            await stranger.hear("pong")
            assert SECRET not in json.dumps(stranger.heard)
    after = await everything_of(lite_sol.workspace.id)
    for table in ("message", "visitor_file", "attachment", "visitor", "visitor_token", "conversation", "contact"):
        assert set(before[table]) <= set(after[table]), table
    assert site == "sol" or without_seen(after) == without_seen(before)


async def test_a_token_of_one_site_opens_nothing_at_another(lite_sol: Agency, visit: Visit, marcos: str) -> None:
    await open_agency("Casas Norte", "norte")
    elsewhere = await visit("norte", marcos)
    welcome = await elsewhere.hello()
    assert welcome.get("messages", []) == []
    assert SECRET not in json.dumps(elsewhere.heard)


def without_seen(rows: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """But for where the widget was last seen, which is true."""
    return {table: found for table, found in rows.items() if table != "widget"}
