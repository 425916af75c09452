"""An address of the agency that is a list, as Google's groups are: what people write to it is theirs."""

import pytest

from tests.cast import Cast, all_of
from tests.conversations.test_mail_in import mail, store
from witei_app.conversations.mail_in import read_waiting_mail
from witei_app.db import transaction
from witei_app.models import Conversation, DomainState, Message, SenderAddress, SenderDomain

MARTA = "Marta Ruiz <marta@yahoo.test>"
THROUGH_INFO = "'Marta Ruiz' via Info <info@sol.test>"
OURS = {"List_ID": "<info.sol.test>", "Mailing_list": "list info@sol.test; contact info+owners@sol.test"}
OTHERS = {"List_ID": "<v.lista.test>", "List_Post": "<mailto:v@lista.test>"}


async def received(cast: Cast, sender: str, **headers: str) -> Message:
    async with transaction() as db:
        domain = SenderDomain(workspace_id=cast.sol, domain="sol.test", state=DomainState.VERIFIED)
        db.add(domain)
        await db.flush()
        db.add(SenderAddress(workspace_id=cast.sol, sender_domain_id=domain.id, local_part="info"))
    await store(cast, mail("I want the flat", sender, Precedence="list", **headers))
    await read_waiting_mail()
    (message,) = await all_of(Message)
    return message


@pytest.mark.parametrize(("sender", "more"), [(MARTA, {}), (THROUGH_INFO, {"Reply_To": MARTA})])
async def test_a_person_who_writes_to_it_waits_for_an_answer(
    lite_cast: Cast, sender: str, more: dict[str, str]
) -> None:
    message = await received(lite_cast, sender, **OURS, **more)
    assert (message.author_name, message.address, message.is_automatic) == ("Marta Ruiz", "marta@yahoo.test", False)
    (conversation,) = await all_of(Conversation)
    assert (conversation.contact_name, conversation.needs_reply) == ("Marta Ruiz", True)


async def test_a_machine_that_writes_to_it_and_a_list_of_others_do_not(cast: Cast) -> None:
    assert (await received(cast, MARTA, **OURS, Auto_Submitted="auto-replied")).is_automatic


async def test_a_list_of_others_is_a_list(cast: Cast) -> None:
    assert (await received(cast, MARTA, **OTHERS)).is_automatic
