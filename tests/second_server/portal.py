"""What an administrator does by hand at the second server."""

from __future__ import annotations

import uuid

import httpx

from tests.emulated import ACCOUNT, Emulated, Json
from tests.second_server.numbers import TN
from tests.second_server.server import BY_HAND, Line, Server

URL = "http://emulator.test"


class Portal(Emulated):
    """The administrator's view of a server in this process; answers come plainly, whatever its ways are."""

    def __init__(self, server: Server, url: str = URL) -> None:
        self.server, self.url = server, url
        self._http = httpx.Client(transport=Line(server), base_url=url, headers={"Authorization": f"Bearer {BY_HAND}"})

    def stop(self) -> None:
        self._http.close()

    def state(self) -> Json:
        return self.server.store.state()

    def put_state(self, state: Json) -> None:
        self.server.put_state(state)

    def fill(self) -> None:
        """More objects of every kind whose lists come in pages than one small page holds."""
        for place in range(7):
            group = str(self.api("POST", "/httpServiceGroups", {"groupName": f"Other {place}"})["serviceGroupId"])
            self.http_service(f"Other {place}", group)
            self.http_service(f"Other {place}")
            basic = {"providerName": f"Other {place}", "authType": "BASIC", "username": "u", "password": "p"}
            self.api("POST", f"/external/authConfigs/{uuid.UUID(int=place)}/basic", basic)
            self.manage("POST", f"{TN}/dnisPool", [{"dnis": f"1720555010{place}"}])
            here = f"/restapi/v1.0/account/{ACCOUNT}/extension/100001"
            self.call("POST", f"{here}/answering-rule", {"type": "Custom", "name": f"Other {place}", "enabled": False})
            self.user_rule(f"Other {place}")
            self.call("POST", "/api/ring_groups", {"name": f"Other {place}", "extension_number": f"810{place}"})

    def user_rule(self, name: str) -> None:
        """An interaction rule that is switched off, of a user with the newer call handling."""
        root = f"/restapi/v2/accounts/{ACCOUNT}/extensions/100003/comm-handling/voice"
        conditions = [{"type": "Interaction", "from": [{"phoneNumber": "+13035550159", "name": "Ann"}], "to": []}]
        like = self.call("GET", f"{root}/state-rules/work-hours")["dispatching"]
        rule = {"displayName": name, "enabled": False, "conditions": conditions, "dispatching": like}
        self.call("POST", f"{root}/interaction-rules", rule)
