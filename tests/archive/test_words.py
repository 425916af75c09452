"""Settings and states of an archive are made of words that this program knows: others are refused, by name."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.archive.test_hostile import WORKSPACE, Change, build, lines, member
from tests.cast import Configure
from witei_app.archive.load import load_archive
from witei_app.archive.values import Damaged
from witei_app.archive.write import sync_engine
from witei_app.models import metadata

MADE = "2026-01-01T00:00:00+00:00"
USER = {"id": 1, "workspace_id": 1, "email": "ana@sol.test", "name": "Ana", "created_at": MADE}
CHAT = {"id": 1, "workspace_id": 1, "key": "abc", "name": "Web", "created_at": MADE}
WEEK = ["09:00-14:00", "", "", "", "", "", ""]


def workspace(**changes: Any) -> Change:
    return member("tables/workspace.jsonl", lines({**WORKSPACE, **changes}))


def user(**changes: Any) -> Change:
    return member("tables/user.jsonl", lines({**USER, **changes}))


def chat(**changes: Any) -> Change:
    return member("tables/widget.jsonl", lines({**CHAT, **changes}))


UNKNOWN = {
    "workspace.new_go_to says 'whoever'": workspace(new_go_to="whoever"),
    "workspace.language says 'tlh'": workspace(language="tlh"),
    "workspace.time_zone says 'Moon/Sea'": workspace(time_zone="Moon/Sea"),
    "workspace.office_hours says 'lunch'": workspace(office_hours={"lunch": True}),
    "workspace.office_hours cannot be read": workspace(office_hours=[1]),
    "workspace.office_hours cannot be read: Write hours as": workspace(office_hours={"days": ["ever", *WEEK[1:]]}),
    "user.role says 'root'": user(role="root"),
    "user.conversation_scope says ''": user(conversation_scope=""),
    "user.template_level says 'burn'": user(template_level="burn"),
    "widget.position says 'above'": chat(position="above"),
    "widget.file_kinds says 'programs'": chat(file_kinds="programs"),
    "widget.form says 'perhaps'": chat(form={"email": "perhaps"}),
    "widget.form says 'iban'": chat(form={"iban": "required"}),
    "widget.form cannot be read: The address of the privacy policy": chat(form={"privacy_url": "javascript:x()"}),
    "widget.hours says 'Moon/Sea'": chat(hours={"days": WEEK, "time_zone": "Moon/Sea"}),
    "widget.nudge cannot be read": chat(nudge={"seconds": "soon"}),
    "widget.texts says 'tlh'": chat(texts={"tlh": {"title": "x"}}),
    "widget.texts says 'footer'": chat(texts={"es": {"footer": "x"}}),
    "widget.sites cannot be read": chat(sites=["javascript:x()"]),
    "widget.colour cannot be read": chat(colour="red;x:y"),
}


@pytest.mark.parametrize("said", UNKNOWN)
def test_a_word_that_is_not_known_is_refused_by_name(
    said: str, sqlite_url: str, configure: Configure, tmp_path: Path
) -> None:
    configure()
    build(tmp_path / "odd.zip", UNKNOWN[said])
    with pytest.raises(Damaged, match="^" + re.escape(said)):
        load_archive(sqlite_url, tmp_path / "odd.zip")
    with sync_engine(sqlite_url).connect() as connection:
        assert connection.execute(metadata.tables["workspace"].select()).all() == []


def test_those_that_are_known_are_taken(sqlite_url: str, configure: Configure, tmp_path: Path) -> None:
    configure()
    hours = {"is_on": True, "days": WEEK, "holidays": ["12-25", "2026-06-24"]}
    form = {"name": "optional", "email": "required", "consent": True, "privacy_url": "https://sol.test/privacy"}

    def all_three(members: dict[str, bytes], manifest: dict[str, Any]) -> None:
        workspace(office_hours=hours, new_go_to="in_turn")(members, manifest)
        user(role="admin", report_scope="none", language="en")(members, manifest)
        own = {"es": {"title": "Hola"}}
        look = {"sites": ["https://www.sol.test"], "texts": own, "form": form, "hours": {**hours, "follows": False}}
        chat(**look, nudge={"is_on": True, "seconds": 5, "pages": ["/pisos/*"]})(members, manifest)

    build(tmp_path / "right.zip", all_three)
    load_archive(sqlite_url, tmp_path / "right.zip")
    with sync_engine(sqlite_url).connect() as connection:
        for name in ("workspace", "user", "widget"):
            assert len(connection.execute(metadata.tables[name].select()).all()) == 1
