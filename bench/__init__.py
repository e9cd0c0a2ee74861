"""How many requests, how much time, CPU and memory the provider takes, beside what the vendor's API allows at best.

Run with ``python -m bench --help``.
"""
