"""The shared API client: one way to call a vendor, whoever the vendor is."""
