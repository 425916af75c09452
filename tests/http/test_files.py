"""Files and the originals of mails, for those who may see the conversation."""

import httpx
import pytest

from tests.cast import Cast, all_of, give, open_conversation
from tests.http.conftest import Browse, signed_in
from witei_app.accounts.actor import Actor
from witei_app.conversations.receive import IncomingFile
from witei_app.db import transaction
from witei_app.files import keep, path_of
from witei_app.mail.parse import parse_mail
from witei_app.mail.tame import MOST_SHOWN
from witei_app.models import Attachment, InboundMail, Message

MAIL = (
    b"From: marco@contact.test\r\nContent-Type: text/html\r\n\r\n"
    b'<h1 onclick="x()">Plan</h1><script>x()</script><img src="https://track.test/x.png"><form action="https://evil.test">'
)
NAMES = ["plan.pdf", 'a"; filename=b.html', "\r\nSet-Cookie: x=1", "año 50% ☂.pdf", "../../etc/passwd", "", "x" * 255]


async def file_of(cast: Cast, name: str, content_type: str = "application/pdf", data: bytes = b"<b>data</b>") -> int:
    """A file in a conversation of Luis'."""
    file = IncomingFile(await keep(data), name, content_type, len(data))
    opened = await open_conversation(cast.marco, files=(file,))
    await give(cast.ana, opened, cast.luis)
    return int((await all_of(Attachment))[-1].id)


async def mail_of(cast: Cast, raw: bytes = MAIL) -> int:
    """A message with its original."""
    async with transaction() as db:
        mail = InboundMail(workspace_id=cast.sol, sha256=await keep(raw), size=len(raw))
        db.add(mail)
    opened = await open_conversation(cast.marco, inbound_mail_id=mail.id, is_rich=True)
    await give(cast.ana, opened, cast.luis)
    return int((await all_of(Message))[-1].id)


async def ask(browse: Browse, path: str, who: Actor | None) -> httpx.Response:
    async with browse() as browser:
        if who:
            await signed_in(browser, who)
        return await browser.get(path, headers={"Accept": "*/*"})


async def test_files_and_frames_are_there_for_those_alone_who_see_the_conversation(cast: Cast, browse: Browse) -> None:
    paths = [f"/files/{await file_of(cast, 'plan.pdf')}", f"/messages/{await mail_of(cast)}/frame"]
    for path in paths:
        for who, status in ((cast.ana, 200), (cast.luis, 200), (cast.eva, 404), (cast.vera, 404), (None, 404)):
            assert (await ask(browse, path, who)).status_code == status, (path, who)


async def test_a_file_comes_as_a_download_whatever_it_calls_itself(lite_cast: Cast, browse: Browse) -> None:
    for name in NAMES:
        answer = await ask(browse, f"/files/{await file_of(lite_cast, name, 'text/html')}", lite_cast.ana)
        assert answer.content == b"<b>data</b>"
        assert answer.headers["content-disposition"].startswith("attachment; filename*=utf-8''")
        assert not set('\r\n";/ ') & set(answer.headers["content-disposition"].partition("''")[2]) - {"/"}
        assert answer.headers["content-type"] == "application/octet-stream"
        assert "set-cookie" not in answer.headers
        assert "sandbox" in answer.headers["content-security-policy"]


async def test_pictures_are_shown_in_place(lite_cast: Cast, browse: Browse) -> None:
    answer = await ask(browse, f"/files/{await file_of(lite_cast, 'a.png', 'image/png')}", lite_cast.ana)
    assert answer.headers["content-disposition"].startswith("inline")
    svg = await ask(browse, f"/files/{await file_of(lite_cast, 'a.svg', 'image/svg+xml')}", lite_cast.ana)
    assert svg.headers["content-disposition"].startswith("attachment")


async def test_a_mail_in_its_frame_can_do_nothing(lite_cast: Cast, browse: Browse) -> None:
    path = f"/messages/{await mail_of(lite_cast)}/frame"
    answer = await ask(browse, path, lite_cast.ana)
    assert "Plan" in answer.text
    for danger in ("onclick", "<script", "<form", "evil.test"):
        assert danger not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "https:" not in policy
    assert "https:" in (await ask(browse, path + "?images=1", lite_cast.ana)).headers["content-security-policy"]


async def test_of_html_larger_than_a_page_may_be_the_beginning_is_shown(lite_cast: Cast, browse: Browse) -> None:
    raw = MAIL + b"</form>" + b"<p>and <b>so</b> on</p>\n" * 90_000 + b"<p>The end</p>"
    answer = await ask(browse, f"/messages/{await mail_of(lite_cast, raw)}/frame", lite_cast.ana)
    assert MOST_SHOWN < len(answer.text) < MOST_SHOWN + 10_000
    assert answer.text.count("<p>and <b>so</b> on</p>") > 80_000
    assert "<p>[… message.html]</p>" in answer.text
    assert "The end" not in answer.text


async def test_pictures_within_the_html_do_not_make_a_mail_large(lite_cast: Cast, browse: Browse) -> None:
    picture = b"data:image/png;base64," + b"iVBORw0K" * 400_000
    raw = MAIL + b'</form><p>Before</p><img src="' + picture + b'"><table><td>The end</table>'
    assert parse_mail(raw).text.split() == ["Plan", "Before", "The", "end"]
    answer = await ask(browse, f"/messages/{await mail_of(lite_cast, raw)}/frame", lite_cast.ana)
    assert picture in answer.content
    assert b"<td>The end</td>" in answer.content
    assert b"message.html" not in answer.content


@pytest.mark.parametrize("number", ["0", "99999", "9" * 30])
async def test_what_does_not_exist_is_not_found(cast: Cast, browse: Browse, number: str) -> None:
    for path in (f"/files/{number}", f"/messages/{number}/frame"):
        assert (await ask(browse, path, cast.ana)).status_code == 404


async def test_a_file_whose_bytes_are_gone_is_not_found(lite_cast: Cast, browse: Browse) -> None:
    number = await file_of(lite_cast, "plan.pdf")
    path_of((await all_of(Attachment))[-1].sha256).unlink()
    assert (await ask(browse, f"/files/{number}", lite_cast.ana)).status_code == 404
    mail = await mail_of(lite_cast)
    path_of((await all_of(InboundMail))[-1].sha256).unlink()
    assert (await ask(browse, f"/messages/{mail}/frame", lite_cast.ana)).status_code == 404
