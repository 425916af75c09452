"""/exports/{id}: everything as a file, for the administrator who asked for it."""

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from witei_app.archive.asking import fetch_export
from witei_app.db import transaction
from witei_app.errors import Refused
from witei_app.http.session import actor_of


async def fetch(request: Request) -> Response:
    """The file; whoever may not have it learns nothing of it."""
    try:
        async with transaction() as db:
            actor = await actor_of(db, request)
            if actor is None:
                return Response("Not found", 404)
            path, name = await fetch_export(db, actor, request.path_params["job_id"])
    except Refused:
        return Response("Not found", 404)
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": "sandbox; default-src 'none'"}
    return FileResponse(path, media_type="application/zip", filename=name, headers=headers)


routes = [Route("/exports/{job_id:row}", fetch, methods=["GET"])]
