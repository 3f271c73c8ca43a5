"""The body of a request to an SMS gateway: a template in which values can break nothing.

The template is taken apart first, as JSON or as a form, and its places are filled afterwards:
no sign of a text can end a string or begin another field.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

PLACES = frozenset({"to", "digits", "text", "sender", "reference"})
"""The mobile as `+33612345678`, or in digits alone; the text; whom it comes from; a number."""

_PLACE = re.compile(r"\{([a-z]+)\}")

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def is_json(template: str) -> bool:
    """Tell whether a template is JSON; else it is a form: `to={to}&message={text}`."""
    return template.lstrip()[:1] in {"{", "["}


def check_body(template: str) -> None:
    """Refuse a template that could not carry a code.

    Raises:
        ValueError: neither JSON nor a form, a place that is none, or one that lacks.
    """
    found: list[str] = []

    def gather(text: str) -> str:
        found.extend(_PLACE.findall(text))
        return text

    _each_text(_parts(template), gather)
    if not set(found) <= PLACES or "text" not in found or not {"to", "digits"} & set(found):
        raise ValueError("places")


def filled_form(template: str, values: Mapping[str, str]) -> str:
    """Return a form with its places filled, as a body or behind a `?` carries it."""
    return urlencode(_each_text(_parts(template), lambda text: _filled(text, values)))


def filled_json(template: str, values: Mapping[str, str]) -> str:
    """Return a JSON document with its places filled."""
    parts = _each_text(_parts(template), lambda text: _filled(text, values))
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def _parts(template: str) -> Any:
    if is_json(template):
        try:
            return json.loads(template)
        except RecursionError:
            raise ValueError("too deep") from None
    return parse_qsl(template, keep_blank_values=True, strict_parsing=True)


def _each_text(parts: Any, change: Callable[[str], str]) -> Any:
    """Return the same parts, with every text but the names of fields changed."""
    match parts:
        case str():
            return change(parts)
        case dict():
            return {name: _each_text(one, change) for name, one in parts.items()}
        case (str() as name, str() as value) if isinstance(parts, tuple):
            return (name, change(value))
        case list():
            return [_each_text(one, change) for one in parts]
    return parts


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)
