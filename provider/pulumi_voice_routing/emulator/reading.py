"""HTTP requests, read completely before anything is done about them."""

from __future__ import annotations

from email import message_from_bytes
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request as HttpRequest

from .problems import Problem
from .routing import Form, Request, Upload
from .schema import parse_json

BODY_LIMIT = 32 * 1024 * 1024


async def read(http: HttpRequest) -> tuple[Request, Problem | None]:
    """The request, read completely, and why it cannot be served in any case."""
    path = http.scope.get("raw_path", http.url.path.encode()).decode("latin-1").partition("?")[0]
    query: dict[str, list[str]] = {}
    for name, value in http.query_params.multi_items():
        query.setdefault(name, []).append(value)
    request = Request(http.method, path, query, dict(http.headers))
    try:
        request.raw = await read_body(http)
    except Problem as problem:
        return request, problem
    request.form = await _read_form(request, http)
    return request, None


async def read_body(http: HttpRequest) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in http.stream():
        size += len(chunk)
        if size <= BODY_LIMIT:
            chunks.append(chunk)
    if size > BODY_LIMIT:
        raise Problem(413, f"the body is larger than {BODY_LIMIT} bytes")
    return b"".join(chunks)


async def _read_form(request: Request, http: HttpRequest) -> Form | Problem | None:
    kind = request.content_type.partition(";")[0].strip().lower()
    if kind == "multipart/mixed":
        return _mixed(request)
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return None

    async def replay() -> dict[str, Any]:
        return {"type": "http.request", "body": request.raw, "more_body": False}

    try:
        async with HttpRequest({"type": "http", "headers": http.scope["headers"]}, replay).form() as form:
            return {name: await _part(value) for name, value in form.multi_items()}
    except (MultiPartException, HTTPException, KeyError) as error:
        return Problem(400, f"the body is not a form: {error}")


def _id_of(value: Any) -> str:
    return str(value.get("id", "") if isinstance(value, dict) else value)


def _mixed(request: Request) -> Form | Problem:
    """One part of JSON, whose members are as good as parts of a form, and files."""
    message = message_from_bytes(f"Content-Type: {request.content_type}\r\n\r\n".encode() + request.raw)
    if not message.is_multipart():
        return Problem(400, "the body is not in parts")
    form: dict[str, Upload | str] = {}
    for part in message.walk():
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        if part.get_content_type() == "application/json":
            try:
                told = parse_json(content)
            except Problem as problem:
                return problem
            form |= {name: _id_of(value) for name, value in told.items()} if isinstance(told, dict) else {}
        else:
            name = part.get_param("name", "binary", "content-disposition")
            form[str(name)] = Upload(part.get_filename() or "", content)
    return form


async def _part(value: UploadFile | str) -> Upload | str:
    return value if isinstance(value, str) else Upload(value.filename or "", await value.read())
