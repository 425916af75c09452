"""The running app answers as the description of its API says, whatever schemathesis makes of that description.

API_FUZZ_SECONDS=900 makes a long run of it, API_FUZZ_SEED=2 another one.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable

from sqlmodel import select

from tests.cast import Configure
from tests.servers import AppServer, answers
from witei_app import db as database
from witei_app.accounts.actor import Actor
from witei_app.accounts.tokens import Scope, make_token
from witei_app.db import transaction
from witei_app.models import User
from witei_app.settings import settings

SECONDS = os.environ.get("API_FUZZ_SECONDS", "35")
CHECKS = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
CHECKS += ["response_headers_conformance", "unsupported_method", "ignored_auth", "use_after_free"]


async def administrators_token(app: AppServer) -> str:
    """A token for everything, made as the page would."""
    database.connect(f"sqlite+aiosqlite:///{app.data_dir / 'conversations.db'}")
    try:
        async with transaction() as db:
            user = (await db.exec(select(User).where(User.email == "admin@demo.test"))).one()
            return await make_token(db, Actor.of(user), "schemathesis", list(Scope))
    finally:
        await database.dispose()


def test_the_api_is_as_it_is_described(start_app: Callable[..., AppServer], configure: Configure) -> None:
    # One secret: the mail that tells of the token is sealed here and opened there.
    app = start_app(WITEI_API_REQUESTS_PER_MINUTE="1000000", WITEI_SECRET_KEY=settings().secret())
    token = asyncio.run(administrators_token(app))
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{app.base_url}/api/v1/openapi.json"]
    command += ["--header", f"Authorization: Bearer {token}", "--checks", ",".join(CHECKS), "--max-time", SECONDS]
    command += [
        "--seed",
        os.environ.get("API_FUZZ_SEED", "1"),
        "--request-timeout",
        "20",
        "--suppress-health-check",
        "all",
        "--warnings",
        "off",
    ]
    done = subprocess.run(command, cwd=app.folder, capture_output=True, text=True, timeout=int(SECONDS) + 180)
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-2_000:]
    print(done.stdout[-800:])
    assert "Traceback" not in app.log.read_text()
    assert answers(f"{app.base_url}/healthz")
