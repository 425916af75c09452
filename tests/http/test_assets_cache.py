"""What browsers keep: files named by their content for ever, everything else after asking."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from witei_app.http.assets_cache import AFTER_ASKING, FOR_EVER, AssetsCache


async def answer(request: Request) -> Response:
    return PlainTextResponse("here", 404 if "gone" in request.url.path else 200)


async def private(_: Request) -> Response:
    return PlainTextResponse("mine", headers={"Cache-Control": "private, max-age=60"})


app = AssetsCache(Starlette(routes=[Route("/files/7", private), Route("/{path:path}", answer)]))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/assets/composer-BkVO-4Gy.js", FOR_EVER),
        ("/assets/__reflex_global_styles-DPGfMsSn.css", FOR_EVER),
        ("/assets/_index-TBPs0WlT.js", FOR_EVER),
        ("/assets/gone-BkVO-4Gy.js", AFTER_ASKING),
        ("/assets/logo.svg", AFTER_ASKING),
        ("/assets/../composer-BkVO-4Gy.js", AFTER_ASKING),
        ("/theme.css", AFTER_ASKING),
        ("/conversations", AFTER_ASKING),
        ("/files/7", "private, max-age=60"),
    ],
)
async def test_only_files_named_by_their_content_are_kept(path: str, expected: str) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as browser:
        kept = (await browser.get(path)).headers["cache-control"]
    assert kept == expected
