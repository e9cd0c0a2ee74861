"""How each vendor says no, and how much it allows.

What the references leave open is marked "our decision"; the list is in docs/emulator.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from .limits import Limit, Verdict
from .problems import FieldProblem, Problem

Refusal = Literal["missing", "unknown", "expired"]


@dataclass
class Reply:
    """An answer: JSON unless `media_type` says otherwise; a `body` of None is an empty one."""

    status: int = 200
    body: Any = None
    media_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        if self.media_type != "application/json":
            return str(self.body).encode()
        return b"" if self.body is None else json.dumps(self.body, ensure_ascii=False).encode()


class Vendor:
    """One vendor's manners.

    `limits` holds the limit of each group of operations; `group` is the group of an operation that names none.
    """

    name: str
    prefixes: tuple[str, ...]
    limits: ClassVar[Mapping[str, Limit]]
    group: str
    always_tells_retry_after = False

    def error(self, problem: Problem, uri: str, now: float) -> Reply:
        raise NotImplementedError

    def unauthorized(self, refusal: Refusal, uri: str, now: float) -> Reply:
        raise NotImplementedError

    def rate_headers(self, group: str, verdict: Verdict) -> dict[str, str]:
        return {}


class _RingCx(Vendor):
    name = "ringcx"
    prefixes = ("/voice/api/", "/api/auth/")
    limits: ClassVar[Mapping[str, Limit]] = {"calls": Limit(120), "exchange": Limit(5)}
    group = "calls"

    _codes: ClassVar[Mapping[int, str]] = {
        400: "validation.exception",
        401: "access.denied.exception",
        403: "access.denied.exception",
        404: "resource.not.found.exception",
        409: "conflict.exception",
        429: "rate.limit.exception",
    }
    _general: ClassVar[Mapping[int, str]] = {
        400: "The supplied data is not valid",
        403: "You do not have permission to access this resource",
        404: "The resource you have requested does not exist",
        500: "An Internal Server Error occurred while processing this request",
    }
    _unauthorized: ClassVar[Mapping[Refusal, str]] = {
        "missing": "Jwt is missing",
        "unknown": "Jwt verification fails",
        "expired": "Jwt is expired",
    }

    def error(self, problem: Problem, uri: str, now: float) -> Reply:
        body = {
            "errorCode": problem.code or self._codes.get(problem.status, "general.exception"),
            "generalMessage": self._general.get(problem.status, problem.message),
            "details": problem.message,
            "timestamp": int(now * 1000),
            "requestUri": uri,
        }
        if problem.status == 400:
            body["validationErrors"] = [_validation_error(field) for field in problem.fields]
        return Reply(problem.status, body, headers=problem.headers)

    def unauthorized(self, refusal: Refusal, uri: str, now: float) -> Reply:
        return Reply(401, self._unauthorized[refusal], "text/plain")


def _validation_error(problem: FieldProblem) -> dict[str, str]:
    value = problem.value if isinstance(problem.value, str) else json.dumps(problem.value)
    return {"attributeName": problem.attribute, "value": value, "message": problem.message}


class _RingEx(Vendor):
    name = "ringex"
    prefixes = ("/restapi/",)
    limits: ClassVar[Mapping[str, Limit]] = {
        "Light": Limit(50, penalty=60),
        "Medium": Limit(40, penalty=60),
        "Heavy": Limit(10, penalty=60),
        "Auth": Limit(5, penalty=60),
    }
    group = "Light"
    always_tells_retry_after = True

    _codes: ClassVar[Mapping[int, str]] = {
        400: "CMN-101",
        403: "CMN-401",
        404: "CMN-102",
        429: "CMN-301",
        500: "CMN-203",
        501: "CMN-202",
    }
    _unauthorized: ClassVar[Mapping[Refusal, tuple[str, str]]] = {
        "missing": ("CMN-405", "Login to extension required"),
        "unknown": ("OAU-129", "Access token corrupted"),
        "expired": ("OAU-128", "Access token expired"),
    }

    def error(self, problem: Problem, uri: str, now: float) -> Reply:
        code = problem.code or self._codes.get(problem.status, "CMN-203")
        errors = [
            {"errorCode": code, "message": field.message, "parameterName": field.attribute} for field in problem.fields
        ] or [{"errorCode": code, "message": problem.message}]
        return Reply(problem.status, {**errors[0], "errors": errors}, headers=problem.headers)

    def unauthorized(self, refusal: Refusal, uri: str, now: float) -> Reply:
        code, message = self._unauthorized[refusal]
        return self.error(Problem(401, message, code=code), uri, now)

    def rate_headers(self, group: str, verdict: Verdict) -> dict[str, str]:
        return {
            "X-Rate-Limit-Group": group.lower(),
            "X-Rate-Limit-Limit": str(self.limits[group].per_minute),
            "X-Rate-Limit-Remaining": str(verdict.remaining),
            "X-Rate-Limit-Window": "60",
        }


class _PortSip(Vendor):
    name = "portsip"
    prefixes = ("/api/",)
    limits: ClassVar[Mapping[str, Limit]] = {"calls": Limit(5000)}
    group = "calls"

    def error(self, problem: Problem, uri: str, now: float) -> Reply:
        code = problem.code or ("VALIDATE_FAILED" if problem.status == 400 else "UNKNOWN")
        errors: list[dict[str, Any]] = [
            {"code": code, "message": field.message, "detail": {"field": field.attribute}} for field in problem.fields
        ] or [{"code": code, "message": problem.message}]
        return Reply(problem.status, {"errors": errors}, headers=problem.headers)

    def unauthorized(self, refusal: Refusal, uri: str, now: float) -> Reply:
        return self.error(Problem(401, f"the access token is {refusal}", code="UNAUTHORIZED"), uri, now)


RINGCX = _RingCx()
RINGEX = _RingEx()
PORTSIP = _PortSip()


def vendor_of(path: str) -> Vendor:
    """Whose error body a path gets; a path of nobody is answered in RingCX's manner."""
    for vendor in (RINGCX, RINGEX, PORTSIP):
        if path.startswith(vendor.prefixes):
            return vendor
    return RINGCX
