"""What small forms on server-rendered pages send."""

from urllib.parse import parse_qsl

from starlette.requests import Request

from witei_app.http.session import comes_from_here

MOST_FORM_BYTES = 16 * 1024
_MOST_FIELDS = 20


async def posted(request: Request) -> dict[str, str] | None:
    """The fields, without what no database takes; None for a form of another site, or one that is too large."""
    if not comes_from_here(request):
        return None
    body = b""
    async for chunk in request.stream():  # Content-Length may be missing, or wrong
        body += chunk
        if len(body) > MOST_FORM_BYTES:
            return None
    try:
        fields = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return None
    return {name: value.replace("\0", "") for name, value in fields}
