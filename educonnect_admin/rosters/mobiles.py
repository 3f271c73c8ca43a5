"""Mobile numbers as families write them, to E.164.

The patterns are those of `phonenumbers`, taken region by region: a family of Saint-Denis
de La Réunion keeps its 0692 number when it moves to Lille, so the number names its country
code, never the school.
"""

import re
from functools import cache, lru_cache

from educonnect_admin.rosters.problems import ProblemCode

# Regions that share the French trunk 0, mainland first.
_TRUNK_REGIONS = ("FR", "RE", "YT", "GP", "MF", "BL", "MQ", "GF", "PM")
# The blocks given to each territory, for numbers of blocks that are not open yet.
_BLOCKS = {
    "639": "262", "692": "262", "693": "262", "7092": "262",
    "690": "590", "691": "590", "7090": "590",
    "694": "594", "696": "596", "697": "596", "7091": "596",
}  # fmt: skip
_NOISE = re.compile(r"[\s.\-/()\u2010-\u2015\u00b7']+")
_TRUNK_IN_BRACKETS = re.compile(r"\(\s*0\s*\)")
_INTERNATIONAL = re.compile(r"(?:\+|00)(33|262|590|594|596|508)0?([0-9]{6,9})")
_NATIONAL = re.compile(r"0?([67][0-9]{8})")
# What becomes of a column of numbers once it is text: `612345678.0`, `6.12345678E8`.
_NUMBER = re.compile(r"([0-9]+)\.0+|([0-9])[.,]([0-9]+)[Ee]\+?0?([0-9]{1,2})")
_BETWEEN = re.compile(r"[/;,|\r\n]+|\s+(?:ou|et)\s+|\s+-\s+", re.IGNORECASE)
_BARE_INTERNATIONAL = re.compile(r"(33|262|590|594|596)([67][0-9]{8})")

Found = tuple[str | None, ProblemCode | None]
_BAD: Found = (None, ProblemCode.BAD_MOBILE)


@lru_cache(maxsize=65_536)
def parse_mobile(text: str) -> Found:
    """Return the E.164 number that a cell holds, and the remark it calls for.

    Args:
        text: What was typed, not empty: spaces, dots, dashes, `+33 (0)6`, `0033`, or nine
            digits whose zero a spreadsheet ate.

    Returns:
        The number and nothing; the number and UNUSUAL_MOBILE when it is shaped like a
        mobile but of a block the library does not know open (it lags the regulator's
        plan); nothing and BAD_MOBILE for a fixed line or what is no number.
    """
    compact = _NOISE.sub("", _TRUNK_IN_BRACKETS.sub("", text))
    if found := _NATIONAL.fullmatch(compact):
        return _national(found[1])
    if found := _INTERNATIONAL.fullmatch(compact) or _BARE_INTERNATIONAL.fullmatch(compact):
        return _with_code(found[1], found[2])
    return _anywhere(compact)


def parse_mobile_cell(text: str) -> Found:
    """Return the number that a cell of a file holds, which may be several or a spreadsheet's.

    Of several the only mobile, or the first one and SEVERAL_MOBILES; else as `parse_mobile`.
    """
    found = parse_mobile(text)
    return found if found[0] else _unusual_cell(text)


@lru_cache(maxsize=4_096)
def _unusual_cell(text: str) -> Found:
    if (written := _written_out(text)) != text:
        return parse_mobile(written)
    parts = [part for part in _BETWEEN.split(text) if any(map(str.isdigit, part))]
    found = [one for one in map(parse_mobile, parts) if one[0]] if len(parts) > 1 else []
    if not found:
        return _BAD
    several = len({number for number, _ in found}) > 1
    return (found[0][0], ProblemCode.SEVERAL_MOBILES) if several else found[0]


def _written_out(text: str) -> str:
    """Return all the digits of a number that a spreadsheet wrote its own way, else the text."""
    found = _NUMBER.fullmatch(text)
    if not found:
        return text
    if found[1]:
        return found[1]
    # A spreadsheet that rounded has lost digits: the text stays what it is, no number.
    exact = len(found[3]) == int(found[4])
    return found[2] + found[3] if exact else text


def _national(number: str) -> Found:
    for code, pattern in _patterns():
        if pattern.fullmatch(number):
            return f"+{code}{number}", None
    return f"+{_code_of_block(number)}{number}", ProblemCode.UNUSUAL_MOBILE


def _with_code(code: str, number: str) -> Found:
    if any(code == known and pattern.fullmatch(number) for known, pattern in _patterns()):
        return f"+{code}{number}", None
    if _NATIONAL.fullmatch(number) and len(number) == 9:
        # `+33 692…` does not exist: whoever wrote it dialled by the mainland's code.
        return f"+{_code_of_block(number)}{number}", ProblemCode.UNUSUAL_MOBILE
    return _BAD


def _code_of_block(number: str) -> str:
    return _BLOCKS.get(number[:4]) or _BLOCKS.get(number[:3], "33")


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the patterns of mobiles with their country codes, compiled once."""
    from phonenumbers import PhoneMetadata

    found = []
    for region in _TRUNK_REGIONS:
        known = PhoneMetadata.metadata_for_region(region)
        if known is not None and known.mobile is not None and known.mobile.national_number_pattern:
            pattern = re.compile(known.mobile.national_number_pattern, re.ASCII)
            found.append((str(known.country_code), pattern))
    return tuple(found)


def _anywhere(compact: str) -> Found:
    """Judge a number of any other country, which must then say its code."""
    import phonenumbers

    if not re.fullmatch(r"(?:\+|00)[0-9]{7,15}", compact):
        return _BAD
    try:
        number = phonenumbers.parse("+" + compact.removeprefix("00").removeprefix("+"), None)
    except phonenumbers.NumberParseException:
        return _BAD
    kinds = (
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    )
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in kinds:
        return _BAD
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), None
