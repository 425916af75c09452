"""The dialogues: every variant of every turn can be said, and nothing is left unfilled."""

import random
from datetime import date

import pytest

from witei_app.models import Channel
from witei_app.seed.scripts import openings, scripts, sequels
from witei_app.seed.world import Agent, person, property_, slots

EVERY = [(language, channel) for language in ("es", "en") for channel in Channel]


def test_there_are_many_of_them():
    assert sum(len(scripts(language, channel)) for language, channel in EVERY) >= 60


@pytest.mark.parametrize(("language", "channel"), EVERY)
def test_every_variant_can_be_said(language, channel):
    rng = random.Random(1)
    facts = slots(
        rng, property_(rng, "SOL"), person(rng, 3), Agent("Ana Ruiz", "a"), date(2026, 11, 25), language, "rent"
    )
    for script in scripts(language, channel):
        for wording in (script.subject, *(turn.wording for turn in script.turns)):
            for choice in range(len(wording.variants)):
                said = wording.say(facts, choice)
                assert said.strip()
                assert not set("{}[]|") & set(said)


@pytest.mark.parametrize("deal", ["rent", "sale", "owner", "tenant"])
@pytest.mark.parametrize(("language", "channel"), EVERY)
def test_every_kind_of_conversation_can_begin_and_go_on(language, channel, deal):
    is_foreign = language == "en"
    assert openings(language, channel, deal, is_foreign)
    assert sequels(language, channel, deal, is_foreign)


def test_numbers_make_addresses_unique():
    rng = random.Random(1)
    addresses = [person(rng, number).email for number in range(3_000)]
    assert len(set(addresses)) == len(addresses)
