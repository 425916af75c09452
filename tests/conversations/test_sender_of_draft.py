"""Which of the agency's addresses a draft goes out from, once somebody has said so."""

from tests.cast import Cast, act, open_conversation
from witei_app.accounts.actor import Actor
from witei_app.conversations.draft import (
    draft_of,
    draft_recipients,
    keep_draft,
    keep_draft_recipients,
    keep_draft_sender,
    sender_said,
)
from witei_app.conversations.first_draft import (
    drop_first_draft,
    find_first_draft,
    keep_first_draft,
    readdress_first_draft,
)
from witei_app.conversations.recipients import Recipients
from witei_app.conversations.reply import send_reply
from witei_app.conversations.undo import undo_send
from witei_app.db import reading, transaction
from witei_app.mail.types import Address
from witei_app.models import DomainState, SenderAddress, SenderDomain
from witei_app.sender_domains.overview import sender_choices, usual_sender

MARCO, LAURA = Address("Marco Peña", "marco@contact.test"), Address("Laura", "laura@b.test")


async def addresses(cast: Cast, *names: str) -> list[int]:
    """These of a verified domain, the first one the default; their ids."""
    async with transaction() as db:
        domain = SenderDomain(workspace_id=cast.sol, domain="sol.test", state=DomainState.VERIFIED)
        db.add(domain)
        await db.flush()
        found = [
            SenderAddress(
                workspace_id=cast.sol, sender_domain_id=domain.id, local_part=name, is_default=name == names[0]
            )
            for name in names
        ]
        db.add_all(found)
        await db.flush()
        return [one.id for one in found]


async def shown(actor: Actor, conversation_id: int) -> int:
    """The one that the composer shows for the actor's draft."""
    async with reading() as db:
        said = sender_said(await draft_of(db, actor, conversation_id))
        return await usual_sender(db, conversation_id, await sender_choices(db, actor), said)


async def test_the_chosen_one_stays_with_the_draft_and_the_recipients_too(cast: Cast) -> None:
    info, sales = await addresses(cast, "info", "ventas")
    opened = await open_conversation(cast.marco)
    await act(cast.ana, opened, keep_draft_sender, "ventas@sol.test")
    assert await act(cast.ana, opened, draft_recipients) == Recipients(to=(MARCO,))
    await act(cast.ana, opened, keep_draft_recipients, Recipients(to=(LAURA,)))
    await act(cast.ana, opened, keep_draft, "<p>Hello</p>")
    await act(cast.ana, opened, keep_draft, "")
    assert (await shown(cast.ana, opened), await shown(cast.luis, opened)) == (sales, info)
    await act(cast.ana, opened, keep_draft_sender, "info@sol.test")
    assert await shown(cast.ana, opened) == info
    assert await act(cast.ana, opened, draft_recipients) == Recipients(to=(LAURA,))


async def test_one_that_is_gone_is_no_longer_chosen(cast: Cast) -> None:
    info, sales = await addresses(cast, "info", "ventas")
    opened = await open_conversation(cast.marco)
    await act(cast.ana, opened, keep_draft_sender, "ventas@sol.test")
    async with transaction() as db:
        await db.delete(await db.get_one(SenderAddress, sales))
    assert await shown(cast.ana, opened) == info


async def test_an_answer_that_is_called_back_goes_out_from_the_same_one(cast: Cast) -> None:
    _, sales = await addresses(cast, "info", "ventas")
    opened = await open_conversation(cast.marco)
    sent = await act(cast.ana, opened, send_reply, "Hello", sender_address_id=sales)
    async with transaction() as db:
        await undo_send(db, cast.ana, sent.id)
    assert await shown(cast.ana, opened) == sales


async def test_a_new_conversation_keeps_it_as_well(cast: Cast) -> None:
    async with transaction() as db:
        await keep_first_draft(db, cast.ana, sender="ventas@sol.test")
        await keep_first_draft(db, cast.ana, recipients=Recipients(to=(LAURA,)))
        await keep_first_draft(db, cast.ana, subject="Keys")
        assert sender_said(await find_first_draft(db, cast.ana)) == "ventas@sol.test"
        await keep_first_draft(db, cast.ana, subject="")
        await readdress_first_draft(db, cast.ana)  # nothing was written: the next one is another
        assert sender_said(await find_first_draft(db, cast.ana)) == ""
        await drop_first_draft(db, cast.ana)
