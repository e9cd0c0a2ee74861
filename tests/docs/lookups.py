"""The examples of look-ups that the reference shows. A test runs them as one program, on an account full of things."""

from pulumi_voice_routing import portsip, ringcx, ringex

# RingCX
groups = ringcx.get_destination_groups(permissions=True)
support = ringcx.get_destination_group(name="Support")
places = ringcx.get_destinations(support.id)
desk = ringcx.get_destination(support.id, name="Place 5")
profile_groups = ringcx.get_profile_groups()
profiles = ringcx.get_profiles(support.id)
main = ringcx.get_profile(support.id, name="Main")
shares = {one.destination: one.allocation_percent for one in ringcx.get_assigned_destinations(main.id)}
overridden = [one.dnis for one in ringcx.get_dnis_overrides(places[0].id)]
record = ringcx.search_dnis("+17205550000")
free = [one.dnis for one in ringcx.search_dnis_pool(containing="720555", assigned=False)]
answered_by = ringcx.get_dnis_assignment("+17205550000")
campaigns = ringcx.get_tracking_groups()
tracked = [one.dnis for one in ringcx.get_tracking_numbers(campaigns[0].id)]
service_groups = ringcx.get_http_service_groups()
pops = ringcx.get_http_service_group(name="Screen pops")
services = ringcx.get_http_services(pops.id)
lookup = ringcx.get_http_service(pops.id, name="Lookup")
inputs = [one.name for one in ringcx.get_http_service_inputs(lookup.id)]
caller = ringcx.get_http_service_input(lookup.id, name="ani")
sign_ins = ringcx.get_auth_configs()
crm = ringcx.get_auth_config(name="CRM")

# RingEX
me = ringex.get_extension()
rules = [one.name for one in ringex.get_answering_rules(me.id) if one.enabled]
vips = ringex.get_answering_rule(me.id, name="Rule 3")
phones = ringex.get_forwarding_numbers(me.id)
mobile = ringex.get_forwarding_number(me.id, phone_number="+13035550201")
newer = ringex.call_handling("123456/100003") == "new"
backend = ringex.get_call_handling_backend("123456/100003")
rung = [one.device_id for one in ringex.get_forwarding_targets("123456/100003")]
also_rung_by = ringex.get_device_users("123456/100003", "700003")
greetings = {one.name: one.id for one in ringex.get_standard_greetings("Voicemail")}

# PortSIP
ring_groups = portsip.get_ring_groups(search="Group", top=20)
mine = portsip.get_my_ring_groups()
front = portsip.get_ring_group(extension_number="8000")
members = [one.extension_number for one in portsip.get_ring_group_members(front.id)]
first = portsip.get_ring_group_member(front.id, "101")
extensions = portsip.get_extensions(orderby="extension_number asc")
trunks = portsip.get_trunks()
line = portsip.get_trunk(name="Main")
