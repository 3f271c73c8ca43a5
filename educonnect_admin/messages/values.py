"""What templates are filled with: the values of a message, made harmless and readable.

A name that holds a line break would forge a header in a subject and a line in a text: in
every value, whatever is not a sign to read becomes a space.
"""

import re
from collections.abc import Mapping
from datetime import date

from educonnect_admin.dates_in_words import in_words
from educonnect_admin.domain.letters import NUMBER_LENGTH
from educonnect_admin.domain.names import tidy

# Control signs, line and paragraph separators, marks that turn the direction of writing.
_NOT_TO_READ = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_GROUP = 4


def readable(values: Mapping[str, object]) -> dict[str, object]:
    """Return the values of a message as its templates get them.

    Days (`created_on`, `last_day`) are in words, the letter's number in groups of four, and
    `password_spelt` and `letter_url` are added where there is a letter.

    Raises:
        ValueError, TypeError: a day is none.
    """
    made = {name: _harmless(value) for name, value in values.items()}
    for name in ("created_on", "last_day"):
        if isinstance(day := made.get(name), str):
            made[name] = in_words(date.fromisoformat(day))
    if isinstance(password := made.get("password"), str):
        made["password_spelt"] = " ".join(password)
    if isinstance(number := made.get("number"), str):
        made["letter_url"] = f"{made.get('portal_url', '')}/l/{number}"
        made["number"] = "-".join(
            number[at : at + _GROUP] for at in range(0, NUMBER_LENGTH, _GROUP)
        )
    return made


def _harmless(value: object) -> object:
    match value:
        case str():
            return tidy(_NOT_TO_READ.sub(" ", value))
        case Mapping():
            return {str(name): _harmless(one) for name, one in value.items()}
        case list() | tuple():
            return [_harmless(one) for one in value]
    return value
