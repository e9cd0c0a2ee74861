"""The newer user call handling of RingEX: states, state rules, interaction rules, forwarding targets (EV-01..16).

An extension has either this or the answering rules of old. The control call `ringex/move` moves one, or all.
"""
