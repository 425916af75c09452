"""Types that all nouns share: texts, ids, pages with their cursors."""

import base64
import binascii
import json
from datetime import UTC, datetime
from html import escape
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Path, Query, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from starlette.requests import Request

from witei_app.crm.edit import LANGUAGES
from witei_app.http.api.problems import Failed

BIGGEST_ID = 2**63 - 1
Item = TypeVar("Item")


def _clean(text: str) -> str:
    """Neither PostgreSQL nor UTF-8 carries these, JSON can."""
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("NUL and lone surrogates are no text")
    return text


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise ValueError(f"known are {', '.join(filter(None, LANGUAGES))}, and nothing")
    return language


Text = Annotated[str, AfterValidator(_clean)]
Language = Annotated[Text, AfterValidator(_known)]
Id = Annotated[int, Field(ge=1, le=BIGGEST_ID, strict=True)]  # true is no 1
RowId = Annotated[int, Path(ge=1, le=BIGGEST_ID)]
Search = Annotated[Text, Query(max_length=200, description="Words that all occur, as in the search of the page.")]
Limit = Annotated[int, Query(ge=1, le=100, description="How many at most.")]
Cursor = Annotated[
    str, Query(max_length=300, description="`next` of the page before; the address in its `Link` header has it too.")
]


class Input(BaseModel):
    """What a program writes: a field that nobody knows is a mistake, and told."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)


class Named(BaseModel):
    """Somebody, or something, by id and name."""

    id: int
    name: str


class Page(BaseModel, Generic[Item]):
    """One page. `next` leads to the one after it, and is null on the last."""

    items: list[Item]
    next: str | None


class Body(Input):
    """A text, as `html` (bold, italic, links, lists; the rest is taken out) or as plain `text`."""

    html: Text = Field("", max_length=500_000)
    text: Text = Field("", max_length=100_000)

    def as_html(self) -> str:
        """What was written, as HTML."""
        if self.html:
            return self.html
        return "".join(f"<p>{escape(line)}</p>" for line in self.text.splitlines()) if self.text.strip() else ""


def cursor_of(*place: Any) -> str:
    """Where a page ended, in a word that means nothing to others."""
    said = [part.isoformat() if isinstance(part, datetime) else part for part in place]
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def place_in(cursor: str, *kinds: type[Any]) -> list[Any] | None:
    """What `cursor_of` put in, None for no cursor. Anything else is refused."""
    if not cursor:
        return None
    try:
        said = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
        if not isinstance(said, list) or len(said) != len(kinds):
            raise ValueError(said)
        return [_part(part, kind) for part, kind in zip(said, kinds, strict=True)]
    except (ValueError, binascii.Error, UnicodeError, RecursionError, OverflowError):
        raise Failed(400, "wrong_cursor", "This cursor is of no page. Begin again without it.") from None


def id_in(cursor: str) -> int:
    """The id that a list by id goes on from, 0 from the top."""
    place = place_in(cursor, int)
    return place[0] if place else 0


def tell_next(request: Request, response: Response, following: str | None) -> None:
    """The address of the next page in the header Link (RFC 8288)."""
    if following:
        response.headers["Link"] = f'<{request.url.include_query_params(cursor=following)}>; rel="next"'


def page_by_id(request: Request, response: Response, items: list[Any], following: int) -> dict[str, Any]:
    """A page of a list that is read by id; `following` 0 is the last one."""
    after = cursor_of(following) if following else None
    tell_next(request, response, after)
    return {"items": items, "next": after}


def _part(part: Any, kind: type[Any]) -> Any:
    if kind is datetime:
        moment = datetime.fromisoformat(part) if isinstance(part, str) else None
        if moment is None or moment.tzinfo is None:
            raise ValueError(part)
        return moment.astimezone(UTC)  # refused here, where that is before the first year or after the last
    if not isinstance(part, int) or isinstance(part, bool) or not 0 <= part <= BIGGEST_ID:
        raise ValueError(part)
    return part
