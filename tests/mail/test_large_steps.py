"""The lines of a mail that comes in: many at a time, the same mail, and everybody else has a turn between."""

import asyncio
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from witei_app.mail.large_steps import LargeSteps

END = b".\r\n"
# What matters at the seams: dots, line ends, halves of them.
BYTES = st.lists(st.sampled_from([b".", b"\r\n", b"\r", b"\n", b"a", b"..", b"\r\n.a"]), max_size=40).map(b"".join)


def stuffed(mail: bytes) -> bytes:
    """As a client sends it (RFC 5321, 4.5.2), with the end and a command behind it."""
    lines = mail.split(b"\r\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b"\r\n" + END + b"QUIT\r\n"


async def taken(reader: asyncio.StreamReader) -> list[bytes]:
    """What the listener makes of it: it takes the dot before the first line of each step itself."""
    steps, found = LargeSteps(reader), []
    while (lines := await steps.readuntil(b"\r\n")) != END:
        found.append(lines.removeprefix(b"."))
    return found


@given(mail=BYTES, sizes=st.lists(st.integers(1, 7), min_size=1, max_size=20))
async def test_in_whatever_pieces_it_comes_it_is_the_same_mail(mail: bytes, sizes: list[int]) -> None:
    reader, sent = asyncio.StreamReader(), stuffed(mail)
    task = asyncio.create_task(taken(reader))
    for turn in count():
        if not sent:
            break
        piece, sent = sent[: sizes[turn % len(sizes)]], sent[sizes[turn % len(sizes)] :]
        reader.feed_data(piece)
        await asyncio.sleep(0)
    assert b"".join(await task) == mail + b"\r\n"
    assert await reader.readuntil(b"\r\n") == b"QUIT\r\n"


async def test_a_large_one_takes_few_steps_and_others_have_their_turns() -> None:
    reader, mail = asyncio.StreamReader(), b"\r\n".join([b"." * 76] * 60_000)
    reader.feed_data(stuffed(mail))
    task, turns = asyncio.create_task(taken(reader)), 0
    while not task.done():
        await asyncio.sleep(0)
        turns += 1
    assert b"".join(task.result()) == mail + b"\r\n"
    assert 5 < len(task.result()) < 50
    assert turns >= len(task.result())
