"""A loader in a process of its own, so that making rows and storing them use two cores."""

import marshal
import multiprocessing
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from sqlmodel import SQLModel

from witei_app import models
from witei_app.seed.bulk import BATCH, PostgresLoader, SqliteLoader, open_loader
from witei_app.seed.tables import COLUMNS, Row

_MODELS: tuple[type[SQLModel], ...] = tuple(COLUMNS)


class LoaderApart:
    """The same as the loader that it starts. Rows go there by the batch; only ids, texts and numbers can."""

    def __init__(self, url: str, until: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, url, until), daemon=True)
        self.process.start()
        theirs.close()
        self.rows: dict[int, list[Row]] = {number: [] for number in range(len(_MODELS))}
        self.places = {model: number for number, model in enumerate(_MODELS)}
        self.written = 0
        self.report: Callable[[int], None] = lambda written: None
        self._answer()

    def write(self, model: type[SQLModel], row: Row) -> None:
        """Keep a row for the next batch; a table that the seed does not fill by the thousand goes at once."""
        place = self.places.get(model)
        if place is None:
            self._say("row", model.__name__, row)
            self.written += 1
            return
        rows = self.rows[place]
        rows.append(row)
        if len(rows) == BATCH:
            self._send(place)

    def ask(self, query: str) -> Any:
        """The first value of a query's answer."""
        self._say("ask", query)
        return self._answer()

    def finish(self) -> None:
        """Pass on what waits, and wait until all of it is committed."""
        for place in self.rows:
            self._send(place)
        self._say("finish")
        self._answer()

    def close(self) -> None:
        """End the process; what it has not committed is gone."""
        self.pipe.close()
        self.process.join()

    def _send(self, place: int) -> None:
        rows = self.rows[place]
        self._say("rows", place, rows)
        self.written += len(rows)
        self.rows[place] = []
        self.report(self.written)

    def _say(self, *words: Any) -> None:
        try:
            self.pipe.send_bytes(marshal.dumps(words))
        except (BrokenPipeError, ConnectionResetError):
            self._answer()
            raise

    def _answer(self) -> Any:
        try:
            kind, value = marshal.loads(self.pipe.recv_bytes())  # noqa: S302  our own process wrote it
        except EOFError:
            sys.exit("The database process ended before its time.")
        if kind == "fault":
            sys.exit(value)
        return value


def _serve(pipe: Connection, url: str, until: int) -> None:
    """Obey until the other end is closed or something fails; then say what it was."""
    try:
        loader = open_loader(url, until)
    except SystemExit as refusal:
        return pipe.send_bytes(marshal.dumps(("fault", str(refusal))))
    try:
        pipe.send_bytes(marshal.dumps(("ready", None)))
        _obey(pipe, loader)
    except (EOFError, KeyboardInterrupt):
        return None
    except Exception as fault:
        pipe.send_bytes(marshal.dumps(("fault", f"{type(fault).__name__}: {fault}")))
    finally:
        loader.close()
    return None


def _obey(pipe: Connection, loader: SqliteLoader | PostgresLoader) -> None:
    while True:
        word, *rest = marshal.loads(pipe.recv_bytes())  # noqa: S302  our own process wrote it
        if word == "rows":
            loader.write_all(_MODELS[rest[0]], rest[1])
        elif word == "row":
            loader.write(getattr(models, rest[0]), rest[1])
        elif word == "ask":
            pipe.send_bytes(marshal.dumps(("value", loader.ask(rest[0]))))
        else:
            loader.finish()
            pipe.send_bytes(marshal.dumps(("done", None)))
            return
