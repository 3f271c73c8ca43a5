"""`accounts find`, `pupils find`: from what a person says to who it is."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.options import Json
from educonnect_admin.cli.speech import counted

if TYPE_CHECKING:
    from educonnect_admin.office.find_accounts import FoundAccount
    from educonnect_admin.office.find_pupils import FoundPupil

Text = Annotated[
    list[str],
    typer.Argument(
        metavar="TEXTE",
        help="Nom, prénom, enfant, identifiant, adresse mail, mobile ou INE ; dans n'importe quel "
        "ordre, avec ou sans guillemets.",
    ),
]
Limit = Annotated[
    int, typer.Option("--limit", metavar="N", min=1, max=500, help="Au plus N réponses (20).")
]


def find_account(context: typer.Context, text: Text, limit: Limit = 20, json: Json = False) -> None:
    """Chercher un compte par ce qu'un parent peut dire de lui. Les petites fautes sont permises."""
    from educonnect_admin.cli.finding_words import advice_for_nobody, lines_of_account
    from educonnect_admin.edge import clock
    from educonnect_admin.office.find_accounts import find_accounts

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    with desk.office() as services, services.reading() as session:
        found = find_accounts(session, " ".join(text), limit=limit, now=clock())
    if found.guessed and found.accounts:
        speech.say(
            "Personne n'a cette adresse mail ; voici qui porte des noms qui lui ressemblent."
        )
    for one in found.accounts:
        speech.show("\n".join(lines_of_account(one)))
    speech.say(_count(len(found.accounts), found.more, about=found.about))
    speech.result(
        {
            "accounts": [_account(one) for one in found.accounts],
            "more": found.more,
            "searched_as": found.what.value,
            "guessed": found.guessed,
        }
    )
    if not found.accounts:
        speech.say(advice_for_nobody(found.what.value, found.words))


def find_pupil(context: typer.Context, text: Text, limit: Limit = 20, json: Json = False) -> None:
    """Chercher un élève par son nom, son INE ou un de ses responsables."""
    from educonnect_admin.cli.finding_words import advice_for_nobody, lines_of_pupil
    from educonnect_admin.office.find_pupils import find_pupils

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    with desk.office() as services, services.reading() as session:
        found = find_pupils(session, " ".join(text), limit=limit)
    for one in found.pupils:
        speech.show("\n".join(lines_of_pupil(one)))
    speech.say(_count(len(found.pupils), found.more, about=found.about))
    speech.result(
        {
            "pupils": [_pupil(one) for one in found.pupils],
            "more": found.more,
            "searched_as": found.what.value,
        }
    )
    if not found.pupils:
        speech.say(advice_for_nobody(found.what.value, found.words))


def _count(shown: int, more: int, *, about: bool) -> str:
    from educonnect_admin.cli.finding_words import advice_for_more

    if not shown:
        return "Personne n'a été trouvé."
    if not more:
        return f"{counted(shown, 'réponse')}."
    return advice_for_more(shown, more, about=about)


def _account(one: "FoundAccount") -> dict[str, Any]:
    record = one.records[0] if one.records else None
    account = one.account
    return {
        "identifier": account.identifier if account else None,
        "state": account.state.value if account else None,
        "notification_expired": bool(account and account.expired),
        "principal": account.principal if account else None,
        "family_name": record.family_name if record else None,
        "usage_name": record.usage_name if record else None,
        "given_name": record.given_name if record else None,
        "schools": [
            {"uai": uai, "name": name}
            for uai, name in dict.fromkeys((each.uai, each.school) for each in one.records)
        ],
        "children": [
            {
                "id": child.id,
                "family_name": child.family_name,
                "usage_name": child.usage_name,
                "given_name": child.given_name,
                "school": child.uai,
                "class": child.class_label,
                "legal": child.legal,
            }
            for child in one.children
        ],
        "guardian_ids": [each.id for each in one.records],
        "score": one.score,
        "matched_by": list(one.matched_by),
    }


def _pupil(one: "FoundPupil") -> dict[str, Any]:
    pupil = one.pupil
    return {
        "id": pupil.id,
        "ine": pupil.ine,
        "family_name": pupil.family_name,
        "usage_name": pupil.usage_name,
        "given_names": pupil.given_name,
        "birth_date": pupil.birth_date,
        "class": pupil.class_label,
        "school": pupil.uai,
        "level": pupil.level,
        "score": one.score,
        "matched_by": list(one.matched_by),
    }
