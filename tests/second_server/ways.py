"""In which ways the server may answer: each is something that the vendors' contracts do not rule out.

A few go beyond them, because real servers do: text where a contract says integer, and null where it says string.
"""

from __future__ import annotations

WAYS = {
    "ids_as_text": "ids are text, where the contract says integer",
    "nulls": "fields without a value are null",
    "blanks": "texts without a value are empty, but for words of a list that the contract closes",
    "big_ids": "ids are beyond what a float can hold",
    "sparse": "fields that are null, false, 0 or empty are left out, but for those that switch calls",
    "extra_fields": "objects have fields that no contract knows",
    "reordered": "lists and objects come in another order",
    "bare_writes": "a write is answered with the object's id alone",
    "silent_writes": "a write is answered with 201, 204 or 200 and no object",
    "summaries": "a list shows ids and names, the objects themselves show all",
    "pages_from_zero": "the first page of a list is page 0",
    "small_pages": "a page has at most five rows, whatever was asked for",
    "overlapping": "a page begins with the last row of the one before, as when somebody adds an object meanwhile",
    "no_totals": "a page does not tell how many there are, or how to get to the next one",
    "lag": "a search shows what was written a second later",
    "lists_lag": "every list does",
    "content": "a search is answered with {content: [...]}",
    "array": "a search is answered with an array",
    "entries": "a search is answered as its second version is: by account",
    "no_owners": "a search does not show who answers a number",
    "no_filter": "a search does not honour its criteria",
    "nobody_is_null": "who answers a number that nobody answers: 200 with null",
    "nobody_is_empty": "who answers a number that nobody answers: 204",
    "nobody_is_bare": "who answers a number that nobody answers: an assignment to nothing",
    "plus_signs": "numbers have a plus sign in RingCX, and none in RingEX",
    "own_case": "words of the vendor's own lists, which no contract closes, come in small letters",
    "masked_secrets": "secrets are shown as asterisks",
    "quotes_are_letters": "an upload takes quotes for letters, whatever its parameters say",
    "put_replaces": "what a PUT leaves out is gone afterwards",
    "ids_as_numbers": "ids of users with the newer call handling are numbers, where the contract says text",
    "times_otherwise": "moments have fractions and a Z, every day is named, and seven equal days are one",
    "features_unwrapped": "the features of an extension are one record, without a list around it",
}
"""Every way, and what it means."""

BEYOND = frozenset(
    {
        *("ids_as_text", "ids_as_numbers", "nulls", "extra_fields", "silent_writes", "array"),
        *("nobody_is_null", "nobody_is_empty", "features_unwrapped"),
    }
)
"""Ways that the contracts rule out, read to the letter."""

Ways = frozenset[str]

PLAIN: Ways = frozenset()
ALL: Ways = frozenset(WAYS) - {
    *("bare_writes", "array", "content", "no_filter", "nobody_is_empty", "nobody_is_bare", "lists_lag", "summaries"),
    "quotes_are_letters",
}
"""As many at once as go together; the others are other forms of the same thing, or hide one of these."""
OF_NUMBERS: Ways = frozenset(
    {
        *("lag", "content", "array", "entries", "no_owners", "no_filter", "quotes_are_letters", "plus_signs"),
        *("nobody_is_null", "nobody_is_empty", "nobody_is_bare"),
    }
)
"""Ways that say something of numbers alone."""
OF_PAGES: Ways = frozenset({"pages_from_zero", "small_pages", "no_totals", "overlapping"})
"""Ways of lists that come in pages."""
