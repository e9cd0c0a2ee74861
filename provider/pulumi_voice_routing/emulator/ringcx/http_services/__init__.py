"""Remote HTTP services and external auth configurations (HT-01..21, HTb-01..13).

A service is one object with two faces: v1 with `httpServiceConfig` as JSON text, v2 with other names and the config as
an object. Groups and v1 services cannot be deleted; a v2 service can.
"""
