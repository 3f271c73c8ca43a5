"""Made-up people and messages, to try templates on before anybody is written to."""

from collections.abc import Mapping

from educonnect_admin.domain.messages import MessageKind

Values = Mapping[str, object]

_PORTAL: Values = {"portal_url": "https://educonnect.exemple.fr"}
_HOLDER: Values = {**_PORTAL, "holder": "Mme Céline DUPONT"}
_SCHOOL = {
    "name": "École élémentaire Jules-Ferry",
    "city": "Villeneuve-sur-Exemple",
    "phone": "01 99 00 12 34",
    "email": "ecole.jules-ferry@exemple.fr",
}
_BARE_SCHOOL = {"name": "École", "city": None, "phone": None, "email": None}
_LEA = {"name": "Léa DUPONT", "school": "École élémentaire Jules-Ferry", "class": "CE1 A"}
_ENZO = {"name": "Enzo DUPONT", "school": "Collège Anatole-France", "class": None}
_REMINDER: Values = {
    **_HOLDER,
    "school": _SCHOOL,
    "children": [_LEA, _ENZO],
    "identifier": "celine.dupont114",
}


def _link(path: str, hours: int) -> Values:
    """Return what every mail with a link says."""
    return {
        **_HOLDER,
        "link": f"{_PORTAL['portal_url']}/{path}/{'Xy7-' * 10}abc",
        "hours": hours,
        "request_number": "BCDF2345",
        "new_email": "celine.dupont@exemple.org",
    }


SPECIMENS: Mapping[MessageKind, tuple[Values, ...]] = {
    MessageKind.LETTER: tuple(
        {
            **_REMINDER,
            "school": school,
            "password": "SPECIMEN",
            "number": "BCDFGHJKMNPQ",
            "created_on": "2026-10-12",
            "last_day": "2027-01-12",
        }
        for school in (_SCHOOL, _BARE_SCHOOL)
    ),
    MessageKind.REMINDER: (_REMINDER, {**_REMINDER, "school": _BARE_SCHOOL}),
    MessageKind.CHILD_ADDED: (
        {**_HOLDER, "school": _SCHOOL, "child": _LEA},
        {**_HOLDER, "school": _BARE_SCHOOL, "child": _ENZO},
    ),
    MessageKind.ACTIVATION_CODE: (
        {"code": "482915", "minutes": 30, "host": "educonnect.exemple.fr"},
        {"code": "482915", "minutes": 30, "host": None},
    ),
    MessageKind.EMAIL_TO_CONFIRM: (_link("confirmation", 72),),
    MessageKind.EMAIL_CHANGE: (_link("confirmation", 72),),
    MessageKind.EMAIL_CHANGE_TOLD: ({**_HOLDER, "new_email": "celine.dupont@exemple.org"},),
    MessageKind.IDENTIFIERS: (
        {**_HOLDER, "identifiers": ["celine.dupont114"]},
        {**_PORTAL, "holder": "", "identifiers": ["celine.dupont114", "jean.dupont"]},
    ),
    MessageKind.PASSWORD_RESET: (_link("mot-de-passe", 1),),
    MessageKind.PASSWORD_CHANGED: (_HOLDER,),
    MessageKind.FRANCECONNECT_LINKED: (_HOLDER,),
}
"""What each kind of message says: everything that is known, and as little as may be known."""
