"""What things may be called."""

from __future__ import annotations

NAMES = {
    "none": [],
    "one": ["Denver"],
    "long": ["Donaudampfschifffahrtsgesellschaftskapitänsmützenabteilung, nachts und an Feiertagen", "X" * 200],
    "of all scripts": ["خدمة العملاء الليلية", "שירות לקוחות", "ZÜRICH ÜBERLAUF ÄÖÜ ẞ", "日本語サポート", "👩‍💼 Team"],
    "of markup": ["<script>alert(1)</script>", "</script><img src=x onerror=alert(2)>", 'a|b`c`&amp; "q" {{x}} ${y}'],
    "many": [f"Agents {place}" for place in range(50)],
}
