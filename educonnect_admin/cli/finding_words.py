"""What is said of the people whom a search found, or did not."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from educonnect_admin.cli.speech import counted
from educonnect_admin.cli.state_words import state_words

if TYPE_CHECKING:
    from educonnect_admin.office.find_accounts import FoundAccount
    from educonnect_admin.office.find_pupils import FoundPupil
    from educonnect_admin.queries.person_cards import ChildCard

_NEAR = ":near"
_FIELDS = {
    "identifier": "identifiant",
    "identifier.start": "début de l'identifiant",
    "email": "adresse mail",
    "mobile": "mobile",
    "ine": "INE",
    "family_name": "nom",
    "usage_name": "nom d'usage",
    "given_name": "prénom",
    "child.family_name": "nom d'un enfant",
    "child.usage_name": "nom d'usage d'un enfant",
    "child.given_name": "prénom d'un enfant",
    "guardian.family_name": "nom d'un responsable",
    "guardian.usage_name": "nom d'usage d'un responsable",
    "guardian.given_name": "prénom d'un responsable",
}


def matched_by(codes: Sequence[str]) -> str:
    """Return why somebody was found: `nom proche, prénom d'un enfant`."""
    return ", ".join(
        f"{_FIELDS[code.removesuffix(_NEAR)]}{' proche' if code.endswith(_NEAR) else ''}"
        for code in codes
    )


def full_name(family: str, usage: str | None, given: str) -> str:
    """Return a name as the desk says it: given name, usage name, and the name of birth."""
    return (
        f"{given} {usage} (nom de naissance {family})"
        if usage and usage != family
        else (f"{given} {family}")
    )


def child_words(child: "ChildCard") -> str:
    """Return a child with its class, or that it is no longer enrolled, or not legally theirs."""
    name = f"{child.given_name} {child.usage_name or child.family_name}"
    if child.uai is None:
        return f"{name} (plus inscrit)"
    not_legal = "" if child.legal else ", sans responsabilité légale"
    return f"{name} ({child.class_label or 'sans classe'}{not_legal})"


def lines_of_account(one: "FoundAccount") -> list[str]:
    """Return the lines that show one result of `accounts find`."""
    lines = [_head(one)]
    schools = dict.fromkeys(f"{record.school} ({record.uai})" for record in one.records)
    if schools:
        lines.append(f"    {', '.join(schools)}")
    if one.children:
        lines.append(f"    Enfants : {', '.join(map(child_words, one.children))}")
    lines.append(f"    Trouvé par : {matched_by(one.matched_by)}")
    if one.account is None:
        lines.append(_opening(one))
    return lines


def _head(one: "FoundAccount") -> str:
    name = ""
    if one.records:
        record = one.records[0]
        name = full_name(record.family_name, record.usage_name, record.given_name)
    if one.account is None:
        return f"(sans compte)  {name}  fiche {one.records[0].id}"
    state = state_words(one.account.state, expired=one.account.expired)
    if one.account.principal:
        state += f", regroupé dans {one.account.principal}"
    return "  ".join(part for part in (one.account.identifier, name, f"[{state}]") if part)


def _opening(one: "FoundAccount") -> str:
    """Say how the account is opened, or why none can be: no child is theirs, or not legally."""
    uai = one.records[0].uai
    enrolled = [child for child in one.children if child.uai is not None]
    if enrolled and not any(child.legal for child in enrolled):
        return "    N'est responsable légal d'aucun élève inscrit : pas de compte."
    if enrolled:
        return f"    Pour l'ouvrir : educonnect-admin accounts generate --school {uai}"
    return (
        "    Aucun élève inscrit ne lui est rattaché ; voyez pourquoi : "
        f"educonnect-admin roster review --school {uai}"
    )


def lines_of_pupil(one: "FoundPupil") -> list[str]:
    """Return the lines that show one result of `pupils find`."""
    pupil = one.pupil
    name = full_name(pupil.family_name, pupil.usage_name, pupil.given_name)
    place = (
        f"{pupil.school} ({pupil.uai}), {pupil.class_label or 'sans classe'}"
        if pupil.uai
        else "plus inscrit"
    )
    return [
        f"{pupil.id}  {name}  {pupil.birth_date:%d/%m/%Y}  INE {pupil.ine or 'inconnu'}",
        f"    {place}",
        f"    Trouvé par : {matched_by(one.matched_by)}",
    ]


def advice_for_more(shown: int, more: int, *, about: bool) -> str:
    """Return how many more there are, and what would narrow the search."""
    number = f"environ {counted(more, 'autre')}" if about else counted(more, "autre")
    return (
        f"{counted(shown, 'réponse')} ; {number} aussi. Ajoutez un prénom, le prénom d'un enfant, "
        "ou cherchez par adresse mail, mobile ou INE ; --limit en montre davantage."
    )


def advice_for_nobody(what: str, words: int) -> str:
    """Return what to try when nobody was found."""
    if what == "mobile":
        return "Aucune école n'a donné ce mobile. Cherchez par le nom, ou par un autre numéro."
    if what == "email":
        return "Aucune école, aucun compte n'a cette adresse. Cherchez par le nom ou le mobile."
    if what == "ine":
        return "Aucun élève connu, ou aucun responsable pour lui. Cherchez par le nom."
    if not words:
        return "Tapez au moins un nom de deux lettres, un mobile, une adresse mail ou un INE."
    return (
        "Essayez avec moins de mots, l'autre nom (de naissance ou d'usage), ou le nom d'un enfant. "
        "Une personne que l'école n'a pas importée n'est pas ici : educonnect-admin roster review"
    )
