"""The evidence of a proposal to merge, in French: what speaks for one person, what against."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from educonnect_admin.queries.proposals import OpenProposal, ProposedRecord

EVIDENCE: Mapping[str, str] = {
    "given_same": "même prénom",
    "given_near": "prénoms proches : {given}",
    "given_part": "un prénom fait partie de l'autre : {given}",
    "given_initial": "prénom réduit à son initiale : {given}",
    "given_other": "prénoms différents : {given}",
    "names_swapped": "nom et prénom échangés",
    "family_same": "même nom de famille",
    "family_near": "noms proches : {family}",
    "family_part": "un nom fait partie de l'autre : {family}",
    "family_crossed": "nom de famille d'une fiche, nom d'usage de l'autre : {family}",
    "usage_same": "même nom d'usage, noms de famille différents",
    "family_other": "noms différents : {family}",
    "usage_other": "noms d'usage différents : {family}",
    "civility_other": "civilités différentes",
    "email_same": "même adresse mail",
    "email_near": "adresses mail presque pareilles",
    "email_other": "adresses mail différentes",
    "mobile_same": "même mobile",
    "mobile_near": "mobiles à un chiffre près",
    "mobile_other": "mobiles différents",
    "address_same": "même adresse",
    "address_near": "adresses presque pareilles",
    "street_same": "même rue, pas le même numéro",
    "place_same": "même commune",
    "address_other": "adresses différentes",
    "child_same": "un enfant en commun",
    "told_apart": "l'école les inscrit à part, avec d'autres coordonnées",
}
"""By code of `office.merging.evidence`; names only, never a contact."""


def evidence_words(proposal: "OpenProposal") -> tuple[list[str], list[str]]:
    """Return what speaks for one person and what against, the weightiest first."""
    ordered = sorted(proposal.evidence, key=lambda piece: -abs(piece[1]))
    return (
        [_said(code, proposal) for code, weight in ordered if weight > 0],
        [_said(code, proposal) for code, weight in ordered if weight < 0],
    )


def _said(code: str, proposal: "OpenProposal") -> str:
    one, other = proposal.one, proposal.other
    return EVIDENCE[code].format(
        given=f"{one.given_name}, {other.given_name}",
        family=f"{_surnames(one)}, {_surnames(other)}",
    )


def _surnames(record: "ProposedRecord") -> str:
    if record.usage_name is None:
        return record.family_name
    return f"{record.usage_name} (né(e) {record.family_name})"


def listed(texts: Iterable[str]) -> str:
    """Return pieces of evidence on one line."""
    return " ; ".join(texts)
