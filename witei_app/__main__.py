"""The command line: python -m witei_app COMMAND."""

import asyncio
import getpass
import signal
import sys
from pathlib import Path

import typer

from witei_app.settings import make_data_folder, settings

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@cli.command()
def run() -> None:
    """Bring the database up to date, make the demo workspace if it is empty, build the pages if needed, serve."""
    from witei_app.alone import refuse_a_second_worker
    from witei_app.frontend import ensure_built
    from witei_app.reseal import tell_of_lost_secrets
    from witei_app.serve import refuse_taken_ports, serve

    refuse_taken_ports(settings())
    make_data_folder(settings().data_dir)
    if settings().runs_worker:
        refuse_a_second_worker(settings())
    migrate()
    has_demo = asyncio.run(_seed_if_empty())
    asyncio.run(tell_of_lost_secrets())
    ensure_built()
    print(f"Conversations is at {settings().public_url} (stop with Ctrl+C).")
    if has_demo:
        _tell_of_demo()
    serve(settings())


@cli.command()
def demo() -> None:
    """Bring the database up to date, and make the demo workspace if it is empty."""
    migrate()
    if asyncio.run(_seed_if_empty()):
        _tell_of_demo()


@cli.command()
def migrate() -> None:
    """Bring the database up to date."""
    from witei_app.db import migrate

    make_data_folder(settings().data_dir)
    migrate(settings().database)


@cli.command()
def worker() -> None:
    """Outbox, SMTP listener, mailboxes and timed jobs, apart from the web processes."""
    from witei_app.alone import refuse_a_second_worker
    from witei_app.logs import set_up_logs
    from witei_app.reseal import tell_of_lost_secrets

    refuse_a_second_worker(settings())
    set_up_logs()
    asyncio.run(tell_of_lost_secrets())
    asyncio.run(_work())


@cli.command()
def seed(
    conversations: int = 1_000,
    messages: int = 10_000,
    contacts: int = 500,
    users: int = 10,
    days: int = 365,
    seed: int = 1,
) -> None:
    """Add a believable synthetic workspace."""
    from witei_app.seed.synthetic import make_synthetic

    migrate()
    make_synthetic(
        settings(), conversations=conversations, messages=messages, contacts=contacts, users=users, days=days, seed=seed
    )


@cli.command("create-admin")
def create_admin(workspace: str = typer.Option(...), email: str = typer.Option(...)) -> None:
    """Make a workspace with its first administrator; the password is asked for, or read from standard input."""
    migrate()
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    print(asyncio.run(_create_admin(workspace, email, password)))


@cli.command("turn-off-app")
def turn_off_app(email: str = typer.Option(...)) -> None:
    """Turn off the authenticator app of whoever has lost it and the recovery codes, such as the only administrator."""
    print(asyncio.run(_turn_off_app(email)))


@cli.command("export")
def export_all(
    file: Path,
    workspace: str = typer.Option("", help="Its mailbox, the part before the @; without it, all workspaces."),
    progress: bool = typer.Option(False, hidden=True, help="For the worker: print how far it is."),
) -> None:
    """Write everything into one ZIP: rows, raw mails, files. See docs/export.md."""
    from witei_app.archive.command import export_to

    print(export_to(file, workspace, progress))


@cli.command("import")
def import_all(file: Path) -> None:
    """Fill an empty installation from such a ZIP. Refuses any other, and writes all of it or nothing."""
    from witei_app.archive.command import import_from

    migrate()
    print(import_from(file))


@cli.command()
def index() -> None:
    """Make the search indexes anew. Needed after rows were changed by other programs, or for a right that came late."""
    from sqlalchemy import create_engine

    from witei_app.models.search import rebuild

    engine = create_engine(settings().database.replace("+aiosqlite", ""))
    with engine.begin() as connection:
        rebuild(connection)
    engine.dispose()
    print("The search indexes are made anew.")


@cli.command("report-days")
def report_days(check: bool = False) -> None:
    """Pack the days that reports read anew from the log; with --check, only compare what is packed with the log."""
    wrong, quantity = asyncio.run(_report_days(check))
    if check:
        print("\n".join(wrong) or "All days say what the log says.")
        sys.exit(1 if wrong else 0)
    print(f"{quantity} days are packed.")


@cli.command()
def reseal() -> None:
    """Encrypt secrets in the database under a new WITEI_SECRET_KEY; WITEI_PREVIOUS_SECRET_KEYS has the old one."""
    print(f"{asyncio.run(_reseal())} secrets were encrypted anew. The previous key is no longer needed for them.")


def _tell_of_demo() -> None:
    print("Demo sign-in: admin@demo.test, ana@demo.test, luis@demo.test or eva@demo.test, password demo-demo-demo")
    print(f"Mail to sol@{settings().mail_domain} is taken at {settings().smtp_listen}.", flush=True)


async def _seed_if_empty() -> bool:
    """Make the demo workspace where there is nothing yet. Gives whether its sign-in may be told."""
    from sqlmodel import select

    from witei_app.accounts.sign_in import may_try_the_demo
    from witei_app.db import connect, dispose, reading, transaction
    from witei_app.models import Workspace
    from witei_app.reports.packing import pack_some
    from witei_app.seed.demo import make_demo

    connect(settings().database)
    async with reading() as db:
        is_empty = (await db.exec(select(Workspace.id).limit(1))).first() is None
    if is_empty:
        print("Making the demo workspace.", flush=True)
        async with transaction() as db:
            await make_demo(db, settings())
        while await pack_some(days=50):  # now, rather than a day at a time while somebody looks around
            pass
    async with reading() as db:
        has_demo = await may_try_the_demo(db)
    await dispose()
    return has_demo


async def _work() -> None:
    from witei_app import memory
    from witei_app.db import connect
    from witei_app.live.connected import connected
    from witei_app.worker import running_worker

    memory.settle()
    connect(settings().database)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with connected(), running_worker():
        await stop.wait()


async def _report_days(check: bool) -> tuple[list[str], int]:
    from witei_app.db import connect, dispose
    from witei_app.reports.packing import pack_all, wrong_pages

    connect(settings().database)
    try:
        return (await wrong_pages(), 0) if check else ([], await pack_all())
    finally:
        await dispose()


async def _reseal() -> int:
    from witei_app.db import connect, dispose, transaction
    from witei_app.reseal import reseal as encrypt_anew
    from witei_app.secrets import Unsealable

    connect(settings().database)
    try:
        async with transaction() as db:
            return await encrypt_anew(db)
    except Unsealable as fault:
        sys.exit(f"Nothing was changed: {fault}")
    finally:
        await dispose()


async def _create_admin(workspace: str, email: str, password: str) -> str:
    from witei_app.accounts.workspaces import found_workspace
    from witei_app.db import connect, dispose, transaction
    from witei_app.errors import Refused

    connect(settings().database)
    try:
        async with transaction() as db:
            made = await found_workspace(db, workspace, email, password)
            return f"{made.name} is ready. Mail for it goes to {made.mailbox}@{settings().mail_domain}."
    except Refused as refusal:
        sys.exit(str(refusal))
    finally:
        await dispose()


async def _turn_off_app(email: str) -> str:
    from witei_app.accounts.team import turn_off_app_of
    from witei_app.db import connect, dispose, transaction
    from witei_app.errors import Refused

    connect(settings().database)
    try:
        async with transaction() as db:
            return f"{await turn_off_app_of(db, email)} signs in with the password alone."
    except Refused as refusal:
        sys.exit(str(refusal))
    finally:
        await dispose()


def main() -> None:
    """Run a command. A database or a data folder that cannot be used ends it with one line, not with a page."""
    from sqlalchemy.exc import OperationalError

    try:
        cli()
    except OperationalError as fault:
        sys.exit("The database cannot be used: " + " ".join(str(fault.orig).split()))
    except OSError as fault:
        sys.exit(f"This cannot be read or written: {fault}")
    except UnicodeEncodeError:  # what Python makes of bytes that are no text in the machine's encoding
        sys.exit("A name or a password that was given is no text in UTF-8.")


if __name__ == "__main__":
    main()
