"""Why a text is not certainly one telephone number, as far as its characters tell.

Numbers come out of spreadsheets, portals, letters and web pages. What such a source has done to a number cannot be
undone by leaving characters out: ``4930901820.0`` is no number with a zero at its end. So each character has to be one
that telephone numbers are written with, in a place where it can only mean one thing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ..text_files import character_name, hidden_in

SEPARATORS = " \u00a0-()."
"""What may stand between digits. The second one is the space that does not break a line."""

_MOST_DIGITS = 15
"""No telephone number has more (E.164)."""
_A_NUMBER = 7
"""So many digits in a row are a number of their own, and no part of one."""

_ADDRESS = re.compile(r"(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}(:\d+)?|\[?[0-9A-Fa-f]*(:[0-9A-Fa-f]*){2,}\]?(:\d+)?")
"""Of a machine: SIP destinations may be named so."""
_WORD = re.compile(r"[A-Za-z0-9_]*[A-Za-z_][A-Za-z0-9_]*|[0-9A-Fa-f]+(-[0-9A-Fa-f]+){4}")
"""An id of the vendor's, with letters in it or in the form of a UUID."""
_HOST = re.compile(r"@|[A-Za-z]\.|\.[A-Za-z]")
_VANITY = re.compile(r"(\+?1[-. ]?)?\(?[2-9]\d{2}\)?[-. ]+(?=[\d-]*[A-Za-z-]{3})[\dA-Za-z-]{7,12}")
"""Letters in the place of digits, as on advertisements."""
_EXPONENT = re.compile(r"[+-]?\d+([.,]\d*)?[eE][+-]?\d+")
_FORMULA = re.compile(r"[=\"]")
_EXTENSION = re.compile(r"\d[\s)]*(;\s*ext\s*=|,+|x|#|(ext|extn|extension)\b\.?:?)\s*\d{1,6}#?$", re.IGNORECASE)
_SCHEME = re.compile(r"(tel|sip|sips|callto|phone|mobile|fax|tel\.)\s*:", re.IGNORECASE)
_BETWEEN_NUMBERS = re.compile(r"[,;/|&\n\r\t]|\b(and|or|und)\b")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}([.,'’_])\d{3}(\1\d{3})*")
_AMOUNT = re.compile(r"\d+,\d+")
_DECIMAL = re.compile(r"[+-]?\d{1,3}([ \u00a0]\d{3})+[.]\d+|[+-]?\d*[.]\d*")


def looks_like_a_number(text: str) -> bool:
    """Whether somebody may take it for a number, or for what a program has made of one, and for nothing else.

    A text that holds ids and addresses as well is asked about, so that words, host names and ids are none.
    """
    if any(one.isnumeric() and not one.isascii() for one in text):
        return True
    if any(form.fullmatch(text) for form in (_EXPONENT, _DECIMAL, _AMOUNT, _VANITY)):
        return True
    digits = sum(map(str.isdigit, text))
    if digits < _A_NUMBER or _ADDRESS.fullmatch(text) or _WORD.fullmatch(text) or _HOST.search(text):
        return False
    scheme = _SCHEME.match(text)
    return not text[0].isalpha() or (scheme is not None and not scheme[1].lower().startswith("sip"))


def why_not_one_number(text: str) -> str:
    """Why the text cannot be read as one number, as the end of a sentence that begins with it; empty when it can.

    The text has no spaces around it.
    """
    return next(_objections(text), "")


def _objections(text: str) -> Iterator[str]:
    if not text:
        yield "it is empty"
    if odd := hidden_in(text):
        yield f"it holds an invisible character ({odd}), as copied text does; type the number anew"
    if _EXPONENT.fullmatch(text):
        yield "it is a number with an exponent, of which a spreadsheet may have cut digits; take it from its source"
    if text.startswith(("'", "\u2019", "`")):
        yield "it begins with an apostrophe, by which spreadsheets mark text; leave that out"
    if _FORMULA.match(text):
        yield f"it begins with {text[0]}, as the cell of a spreadsheet; write the number alone"
    if _SCHEME.match(text):
        yield f"it begins with {text.partition(':')[0]}: as a link does; write the number alone"
    if _THOUSANDS.fullmatch(text):
        yield "its digits stand in thousands, as a spreadsheet writes amounts; take it from its source"
    if len(re.findall(rf"\d(?:[{re.escape(SEPARATORS)}]*\d){{{_A_NUMBER - 1},}}", text)) > 1 and (
        _BETWEEN_NUMBERS.search(text) or text.count("+") > 1
    ):
        yield "it holds two numbers; write each one by itself"
    if _EXTENSION.search(text):
        yield "it holds an extension, which would be lost; write the number alone"
    letters = "".join(filter(str.isalpha, text))
    if letters:
        what = "write the digits in their place" if any(map(str.isdigit, text)) else "write it like +13035551234"
        yield f"it holds letters ({letters[:20]}); {what}"
    yield from _odd_characters(text)
    yield from _odd_places(text)


def _odd_characters(text: str) -> Iterator[str]:
    for character in text:
        if character.isascii() and character.isdigit():
            continue
        if character.isdigit() or character.isnumeric():
            yield f"it holds {character_name(character)}, which is none of the digits 0 to 9; type the number anew"
        elif unicodedata.category(character) == "Pd" and character != "-":
            yield f"it holds {character_name(character)}; write a plain hyphen, or nothing"
        elif character not in "+" + SEPARATORS:
            yield f"it holds {character!r} ({character_name(character)})"


def _odd_places(text: str) -> Iterator[str]:
    digits = "".join(filter(str.isdigit, text))
    if not digits:
        yield "it has no digit"
    if text.rfind("+") > 0:
        yield "it has a + in another place than the first"
    if text.lstrip("+").startswith(("-", ".")):
        yield f"it begins with {text[:2] if text[0] == '+' else text[0]}"
    if text.endswith("-"):
        yield "it ends in -, as a number does of which something is missing"
    if twice := re.search(r"[-.][ \u00a0]*[-.]", text):
        yield f"it holds {twice[0]}, where a digit may be missing"
    if _DECIMAL.fullmatch(text) and "." in text:
        yield "it is a number with a decimal point, as a spreadsheet writes it; take it from its source"
    *_, last = text.split(".")
    if "." in text and len(last) < (2 if text.count(".") > 1 else 3):
        yield f"it ends in .{last}, as a number with a decimal point does"
    if not _closed(text):
        yield "its brackets do not close"
    if len(digits) > _MOST_DIGITS:
        yield f"it has {len(digits)} digits, and no number has more than {_MOST_DIGITS}; are these two numbers?"


def _closed(text: str) -> bool:
    """Whether each bracket that opens closes before another one opens, with something in it."""
    brackets = re.sub(r"\([^()]+\)", "", text)
    return "(" not in brackets and ")" not in brackets
