"""Whose departures and moves somebody has confirmed: school by school, never all at once (R-60)."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from educonnect_admin.cli.speech import Speech
from educonnect_admin.domain.campaign_errors import NoSuchConsent
from educonnect_admin.domain.errors import EduConnectError, InvalidUAI
from educonnect_admin.domain.uai import parse_uai
from educonnect_admin.homes import at_home
from educonnect_admin.office.importing.dangers import Consent
from educonnect_admin.rosters.school_lists import read_list

DEPARTURES, MOVES = "--accept-departures", "--accept-moves"


class Consents(NamedTuple):
    """The schools for which each was confirmed."""

    departures: frozenset[str]
    moves: frozenset[str]

    def of(self, uai: str) -> Consent:
        """Return what was confirmed for one school."""
        return Consent(departures=uai in self.departures, moves=uai in self.moves)


def consents(departures: Sequence[str], moves: Sequence[str]) -> Consents:
    """Return what was confirmed; each text is a number of a school, or a file that lists some.

    Raises:
        NoSuchConsent: a text is neither.
    """
    return Consents(_schools(DEPARTURES, departures), _schools(MOVES, moves))


def warn_of_others(speech: Speech, confirmed: Consents, there: Collection[str]) -> None:
    """Tell which confirmations are for schools without a file: a number that was mistyped."""
    for option, uais in ((DEPARTURES, confirmed.departures), (MOVES, confirmed.moves)):
        if missing := sorted(uais.difference(there)):
            speech.warn(f"{option} : pas de fichier dans ce dossier pour {', '.join(missing)}.")


def _schools(option: str, typed: Sequence[str]) -> frozenset[str]:
    return frozenset(uai for one in typed for uai in _named(option, one))


def _named(option: str, typed: str) -> Iterator[str]:
    try:
        yield parse_uai(typed)
    except InvalidUAI:
        yield from _listed(option, typed)


def _listed(option: str, typed: str) -> Sequence[str]:
    path = at_home(Path(typed))
    try:
        # A list with a wrong line is not obeyed by halves: it confirms what can't be undone.
        listed = read_list(path)
    except EduConnectError as error:
        raise NoSuchConsent(option, typed) from error
    if not listed.uais or listed.without:
        raise NoSuchConsent(option, typed)
    return listed.uais
