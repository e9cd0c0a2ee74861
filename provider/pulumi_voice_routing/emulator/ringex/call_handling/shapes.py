"""What requests may say: dispatchings with their actions and targets, schedules with their triggers.

Field tables from the vendor's reference. Names that only answers have are ignored in requests.
"""

from __future__ import annotations

from dataclasses import replace

from ...schema import Field, flag, many, server_sets, text, thing, whole
from ..extensions import E164

STATE_NAMES = {
    "forward-all-calls": "Forward all calls",
    "dnd": "Do not disturb",
    "agent": "Agent",
    "work-hours": "Work Hours",
    "after-hours": "After Hours",
}
PROMPTS = {
    "PlayWelcomePromptAction": "66048",
    "PlayConnectingMessageAction": "68867",
    "PlayConnectingPromptAction": "66310",
}
"""Actions that play something, and the recording that each starts with."""
VOICEMAIL, ANNOUNCEMENT = "VoiceMailTerminatingTarget", "PlayAnnouncementTerminatingTarget"
MOBILE, DESKTOP = "AllMobileRingTarget", "AllDesktopRingTarget"
RINGING, TERMINATING = "Ringing", "Terminating"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_ID = (text("id", required=True),)
_NAMED = server_sets(text("name"))
_EXTENSION = thing("extension", fields=_ID)
_OTHER_EXTENSION = thing("extension", required=True, fields=_ID)
_NUMBER = thing("destination", required=True, fields=(text("phoneNumber", required=True, pattern=E164),))
_CLOUD = thing(
    "destination",
    required=True,
    fields=(text("integrationId", required=True), text("extensionNumber"), text("phoneNumber", pattern=E164)),
)
_INTEGRATION = thing(
    "integration",
    required=True,
    fields=(
        text("type", required=True, enum=("MsTeamsDirectRouting", "FmcLite")),
        *server_sets(text("phoneNumber")),
    ),
)
_DEVICE = thing("device", required=True, fields=(*_ID, *server_sets(text("name"), text("phoneNumber"))))
_GREETING = thing(
    "greeting",
    required=True,
    fields=(
        text("effectiveGreetingType"),
        thing("preset", required=True, fields=_ID),
        thing("custom", fields=_ID),
    ),
)
_PROMPT = thing("prompt", required=True, fields=(_GREETING,))
_MODE = text("dispatchingType", required=True, enum=(RINGING, TERMINATING))

_OWN_APPS: dict[str, tuple[Field, ...]] = {MOBILE: (_EXTENSION, *_NAMED), DESKTOP: (_EXTENSION, *_NAMED)}
RING_TARGETS: dict[str, tuple[Field, ...]] = {
    **_OWN_APPS,
    "DeviceRingTarget": (_DEVICE, _EXTENSION, *_NAMED),
    "PhoneNumberRingTarget": (_NUMBER, text("name")),
    "CoworkerRingTarget": (_OTHER_EXTENSION, *_NAMED),
    "HotdeskRingTarget": (*server_sets(thing("device")), *_NAMED),
    "ImsPhoneNumberRingTarget": (_NUMBER, *_NAMED),
    "FmcPhoneNumberRingTarget": (_NUMBER, *_NAMED),
    "IntegrationRingTarget": (_INTEGRATION, *_NAMED),
    "CloudConnectorRingTarget": (_CLOUD, text("name", required=True)),
}
TERMINATING_TARGETS: dict[str, tuple[Field, ...]] = {
    VOICEMAIL: (_PROMPT, _EXTENSION, *_NAMED),
    ANNOUNCEMENT: (_PROMPT, _MODE, *_NAMED),
    "ExtensionTerminatingTarget": (_OTHER_EXTENSION, _MODE, *_NAMED),
    "PhoneNumberTerminatingTarget": (_NUMBER, _MODE, text("name")),
    "CloudConnectorTerminatingTarget": (_CLOUD, _MODE, text("name", required=True)),
}
FORWARDING_TARGETS: dict[str, tuple[Field, ...]] = {
    "CoworkerAppsRingTarget": (_OTHER_EXTENSION, *_NAMED),
    "CoworkerRingTarget": (_OTHER_EXTENSION, *_NAMED),
    "DeviceRingTarget": (_DEVICE, _EXTENSION, *_NAMED),
    "PhoneNumberRingTarget": (_NUMBER, *_NAMED),
    "IntegrationRingTarget": (_INTEGRATION, *_NAMED),
    "CloudConnectorRingTarget": (_CLOUD, text("name")),
}

_ENABLED = flag("enabled", required=True)
_ACTING = tuple(TERMINATING_TARGETS)
ACTIONS: dict[str, tuple[Field, ...]] = {
    **dict.fromkeys(PROMPTS, (_ENABLED, _GREETING)),
    "ScreeningAction": (
        _ENABLED,
        text("screening", required=True, enum=("NoCallerId", "UnknownCallerId", "Always")),
        text("screeningResult", enum=("AskToAnswer", "PlayCallerNameOnly")),
    ),
    "RingGroupAction": (
        _ENABLED,
        many("targets", required=True, by="type", variants=RING_TARGETS, least=1),
        whole("duration", required=True, minimum=1),
        whole("customStartOffset", minimum=0),
    ),
    "RingAlwaysGroupAction": (
        _ENABLED,
        many("targets", required=True, by="type", variants=_OWN_APPS, least=1, most=2),
    ),
    "TerminatingAction": (
        many("targets", required=True, by="type", variants=TERMINATING_TARGETS, least=1),
        text("ringingTargetType", enum=_ACTING),
        text("terminatingTargetType", enum=_ACTING),
    ),
}
DISPATCHING = thing(
    "dispatching",
    required=True,
    fields=(
        text("type", required=True),
        many("actions", required=True, by="type", variants=ACTIONS, least=1),
    ),
)
CALL_TYPES = thing("callTypes", fields=(flag("queueCallsIncluded", required=True),))

_TIME = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d"
_MOMENT = r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"
_TIMES = (text("startTime", required=True, pattern=_TIME), text("endTime", required=True, pattern=_TIME))
_START, _END = text("startDateTime", pattern=_MOMENT), text("endDateTime", pattern=_MOMENT)
TRIGGERS: dict[str, tuple[Field, ...]] = {
    "Daily": _TIMES,
    "Weekly": (thing("ranges", required=True, fields=tuple(many(day, fields=_TIMES, most=20) for day in DAYS)),),
    "Range": (
        many(
            "ranges",
            required=True,
            least=1,
            fields=(_START, text("endDateTime", required=True, pattern=_MOMENT)),
        ),
    ),
}
_TRIGGERS = many("triggers", by="triggerType", variants=TRIGGERS, least=1)
_STATE_ID = text("id", required=True, enum=("work-hours", "after-hours"))
_STATE = thing(
    "state",
    required=True,
    fields=(_STATE_ID, *server_sets(text("displayName"), flag("enabled"), many("conditions"))),
)
STATE_CONDITIONS = many(
    "conditions",
    by="type",
    variants={
        "Schedule": (thing("schedule", required=True, fields=(replace(_TRIGGERS, required=True),)),),
        "State": (_STATE,),
    },
    least=1,
    most=1,
)
RULE_CONDITIONS = many(
    "conditions",
    required=True,
    by="type",
    variants={
        "Interaction": (
            many(
                "from",
                required=True,
                fields=(text("phoneNumber", required=True, pattern=E164), text("name")),
            ),
            many("to", required=True, items="string"),
        ),
        "Schedule": (thing("schedule", required=True, fields=(_START, _END, _TRIGGERS)),),
        "State": (_STATE,),
    },
    least=1,
)
