"""/api/v1/docs: the description of the API as a page, made from the same OpenAPI; nothing is loaded from elsewhere."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from witei_app.http.pages import page
from witei_app.settings import settings

_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Field:
    """A parameter, or a field of a body or an answer."""

    name: str
    kind: str
    words: str
    is_required: bool


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked for. `example` is a request as curl makes it."""

    id: str
    method: str
    path: str
    title: str
    words: str
    scope: str
    parameters: list[Field]
    body: list[Field]
    answer: str
    fields: list[Field]
    example: str


def routes_for(api: FastAPI) -> list[Route]:
    """The page."""

    async def show(request: Request) -> Response:
        said = api.openapi()
        groups: dict[str, list[Operation]] = {}
        for group, operation in _operations(said):
            groups.setdefault(group, []).append(operation)
        base = f"{settings().public_url}/api/v1"
        shown = {"groups": groups, "base": base, "about": said["info"]["description"]}
        return page(request, "api.html", per_minute=settings().api_requests_per_minute, **shown)

    return [Route("/docs", show)]


def _operations(said: dict[str, Any]) -> Iterator[tuple[str, Operation]]:
    for path, methods in said["paths"].items():
        for method in _METHODS:
            if method in methods:
                one = methods[method]
                yield one["tags"][0], _operation(said, path, method, one)


def _operation(said: dict[str, Any], path: str, method: str, one: dict[str, Any]) -> Operation:
    body = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    status, answer = _answer(one)
    scopes: list[str] = next((scopes for asked in one.get("security", []) for scopes in asked.values()), [])
    return Operation(
        id=one["operationId"],
        method=method.upper(),
        path=path,
        title=one.get("summary", ""),
        words=one.get("description", ""),
        scope=", ".join(scopes),
        parameters=[
            Field(each["name"], _kind(each["schema"]), each.get("description", ""), each.get("required", False))
            for each in one.get("parameters", [])
        ],
        body=_fields(said, body),
        answer=f"{status} {_kind(answer)}".strip(),
        fields=_fields(said, answer),
        example=_curl(said, path, method, body),
    )


def _answer(one: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    status = next(code for code in one["responses"] if code.startswith("2"))
    return status, one["responses"][status].get("content", {}).get("application/json", {}).get("schema", {})


def _fields(said: dict[str, Any], schema: dict[str, Any]) -> list[Field]:
    whole = _resolved(said, schema)
    required = set(whole.get("required", []))
    return [
        Field(name, _kind(each), each.get("description", ""), name in required)
        for name, each in whole.get("properties", {}).items()
    ]


def _resolved(said: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = said["components"]["schemas"][name] if name else schema
    return found


def _kind(schema: dict[str, Any]) -> str:
    """A type in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if "const" in schema:
        return json.dumps(schema["const"])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_kind(each) for each in schema["anyOf"]))
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items', {}))}]"
    return str(schema.get("format", schema.get("type", "")))


def _curl(said: dict[str, Any], path: str, method: str, body: dict[str, Any]) -> str:
    for name in ("conversation_id", "contact_id", "template_id", "ticket_id", "quote_id"):
        path = path.replace(f"{{{name}}}", "42")
    lines = [f"curl {settings().public_url}/api/v1{path}"]
    lines += [f"  -X {method.upper()}"] if method in {"put", "patch", "delete"} else []
    lines.append("  -H 'Authorization: Bearer conv_…'")
    if body:
        fields = _fields(said, body)
        wanted = [field.name for field in fields if field.is_required or field.name in _USUAL]
        shown = {name: _EXAMPLES.get(name, "…") for name in wanted}
        lines.append(f"  --json '{json.dumps(shown, ensure_ascii=False)}'")
    elif method == "post":
        lines.append("  -X POST")
    return " \\\n".join(lines)


_USUAL = {"text", "name", "email", "phone", "state"}  # not required, and yet what one sends
_EXAMPLES: dict[str, Any] = {
    "text": "It is free.",
    "name": "Marco",
    "email": "marco@example.com",
    "phone": "+34 600 11 22 33",
    "assignee_id": 7,
    "contact_id": 42,
    "to": "marco@example.com",
    "subject": "Flat in Calle Sol",
    "title": "Flat in Calle Sol",
    "html": "<p>Hello {{contact.first_name|there}}</p>",
    "state": "open",
    "lines": [{"description": "Rent, one month", "price": "950.00"}],
}
