"""RingEX greetings: the vendor's own, and those that a user has made (EV-18..21)."""

from __future__ import annotations

from ..problems import invalid
from ..routing import Call, Family, Operation, Upload
from ..schema import Record, flag, text, whole
from ..store import Kind, Store
from ..vendors import RINGEX
from .extensions import EXTENSION, EXTENSION_PATH, extension_of, not_found, uri_of

USAGE = "UserExtensionAnsweringRule"
DICTIONARY = {
    "66048": ("Introductory", "Message"),
    "66301": ("Introductory", "Message"),
    "68867": ("ConnectingMessage", "Message"),
    "66310": ("ConnectingAudio", "Music"),
    "590080": ("Voicemail", "Message"),
    "65792": ("Voicemail", "Message"),
    "66560": ("Announcement", "Message"),
    "66816": ("Unavailable", "Message"),
}
"""The vendor's recordings that rules start with: type and category by id."""
_TYPES = (
    "Introductory",
    "Announcement",
    "ConnectingMessage",
    "ConnectingAudio",
    "Voicemail",
    "Unavailable",
    "HoldMusic",
    "TemplateGreeting",
)
_USAGES = (
    USAGE,
    "ExtensionAnsweringRule",
    "DepartmentExtensionAnsweringRule",
    "CompanyAnsweringRule",
    "CompanyAfterHoursAnsweringRule",
    "VoicemailExtensionAnsweringRule",
    "AnnouncementExtensionAnsweringRule",
    "SharedLinesGroupAnsweringRule",
)
_SOUNDS = {"mp3": "audio/mpeg", "wav": "audio/wav"}
_FIRST_ID = 1_200_000


def _complete(_store: Store, greeting: Record) -> Record:
    told = {name: value for name, value in greeting.items() if value is not None}
    return {"id": str(_FIRST_ID + told["number"]), "contentType": "audio/mpeg", **told}


GREETING = Kind(
    name="RingExGreeting",
    id_field="number",
    fields=(
        whole("number"),
        text("id"),
        text("type", required=True, enum=_TYPES),
        text("contentType", enum=tuple(_SOUNDS.values())),
        text("text", pattern=r"(?s).{0,2000}"),
    ),
    links={"extensionId": EXTENSION.name},
    complete=_complete,
)


def add_greeting(store: Store, extension: Record, greeting: Record) -> Record:
    """A new greeting of an extension, with its id."""
    record = store.add(GREETING, {"extensionId": extension["extensionId"], **greeting})
    return store.replace(GREETING, _complete(store, record))


def _show(call: Call, greeting: Record) -> Record:
    uri = uri_of(call, "greeting", greeting["id"])
    names = ("id", "type", "contentType", "text")
    shown = {name: greeting[name] for name in names if name in greeting}
    return {"uri": uri, **shown, "contentUri": f"{uri}/content"}


def _get(call: Call) -> Record:
    for greeting in call.store.where(GREETING, "extensionId", extension_of(call)["extensionId"]):
        if greeting["id"] == call.params["greetingId"]:
            return _show(call, greeting)
    raise not_found("greetingId", call.params["greetingId"])


def create(call: Call) -> Record:
    """A greeting from the parts of a form; kept, and on no rule yet."""
    parts = call.form("type", "binary", "text", "stateId", "interactionRuleId", "answeringRuleId", "answeringRule")
    if parts.get("type") not in _TYPES:
        raise invalid("type", f"must be one of {', '.join(_TYPES)}", parts.get("type"))
    sound = parts.get("binary")
    if not isinstance(sound, Upload):
        raise invalid("binary", "is required, as a file")
    ending = sound.filename.rpartition(".")[2].lower()
    if ending not in _SOUNDS:
        raise invalid("binary", f"must be one of {', '.join(_SOUNDS)}", sound.filename)
    spoken = {"text": parts["text"]} if isinstance(parts.get("text"), str) else {}
    greeting = {"type": parts["type"], "contentType": _SOUNDS[ending], **spoken}
    return _show(call, add_greeting(call.store, extension_of(call), greeting))


# The vendor's own


def _dictionary_entry(call: Call, id_: str) -> Record:
    type_, category = DICTIONARY[id_]
    uri = f"http://{call.request.headers.get('host', 'platform.ringcentral.com')}{_DICTIONARY}/{id_}"
    name = f"{type_} {id_}"
    return {"id": id_, "uri": uri, "name": name, "usageType": USAGE, "type": type_, "category": category}


def _list_dictionary(call: Call) -> Record:
    query = call.query
    rows = [
        _dictionary_entry(call, id_)
        for id_, (type_, _) in DICTIONARY.items()
        if query.get("type", type_) == type_ and query.get("usageType", USAGE) == USAGE
    ]
    page, size = query["page"], min(query["perPage"], 1000)
    start = (page - 1) * size
    uri = f"http://{call.request.headers.get('host', 'platform.ringcentral.com')}{_DICTIONARY}"
    pages = -(-len(rows) // size)
    places = {"firstPage": 1, "lastPage": max(pages, 1)} | ({"nextPage": page + 1} if page < pages else {})
    return {
        "uri": uri,
        "records": rows[start : start + size],
        "paging": {"page": page, "perPage": size, "totalPages": pages, "totalElements": len(rows)},
        "navigation": {name: {"uri": f"{uri}?page={place}&perPage={size}"} for name, place in places.items()},
    }


def _get_dictionary(call: Call) -> Record:
    if call.params["greetingId"] not in DICTIONARY:
        raise not_found("greetingId", call.params["greetingId"])
    return _dictionary_entry(call, call.params["greetingId"])


_DICTIONARY = "/restapi/v1.0/dictionary/greeting"
_LIST = (
    text("type", enum=(*_TYPES[:-1], "Company")),
    text("usageType", enum=_USAGES),
    whole("page", default=1, minimum=1, maximum=1000),
    whole("perPage", default=100, minimum=1),
)
GREETINGS = f"{EXTENSION_PATH}/greeting"
APPLY = (flag("apply", default=True),)

FAMILY = Family(
    vendor=RINGEX,
    kinds=(GREETING,),
    operations=(
        Operation("EV-18", "GET", _DICTIONARY, _list_dictionary, group="Medium", query=_LIST),
        Operation("EV-19", "GET", f"{_DICTIONARY}/{{greetingId}}", _get_dictionary, group="Medium"),
        Operation("EV-21", "GET", f"{GREETINGS}/{{greetingId}}", _get, group="Medium"),
    ),
)
