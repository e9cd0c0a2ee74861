"""Numbers: the DNIS pool, which product answers a DNIS, and tracking numbers (NM-01..17, NMb-01..28).

The paths of pool and assignments name no account: a number belongs to that of its `reservedAccountId`, an owner to its
own.
"""
