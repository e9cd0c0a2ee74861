"""The PortSIP PBX API, of one tenant: acme.example.com, with the extensions 101 to 108 and two trunks."""
