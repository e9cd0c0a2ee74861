"""Telephone numbers as people and programs write them: what is read, and what is refused with which reason."""

from __future__ import annotations

NUMBER = "+13035550100"

READ: dict[str, str] = {
    "+13035550100": NUMBER,
    "13035550100": NUMBER,
    "+1 303 555 0100": NUMBER,
    "+1-303-555-0100": NUMBER,
    "+1 (303) 555-0100": NUMBER,
    "(1) 303 555.0100": NUMBER,
    "1 303\u00a0555 0100": NUMBER,
    "+1.303.555.0100": NUMBER,
    "  +13035550100 ": NUMBER,
    "+49.30.901820": "+4930901820",
    "4930901820": "+4930901820",
    "+44 20 7946 0958": "+442079460958",
    "+33.1.23.45.67.89": "+33123456789",
    "+12025550100": "+12025550100",
    "+2025550100": "+2025550100",  # a number of Egypt, when the plus sign says so
}
"""What is certainly one number, and which."""

REFUSED: dict[str, str] = {
    # Spreadsheets
    "4930901820.0": "a number with a decimal point",
    "+4930901820.0": "a number with a decimal point",
    "13035550100.0": "a number with a decimal point",
    "13035550100.": "a number with a decimal point",
    "+1.3035550100": "a number with a decimal point",
    "1 303 555.0100": "a number with a decimal point",
    "+49 30 901820.0": "it ends in .0, as a number with a decimal point does",
    "1.3035550100e10": "a number with an exponent",
    "1.30E+10": "a number with an exponent",
    "1,30356E+10": "a number with an exponent",
    "1.303e9": "a number with an exponent",
    "13,035,550,100": "its digits stand in thousands",
    "13.035.550.100": "its digits stand in thousands",
    "13'035'550'100": "its digits stand in thousands",
    "'13035550100": "it begins with an apostrophe",
    "\u201913035550100": "it begins with an apostrophe",
    '="13035550100"': "it begins with =, as the cell of a spreadsheet",
    "-13035550100": "it begins with -",
    # More than a number
    "+13035550100 +13035550101": "it holds two numbers",
    "+13035550100/+13035550101": "it holds two numbers",
    "13035550100, 13035550101": "it holds two numbers",
    "13035550100 or 13035550101": "it holds two numbers",
    "13035550100 13035550101": "are these two numbers?",
    "+1 303 555 0100 x12": "an extension, which would be lost",
    "+1 303 555 0100 ext. 12": "an extension, which would be lost",
    "+13035550100;ext=12": "an extension, which would be lost",
    "+13035550100,12": "an extension, which would be lost",
    "+13035550100#12": "an extension, which would be lost",
    "tel:+13035550100": "it begins with tel: as a link does",
    "sip:13035550100@pbx.example": "it begins with sip: as a link does",
    "+1303555CALL": "it holds letters (CALL)",
    "1-800-FLOWERS": "it holds letters (FLOWERS)",
    "303 555 0100 / 0101": "it holds '/' (SOLIDUS)",
    "+49 89 1234 - 1238": "may be a range of numbers, from one to another; write +498912341238 if it is one number",
    # Characters
    "\uff0b\uff11\uff13\uff10\uff13": "FULLWIDTH PLUS SIGN",
    "+130355501\uff10\uff10": "FULLWIDTH DIGIT ZERO, which is none of the digits 0 to 9",
    "+130355501\u0660\u0660": "ARABIC-INDIC DIGIT ZERO, which is none of the digits 0 to 9",
    "+130355501\u00b2\u00b2": "SUPERSCRIPT TWO, which is none of the digits 0 to 9",
    "\u200f13035550100": "an invisible character (RIGHT-TO-LEFT MARK)",
    "+1303\u200b5550100": "an invisible character (ZERO WIDTH SPACE)",
    "+1303\u202c5550100": "an invisible character (POP DIRECTIONAL FORMATTING)",
    "+1303\u00ad5550100": "an invisible character (SOFT HYPHEN)",
    "+1 303\u202f555 0100": "an invisible character (NARROW NO-BREAK SPACE)",
    "+1 303\u2013555 0100": "it holds EN DASH; write a plain hyphen",
    "+1 303\u2011555 0100": "it holds NON-BREAKING HYPHEN; write a plain hyphen",
    "+1 303) 555 0100": "its brackets do not close",
    "+1303+5550100": "a + in another place than the first",
    # Prefixes, and what is missing
    "0013035550100": "00 is dialled in many countries in the place of +; write +13035550100",
    "011442079460958": "011 is dialled in North America in the place of +; write +442079460958",
    "030901820": "it begins with 0, as it is dialled within a country",
    "+44 (0)20 7946 0958": "is +442079460958 meant?",
    "303.555.0100": "has no country code: write +13035550100",
    "3035550100": "has no country code: write +13035550100",
    "(303) 555-0100": "has no country code: write +13035550100",
    "2025550100": "has no country code, and +2025550100 is a number elsewhere: write +12025550100",
    "612345678": "has no country code for certain",
    "1512345678": "has the wrong number of digits for its country code",
    "5550100": "has the wrong number of digits for its country code",
    "+9993035550100": "has no country code that exists",
    "+": "it has no digit",
}
"""What is not certainly one number, and a part of the reason."""
