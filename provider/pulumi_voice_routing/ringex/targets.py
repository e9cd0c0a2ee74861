"""What a call of the newer call handling rings, and where it ends: one form for each kind of target.

The vendor gives targets no ids. Each is told from the others by its type and what it names.
"""

from __future__ import annotations

from typing import Annotated, Literal, Required, TypeAlias

from pulumi import Input
from typing_extensions import TypedDict

from ..lifecycle import meaning as means
from ..lifecycle.fields import E164, Id, Note, Reference
from .fields import EXTENSION, RECORDING

App = Literal["AllMobileRingTarget", "AllDesktopRingTarget"]
"""The apps of a user: on mobile telephones, and on computers and desks."""


class AppsRingTarget(TypedDict, total=False):
    """The apps of the extension, or of a co-worker."""

    type: Required[Annotated[App, means.Kind()]]
    """Which apps."""
    extension_id: Annotated[Input[Reference], means.Target(reads="extension"), EXTENSION]
    """The co-worker whose apps they are. Default: the extension itself. Vendor: ``extension.id``."""


class DeviceRingTarget(TypedDict, total=False):
    """A desk phone of the extension, or of a co-worker."""

    type: Required[Annotated[Literal["DeviceRingTarget"], means.Kind()]]
    """Says that it is a device."""
    device_id: Required[Annotated[Input[Id], means.Decides(), means.Elsewhere("device")]]
    """The vendor's number for the device. Vendor: ``device.id``."""
    extension_id: Annotated[Input[Reference], means.Target(reads="extension"), EXTENSION]
    """The co-worker whose device it is. Default: the extension itself. Vendor: ``extension.id``."""


class PhoneNumberRingTarget(TypedDict, total=False):
    """A telephone outside of the account."""

    type: Required[Annotated[Literal["PhoneNumberRingTarget"], means.Kind()]]
    """Says that it is a telephone number."""
    phone_number: Required[Annotated[Input[E164], means.Target(reads="number")]]
    """The telephone, in E.164. Vendor: ``destination.phoneNumber``."""
    name: Input[Note]
    """What the extension's owner sees."""


class CoworkerRingTarget(TypedDict, total=False):
    """Another user of the account, wherever that one is reached."""

    type: Required[Annotated[Literal["CoworkerRingTarget"], means.Kind()]]
    """Says that it is a co-worker."""
    extension_id: Required[Annotated[Input[Reference], means.Target(reads="extension"), EXTENSION]]
    """The co-worker's extension: ``ACCOUNT/EXTENSION`` or its bare number. Vendor: ``extension.id``."""


class HotdeskRingTarget(TypedDict, total=False):
    """The shared desk phone that the user is signed in to."""

    type: Required[Annotated[Literal["HotdeskRingTarget"], means.Kind()]]
    """Says that it is the hot desk."""


class MobileRingTarget(TypedDict, total=False):
    """A business mobile of the vendor's."""

    type: Required[Annotated[Literal["ImsPhoneNumberRingTarget", "FmcPhoneNumberRingTarget"], means.Kind()]]
    """Which kind of network it is in."""
    phone_number: Required[Annotated[Input[E164], means.Target(reads="number")]]
    """Its number, in E.164. Vendor: ``destination.phoneNumber``."""


class IntegrationRingTarget(TypedDict, total=False):
    """Another telephone system that the account is connected with."""

    type: Required[Annotated[Literal["IntegrationRingTarget"], means.Kind()]]
    """Says that it is an integration."""
    integration: Required[Annotated[Input[Literal["MsTeamsDirectRouting", "FmcLite"]], means.Decides()]]
    """Which one. Vendor: ``integration.type``."""


RingTarget: TypeAlias = (
    AppsRingTarget
    | DeviceRingTarget
    | PhoneNumberRingTarget
    | CoworkerRingTarget
    | HotdeskRingTarget
    | MobileRingTarget
    | IntegrationRingTarget
)
"""What can ring."""

_READS: means.Reads = {"VoiceMailTerminatingTarget": "voicemail", "ExtensionTerminatingTarget": "extension"}


class _Prompted(TypedDict, total=False):
    preset_id: Annotated[Input[Id], means.Aside()]
    """One of the vendor's recordings. Default: the one that is there. Vendor: ``prompt.greeting.preset.id``."""
    custom_id: Annotated[Input[Id], means.Aside(), RECORDING]
    """A recording of your own. Vendor: ``prompt.greeting.custom.id``."""


class VoicemailTarget(_Prompted, total=False):
    """Voicemail, of the extension or of another one."""

    type: Required[Annotated[Literal["VoiceMailTerminatingTarget"], means.Kind()]]
    """Says that it is voicemail."""
    extension_id: Annotated[Input[Reference], means.Target(by="type", reads=_READS), EXTENSION]
    """Another extension whose voicemail it is. Default: the extension's own. Vendor: ``extension.id``."""


class AnnouncementTarget(_Prompted, total=False):
    """A recording, after which the call ends."""

    type: Required[Annotated[Literal["PlayAnnouncementTerminatingTarget"], means.Kind()]]
    """Says that it is an announcement."""


class ExtensionTarget(TypedDict, total=False):
    """Any extension of the account: a user, a call queue, an IVR menu, a site."""

    type: Required[Annotated[Literal["ExtensionTerminatingTarget"], means.Kind()]]
    """Says that it is an extension."""
    extension_id: Required[Annotated[Input[Reference], means.Target(by="type", reads=_READS), EXTENSION]]
    """The extension: ``ACCOUNT/EXTENSION`` or its bare number. Vendor: ``extension.id``."""


class PhoneNumberTarget(TypedDict, total=False):
    """A telephone outside of the account."""

    type: Required[Annotated[Literal["PhoneNumberTerminatingTarget"], means.Kind()]]
    """Says that it is a telephone number."""
    phone_number: Required[Annotated[Input[E164], means.Target(reads="number")]]
    """The telephone, in E.164. Vendor: ``destination.phoneNumber``."""
    name: Input[Note]
    """What the extension's owner sees."""


TerminatingTarget: TypeAlias = VoicemailTarget | AnnouncementTarget | ExtensionTarget | PhoneNumberTarget
"""Where a call can end."""
