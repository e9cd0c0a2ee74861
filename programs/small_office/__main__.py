"""An office on two telephone systems.

On RingEX the owner's calls ring the apps and then the mobile in business hours, and go to voicemail after them;
important callers ring everything at once, whatever the hour. The program knows both kinds of call handling that RingEX
has, and asks which one the extension has. On PortSIP PBX the front desk rings for the office's number; what it does not
take overflows to the back office, and in the end to voicemail.
"""

from __future__ import annotations

import pulumi

from pulumi_voice_routing import portsip, ringex

config = pulumi.Config()
extension = config.get("extension") or "~"
mobile_number = config.get("mobileNumber") or "+13035550160"
important_callers: list[str] = config.get_object("importantCallers", ["+13035550170", "+13035550171"])
front_desk_extensions: list[str] = config.get_object("frontDesk", ["101", "102"])
back_office_extensions: list[str] = config.get_object("backOffice", ["103", "104"])
adopt = config.get_bool("adopt") or False

# The owner's calls, on RingEX, which has two kinds of call handling

rules: list[pulumi.CustomResource] = []
if ringex.call_handling(extension) == "new":
    apps: ringex.RingGroup = {"targets": [{"type": "AllMobileRingTarget"}, {"type": "AllDesktopRingTarget"}]}
    mobile: ringex.RingTarget = {"type": "PhoneNumberRingTarget", "phone_number": mobile_number, "name": "Mobile"}
    work_hours = ringex.CallHandlingStateRule(
        "work-hours",
        extension_id=extension,
        state="work-hours",
        dispatching="RingInOrder",
        ring_groups=[apps, {"targets": [mobile], "duration_seconds": 25}],
        no_answer_target={"type": "VoiceMailTerminatingTarget"},
    )
    late_hours = ringex.CallHandlingStateRule(
        "late-hours",
        extension_id=extension,
        state="after-hours",
        dispatching="Terminate",
        immediate_target={"type": "VoiceMailTerminatingTarget"},
    )
    rules += [work_hours, late_hours]
    if important_callers:
        important_calls = ringex.InteractionRule(
            "important-calls",
            extension_id=extension,
            name="Important callers",
            callers=[{"caller_id": number} for number in important_callers],
            dispatching="RingAtOnce",
            ring_groups=[apps, {"targets": [mobile], "duration_seconds": 40}],
            adopt=adopt,
        )
        rules.append(important_calls)
else:
    mobile_phone = ringex.ForwardingNumber(
        "mobile", extension_id=extension, phone_number=mobile_number, type="Mobile", adopt=adopt
    )
    business_hours = ringex.BuiltInAnsweringRule(
        "business-hours",
        extension_id=extension,
        rule="business-hours",
        action="ForwardCalls",
        ringing_mode="Sequentially",
        notify_soft_phones=True,
        forward_to=[{"numbers": [mobile_phone], "ring_count": 5}],
        voicemail_enabled=True,
    )
    after_hours = ringex.BuiltInAnsweringRule(
        "after-hours", extension_id=extension, rule="after-hours", action="TakeMessagesOnly"
    )
    rules += [business_hours, after_hours]
    if important_callers:
        important = ringex.AnsweringRule(
            "important-callers",
            extension_id=extension,
            name="Important callers",
            callers=[{"caller_id": number} for number in important_callers],
            action="ForwardCalls",
            ringing_mode="Simultaneously",
            notify_soft_phones=True,
            forward_to=[{"numbers": [mobile_phone], "ring_count": 8}],
            adopt=adopt,
        )
        rules.append(important)
    pulumi.export("mobile", mobile_phone.id)

# The office's number, on PortSIP PBX

back_office = portsip.RingGroup(
    "back-office",
    name="Back office",
    extension_number="8001",
    strategy="PRIORITIZED_HUNT",
    members=[{"extension_number": number} for number in back_office_extensions],
    ring_time_seconds=15,
    no_answer={"action": "FORWARD_TO_VOICEMAIL"},
    allow=["release"],  # an example comes and goes; leave it out where people depend on the number
    adopt=adopt,
)
front_desk = portsip.RingGroup(
    "front-desk",
    name="Front desk",
    extension_number="8000",
    strategy="RING_SIMULTANEOUSLY",
    members=[{"extension_number": number} for number in front_desk_extensions],
    ring_time_seconds=20,
    skip_busy_members=True,
    no_answer={"action": "FORWARD_TO_NUMBER", "number": back_office.extension_number},
    allow=["release"],
    adopt=adopt,
)

pulumi.export("rules", [rule.id for rule in rules])
pulumi.export("front_desk", front_desk.id)
pulumi.export("back_office", back_office.id)
