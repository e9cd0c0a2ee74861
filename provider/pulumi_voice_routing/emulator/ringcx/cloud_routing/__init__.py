"""Cloud routing: groups, destinations, profiles, and what links them (CR-01..21, CRb-01..38)."""
