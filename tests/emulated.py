"""The emulator as a process of its own, and what an administrator can do by hand in the vendor's portal."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

Json = dict[str, Any]

ACCOUNT = "123456"
TOKEN = "emulator-token"
ADMIN = f"/voice/api/v1/admin/accounts/{ACCOUNT}"


def settings_for(url: str) -> dict[str, str]:
    """The environment that leads all three vendors to an emulator."""
    return {
        "RINGCX_BASE_URL": url,
        "RINGCX_ACCOUNT_ID": ACCOUNT,
        "RINGCX_ACCESS_TOKEN": TOKEN,
        "RINGCX_REQUESTS_PER_MINUTE": "0",
        "RINGEX_BASE_URL": url,
        "RINGEX_ACCESS_TOKEN": TOKEN,
        "RINGEX_REQUESTS_PER_MINUTE": "0",
        "PORTSIP_BASE_URL": url,
        "PORTSIP_ACCESS_TOKEN": TOKEN,
    }


class Emulated:
    """A running emulator. Paths of :meth:`api` are below the account; ids are the vendor's own numbers."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pulumi_voice_routing.emulator", "--port", "0", "--no-rate-limits", "--until-eof"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().split()[-1]
        self._http = httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30)
        self._empty = self.state()

    def stop(self) -> None:
        """End this process, and no other."""
        self._http.close()
        self._process.terminate()
        self._process.communicate(timeout=30)
        assert self._process.returncode == 0

    def start_over(self, state: Json | None = None) -> None:
        """As it was when it started: an empty account (or the one of a state), no faults, an empty journal."""
        self.clear()
        self.put_state(self._empty if state is None else state)
        self.forget_journal()

    # Control

    def faults(self, *rules: Json, **switches: Any) -> None:
        """Add faults, such as ``{"match": {"operation": "CR-04"}, "fault": "lost_answer"}``, and set switches."""
        self._control("POST", "faults", {"rules": list(rules), "switches": switches})

    def clear(self) -> None:
        """Take every fault back, and every switch."""
        self._control("POST", "faults", {"clear": True})

    def journal(self) -> list[Json]:
        """Every request so far, the newest last."""
        entries: list[Json] = self._control("GET", "journal")
        return entries

    def forget_journal(self) -> None:
        """Begin a new one."""
        self._control("DELETE", "journal")

    @contextmanager
    def recording(self) -> Iterator[list[Json]]:
        """The requests that come while the block runs, in a list that is filled when it ends."""
        start = len(self.journal())
        calls: list[Json] = []
        try:
            yield calls
        finally:
            calls += self.journal()[start:]

    def state(self) -> Json:
        """Everything that the accounts hold."""
        state: Json = self._control("GET", "state")
        return state

    def put_state(self, state: Json) -> None:
        """Replace all of it."""
        self._control("PUT", "state", state)

    def save_journal(self, folder: Path) -> None:
        """Write it down for the checks of the traffic of all tests."""
        test = re.sub(r"\W+", "_", os.environ.get("PYTEST_CURRENT_TEST", ""))[:200]
        (folder / f"{test}-{uuid.uuid4().hex}.json").write_text(json.dumps(self.journal()), encoding="utf-8")

    # By hand

    def api(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """One call of the vendor's API, as an administrator's click would make it."""
        content = {} if body is None else {"json": body}
        answer = self._http.request(method, f"{ADMIN}{path}", **content, **options)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if "json" in answer.headers.get("content-type", "") else answer.text

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One call of any vendor's API; the path is whole."""
        answer = self._http.request(method, path, **({} if body is None else {"json": body}))
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def manage(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """One call of the vendor's API by its whole path, such as those of the number manager."""
        content = {} if body is None else {"json": body}
        answer = self._http.request(method, path, **content, **options)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def group(self, name: str) -> str:
        """A new route group's number."""
        return str(self.api("POST", "/cloudRouteDestinationGroups", {"groupName": name})["cloudGroupId"])

    def destination(self, name: str, group: str = "1000", *, active: bool = False, **fields: Any) -> str:
        """A new destination's number."""
        body = {"destinationName": name, "destinationType": "DID", "routeDestination": "+13035551234", **fields}
        path = f"/cloudRouteDestinationGroups/{group}/cloudRouteDestinations"
        number = str(self.api("POST", path, body)["cloudDestinationId"])
        if active:
            self.switch("Destination", number, on=True, group=group)
        return number

    def profile(self, name: str, group: str = "1000", **fields: Any) -> str:
        """A new profile's number; it splits its calls by percent."""
        body = {"profileName": name, "routingType": "PERCENT_ALLOCATION", "percentAllocType": "DAILY", **fields}
        return str(self.api("POST", f"/cloudRouteProfileGroups/{group}/cloudRouteProfiles", body)["cloudProfileId"])

    def assign(self, profile: str, destination: str, percent: int, rank: int, group: str = "1000") -> str:
        """The number of a new link between a profile and a destination."""
        body = {
            "cloudDestination": {"cloudDestinationId": int(destination)},
            "destinationType": "STANDARD",
            "rank": rank,
            "allocationPercent": percent,
        }
        path = f"/cloudRouteProfileGroups/{group}/cloudRouteProfiles/{profile}/assignedDestinations"
        return str(self.api("POST", path, body)["assignedDestinationId"])

    def override(self, destination: str, dnis: str, target: str, group: str = "1000") -> str:
        """A new DNIS override's number."""
        path = f"/cloudRouteDestinationGroups/{group}/cloudRouteDestinations/{destination}/dnisOverrides"
        body = {"dnis": dnis, "routeDestination": target}
        return str(self.api("POST", path, body, params={"cloudDestinationType": "DID"})["destOverrideId"])

    def http_service(self, name: str, group: str = "1000", **fields: Any) -> str:
        """A new HTTP service's number."""
        config = json.dumps({"url": "https://crm.example.com/old", "headers": []})
        body = {"serviceDescription": name, "serviceType": "HTTP", "httpServiceConfig": config, **fields}
        return str(self.api("POST", f"/httpServiceGroups/{group}/httpServices", body)["serviceId"])

    def switch(self, kind: str, number: str, *, on: bool, group: str = "1000") -> None:
        """Let calls reach a ``Destination`` or ``Profile``, or not."""
        path = f"/cloudRoute{kind}Groups/{group}/cloudRoute{kind}s/{number}/setIsActive"
        self.api("PUT", path, {"isActive": on})

    def assigned(self, profile: str, group: str = "1000") -> list[Json]:
        """The links of a profile."""
        links: list[Json] = self.api(
            "GET", f"/cloudRouteProfileGroups/{group}/cloudRouteProfiles/{profile}/assignedDestinations"
        )
        return links

    def overrides(self, destination: str, group: str = "1000") -> list[Json]:
        """The DNIS overrides of a destination."""
        found: list[Json] = self.api(
            "GET", f"/cloudRouteDestinationGroups/{group}/cloudRouteDestinations/{destination}/dnisOverrides"
        )
        return found

    def records(self, kind: str) -> list[Json]:
        """Everything of one kind that the account holds, such as ``CloudRouteDestination``."""
        records: list[Json] = self.state()["objects"][kind]
        return records

    def record(self, kind: str, id_field: str, number: str) -> Json | None:
        """One of them, with the fields that no answer shows."""
        return next((one for one in self.records(kind) if str(one[id_field]) == number), None)

    def change_record(self, kind: str, id_field: str, number: str, **changes: Any) -> None:
        """Change what no call of the vendor can change."""
        state = self.state()
        for one in state["objects"][kind]:
            if str(one[id_field]) == number:
                one.update(changes)
        self.put_state(state)

    def _control(self, method: str, what: str, body: Any = None) -> Any:
        answer = self._http.request(method, f"/_emulator/{what}", **({} if body is None else {"json": body}))
        assert answer.is_success, answer.text
        return answer.json()


def refused(calls: list[Json]) -> list[Json]:
    """The calls that the vendor refused."""
    return [call for call in calls if (call["status"] or 0) >= 400]


def operations(calls: list[Json], *, writes: bool = False) -> list[str]:
    """The operation numbers of calls, in order; with ``writes`` only of those that change something."""
    return [call["operation"] for call in calls if not writes or _writes(call)]


def _writes(call: Json) -> bool:
    reads = ("NM-01", "NM-02", "CR-17")  # two searches and an export
    return call["method"] != "GET" and not call["operation"].startswith("AUTH") and call["operation"] not in reads
