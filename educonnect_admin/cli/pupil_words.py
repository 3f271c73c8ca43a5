"""The sheet of a pupil in French."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from educonnect_admin.cli.finding_words import full_name
from educonnect_admin.cli.state_words import state_words

if TYPE_CHECKING:
    from educonnect_admin.office.show_pupil import PupilSheet
    from educonnect_admin.queries.pupil_sheet import EnrolmentLine, GuardianLine


def pupil_lines(sheet: "PupilSheet") -> list[str]:
    """Return the lines of the screen."""
    corrected = " (corrigée au bureau ; le fichier de l'école dit encore autre chose)"
    return [
        f"{full_name(sheet.family_name, sheet.usage_name, sheet.given_name)}  "
        f"élève {sheet.id}  INE {sheet.ine or 'inconnu'}",
        f"  Date de naissance : {sheet.birth_date:%d/%m/%Y}{corrected if sheet.corrected else ''}",
        "Inscriptions :" if sheet.enrolments else "Inscriptions : aucune.",
        *(f"  {_enrolment(one)}" for one in sheet.enrolments),
        "Responsables :" if sheet.guardians else "Responsables : aucun n'est connu.",
        *_guardians(sheet),
    ]


def _enrolment(one: "EnrolmentLine") -> str:
    level = f" ({one.level})" if one.level and one.level != one.class_label else ""
    place = f"{one.class_label or 'sans classe'}{level}, {one.school} ({one.uai})"
    if one.ended_on is None:
        return f"{place}, depuis le {one.started_on:%d/%m/%Y}"
    return f"{place}, du {one.started_on:%d/%m/%Y} au {one.ended_on:%d/%m/%Y}"


def _guardians(sheet: "PupilSheet") -> Iterator[str]:
    for one in sheet.guardians:
        name = full_name(one.family_name, one.usage_name, one.given_name)
        not_legal = "" if one.legal else ", non légal"
        expired = one.account_id in sheet.expired
        yield f"  {name}, fiche {one.id}{not_legal}, {_account(one, expired=expired)}"


def _account(one: "GuardianLine", *, expired: bool) -> str:
    if one.identifier is None or one.state is None:
        return f"sans compte (educonnect-admin accounts generate --school {one.uai})"
    return f"{one.identifier} [{state_words(one.state, expired=expired)}]"
