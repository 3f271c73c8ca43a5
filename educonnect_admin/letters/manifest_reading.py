"""Reading a manifest strictly: nothing that it says is taken on trust.

It may be cut, another program's, or made to point elsewhere: a name that is no plain name of
its own folder refuses the whole.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

from educonnect_admin.domain.campaigns import FileKind, FileMade
from educonnect_admin.domain.errors import InvalidUAI
from educonnect_admin.domain.manifest_errors import BadManifest, ManifestTrouble
from educonnect_admin.domain.uai import parse_uai
from educonnect_admin.letters.manifest import (
    CAMPAIGN,
    FILE_NAME,
    SCHOOL,
    VERSION,
    CampaignManifest,
    ListedSchool,
    SchoolManifest,
)

_HEAD = {"manifest", "version", "made_at"}
_SCHOOL = {*_HEAD, "uai", "school", "files"}
_CAMPAIGN = {*_HEAD, "academy", "schools", "beside"}
_FILE = {"name", "kind", "class", "letters", "last_day", "sha256", "bytes"}
_LISTED = {"uai", "folder", "letters", "files", "sha256"}
_SHA256 = re.compile(r"[0-9a-f]{64}")
_ELSEWHERE = re.compile(r"[/\\:]")
_LONGEST = 255


class _Damaged(ValueError):
    """Something in it can't be so; `trouble` says what kind of thing."""

    def __init__(self, trouble: ManifestTrouble) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble


def read_manifest(content: bytes, path: Path) -> SchoolManifest | CampaignManifest:
    """Return what a manifest says.

    Args:
        content: the bytes of the file.
        path: where they were read, for the refusal.

    Raises:
        BadManifest: it is no JSON, of something else, of another version, damaged, or names a
            file elsewhere.
    """
    try:
        return _manifest(_parsed(content))
    except _Damaged as error:
        raise BadManifest(path, error.trouble) from error
    except (InvalidUAI, ValueError) as error:
        raise BadManifest(path, ManifestTrouble.DAMAGED) from error


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content.decode(), object_pairs_hook=_once, parse_constant=_no_number)
    except _Damaged:
        raise
    except (ValueError, RecursionError) as error:
        raise _Damaged(ManifestTrouble.UNREADABLE) from error


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that stands twice: two readers would not read the same."""
    told = dict(pairs)
    if len(told) < len(pairs):
        raise _Damaged(ManifestTrouble.DAMAGED)
    return told


def _no_number(_: str) -> NoReturn:
    raise _Damaged(ManifestTrouble.DAMAGED)


def _manifest(told: Any) -> SchoolManifest | CampaignManifest:
    if not isinstance(told, dict) or told.get("manifest") not in (SCHOOL, CAMPAIGN):
        raise _Damaged(ManifestTrouble.FOREIGN)
    if told.get("version") != VERSION:
        raise _Damaged(ManifestTrouble.OTHER_VERSION)
    return _school(told) if told["manifest"] == SCHOOL else _campaign(told)


def _school(told: Mapping[str, Any]) -> SchoolManifest:
    _keys(told, _SCHOOL)
    files = [_file(one) for one in _list(told["files"])]
    _distinct([file.name for file in files])
    return SchoolManifest(
        uai=_uai(told["uai"]),
        school=_text(told["school"]),
        made_at=_moment(told["made_at"]),
        files=files,
    )


def _campaign(told: Mapping[str, Any]) -> CampaignManifest:
    _keys(told, _CAMPAIGN)
    schools = [_listed(one) for one in _list(told["schools"])]
    beside = [_plain_name(one) for one in _list(told["beside"])]
    _distinct([*beside, *(one.folder for one in schools)])
    academy = told["academy"]
    return CampaignManifest(
        academy=None if academy is None else _text(academy),
        made_at=_moment(told["made_at"]),
        schools=schools,
        beside=beside,
    )


def _file(told: Any) -> FileMade:
    _keys(told, _FILE)
    label, last_day, size = told["class"], told["last_day"], told["bytes"]
    return FileMade(
        name=_plain_name(told["name"]),
        kind=FileKind(told["kind"]),
        class_label=None if label is None else _text(label),
        letters=_count(told["letters"]),
        sha256=_digest(told["sha256"]),
        last_day=None if last_day is None else date.fromisoformat(_text(last_day)),
        size=None if size is None else _count(size),
    )


def _listed(told: Any) -> ListedSchool:
    _keys(told, _LISTED)
    return ListedSchool(
        uai=_uai(told["uai"]),
        folder=_plain_name(told["folder"]),
        letters=_count(told["letters"]),
        files=_count(told["files"]),
        sha256=_digest(told["sha256"]),
    )


def _plain_name(told: Any) -> str:
    """Refuse what leads out of the folder, is the manifest itself, or can't be shown."""
    name = _text(told)
    is_plain = name.isprintable() and not _ELSEWHERE.search(name) and len(name) <= _LONGEST
    if not is_plain or name.casefold() in {"", ".", "..", FILE_NAME}:
        raise _Damaged(ManifestTrouble.UNSAFE_NAME)
    return name


def _keys(told: Any, expected: set[str]) -> None:
    if not isinstance(told, dict) or set(told) != expected:
        raise _Damaged(ManifestTrouble.DAMAGED)


def _distinct(names: Sequence[str]) -> None:
    if len({name.casefold() for name in names}) < len(names):
        raise _Damaged(ManifestTrouble.DAMAGED)


def _list(told: Any) -> list[Any]:
    if not isinstance(told, list):
        raise _Damaged(ManifestTrouble.DAMAGED)
    return told


def _text(told: Any) -> str:
    if not isinstance(told, str):
        raise _Damaged(ManifestTrouble.DAMAGED)
    return told


def _uai(told: Any) -> str:
    uai = _text(told)
    if parse_uai(uai) != uai:
        raise _Damaged(ManifestTrouble.DAMAGED)
    return uai


def _count(told: Any) -> int:
    if type(told) is not int or told < 0:
        raise _Damaged(ManifestTrouble.DAMAGED)
    return told


def _digest(told: Any) -> str:
    if not _SHA256.fullmatch(_text(told)):
        raise _Damaged(ManifestTrouble.DAMAGED)
    return str(told)


def _moment(told: Any) -> datetime:
    moment = datetime.fromisoformat(_text(told))
    if moment.tzinfo is None:
        raise _Damaged(ManifestTrouble.DAMAGED)
    return moment
