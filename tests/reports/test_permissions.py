"""Whose figures an actor may know: the query says it, not the page."""

import dataclasses
from datetime import UTC, datetime, time

import pytest
from sqlalchemy import update
from sqlmodel import col

from tests.cast import Cast, act, give, open_conversation
from witei_app.accounts.actor import Actor
from witei_app.accounts.office_hours import Hours
from witei_app.conversations.archive import archive
from witei_app.conversations.reply import send_reply
from witei_app.db import reading, transaction
from witei_app.errors import Refused
from witei_app.models import ConversationEvent, Reach
from witei_app.reports import export
from witei_app.reports.amounts import Figures
from witei_app.reports.asked import Filters, ask
from witei_app.reports.behind import FIGURES, evidence
from witei_app.reports.choices import choices_of
from witei_app.reports.export import conversation_lines
from witei_app.reports.figures import figures_of
from witei_app.reports.page import report_of
from witei_app.reports.wanted import Wanted

BEGIN, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
ALL_DAY = time(), time.max


def reaching(actor: Actor, reach: Reach) -> Actor:
    return dataclasses.replace(
        actor, is_admin=False, levels=dataclasses.replace(actor.levels, report_scope=reach.value)
    )


async def happenings(cast: Cast) -> None:
    """Ana answers and closes two, Eva one, one is nobody's."""
    for who in (cast.ana, cast.ana, cast.eva):
        number = await open_conversation(cast.marco)
        await give(cast.ana, number, who)
        await act(who, number, send_reply, "<p>Yes</p>")
        await act(who, number, archive)
    await open_conversation(cast.marco)


async def figures(actor: Actor, user_id: int | None = None) -> Figures:
    async with reading() as db:
        return await figures_of(db, ask(actor, BEGIN, END, Filters(user_id)))


async def test_whoever_may_know_all_gets_all_and_each(cast: Cast):
    await happenings(cast)
    ana = reaching(cast.ana, Reach.ALL)
    whole = await figures(ana)
    assert (whole.new, whole.closed, whole.sent, whole.received) == (4, 3, 3, 4)
    own = await figures(ana, cast.eva.user_id)
    assert (own.new, own.closed, own.sent, own.received) == (1, 1, 1, 0)
    assert (await figures(ana, 0)).new == 1


async def test_others_get_their_own_whoever_they_ask_for(cast: Cast):
    await happenings(cast)
    eva = reaching(cast.eva, Reach.OWN)
    for asked_for in (None, 0, cast.ana.user_id, cast.vera.user_id, 10**15):
        own = await figures(eva, asked_for)
        assert (own.new, own.closed, own.sent) == (1, 1, 1)
        assert {user.user_id for user in own.users} <= {cast.eva.user_id}


async def test_without_the_permission_there_is_nothing(cast: Cast):
    with pytest.raises(Refused):
        await figures(reaching(cast.eva, Reach.NONE))


async def test_another_workspace_has_none_of_it(cast: Cast):
    await happenings(cast)
    vera = reaching(cast.vera, Reach.ALL)
    for user_id in (None, 0, cast.ana.user_id):
        found = await figures(vera, user_id)
        assert (found.new, found.closed, found.sent, found.received) == (0, 0, 0, 0)


async def test_what_is_behind_a_number_is_as_much_as_the_number(cast: Cast):
    await happenings(cast)
    for actor, user_id in ((reaching(cast.ana, Reach.ALL), None), (reaching(cast.eva, Reach.OWN), None)):
        found = await figures(actor, user_id)
        async with reading() as db:
            asked = ask(actor, BEGIN, END, Filters(user_id))
            behind = {name: await evidence(db, actor, asked, name) for name in FIGURES}
        assert len(behind["new"]) == found.new
        assert len(behind["closed"]) == found.closed
        assert len(behind["sent"]) == found.sent
        assert len(behind["received"]) == found.received
        assert len(behind["first_response"]) == found.first_response.quantity
        assert sum(one.seconds or 0 for one in behind["first_response"]) == found.responses.sum()


async def test_contacts_that_one_may_not_see_have_no_name(cast: Cast):
    await happenings(cast)
    (mine, *_) = [row async for row in lines(reaching(cast.eva, Reach.OWN))]
    assert mine.contact_name == "Marco Peña"
    async with reading() as db:
        asked = ask(reaching(cast.eva, Reach.ALL), BEGIN, END)
        names = [one.contact_name for one in await evidence(db, cast.eva, asked, "new")]
    assert names.count("") == 3


async def lines(actor: Actor, hours: Hours | None = None):
    async with reading() as db:
        async for line in conversation_lines(db, actor, ask(actor, BEGIN, END, hours=hours)):
            yield line


async def test_the_export_counts_office_hours_where_the_page_does(cast: Cast):
    await happenings(cast)
    async with transaction() as db:
        await db.exec(update(ConversationEvent).values(seconds=col(ConversationEvent.seconds) + 7_200))
    ana = reaching(cast.ana, Reach.ALL)
    on_the_clock = [(row.first_response, row.closing) async for row in lines(ana)]
    for days, expected in ((((),) * 7, [(0, 0), (0, 0), (0, 0), (None, None)]), (((ALL_DAY,),) * 7, on_the_clock)):
        in_office = [row async for row in lines(ana, Hours(True, days))]
        assert [(row.first_response, row.closing) for row in in_office] == expected


@pytest.mark.parametrize("at_once", [1, 2, 4, 500])
async def test_the_export_has_a_row_for_each_new_conversation(
    cast: Cast, at_once: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(export, "AT_ONCE", at_once)
    await happenings(cast)
    rows = [row async for row in lines(reaching(cast.ana, Reach.ALL))]
    assert [(row.sent, row.received, row.assignee_id) for row in rows] == [
        (1, 1, cast.ana.user_id),
        (1, 1, cast.ana.user_id),
        (1, 1, cast.eva.user_id),
        (0, 1, 0),
    ]
    assert [row.closing is None for row in rows] == [False, False, False, True]


async def test_a_link_to_somebody_who_is_unknown_does_not_claim_to_show_everybody(lite_cast: Cast):
    async with reading() as db:
        report = await report_of(db, reaching(lite_cast.ana, Reach.ALL), Wanted.of({"user": "999999"}))
    menus = choices_of(report, [], "en")
    assert (menus.people.label, menus.channels.label) == ("Unknown", "All channels")
