"""Made-up families, to look at letters and to try templates on."""

from datetime import date

from educonnect_admin.letters.content import (
    BatchHeading,
    ChildLine,
    LetterContent,
    SchoolHeading,
    SlipLine,
)

PASSWORD = "SPECIMEN"  # noqa: S105 - no draw can give it: it holds an I and vowels (R-3)

_SCHOOL = "École élémentaire Jules-Ferry"
_NURSERY = "École maternelle Pauline-Kergomard"
_COLLEGE = "Collège intercommunal Anatole-France"

HEADING = BatchHeading(
    school=SchoolHeading(
        name=_SCHOOL,
        city="Villeneuve-sur-Exemple",
        phone="01 99 00 12 34",
        email="ecole.jules-ferry@exemple.fr",
    ),
    class_label="CE1 A",
    batch=12,
    portal_url="https://educonnect.exemple.fr",
    created_on=date(2026, 10, 12),
    last_day=date(2027, 1, 12),
)

BARE_HEADING = BatchHeading(
    school=SchoolHeading(name="École", city=None, phone=None, email=None),
    class_label=None,
    batch=1,
    portal_url="https://educonnect.exemple.fr",
    created_on=date(2026, 3, 1),
    last_day=date(2026, 6, 1),
)


def _child(name: str, school: str, label: str | None) -> ChildLine:
    return ChildLine(name=name, school=school, class_label=label)


_LEA = _child("Léa DUPONT", _SCHOOL, "CE1 A")
_LONG = _child(
    "Marie-Amélie-Éléonore-Victoire de LA ROCHEFOUCAULD-MONTBEL d'ARENBERG",
    "Groupe scolaire intercommunal du Haut-Pays d'Exemple et de la Vallée des Marronniers",
    "CE1-CE2 (classe de Mme Grandchamp)",
)

ONE_CHILD = LetterContent(
    number="BCDFGHJKMNPQ",
    holder="M. Patrick DUPONT",
    address=("12 bis rue de la République", "99300 VILLENEUVE-SUR-EXEMPLE"),
    carrier=_LEA,
    children=(_LEA,),
    identifier="patrick.dupont1",
)
FOUR_CHILDREN = LetterContent(
    number="RSTVWXZ23456",
    holder="Mme Céline DUPONT",
    address=("Résidence des Tilleuls", "Appartement 12", "3 rue des Lilas", "99320 EXEMPLE"),
    carrier=_LEA,
    children=(
        _LEA,
        _child("Enzo DUPONT", _SCHOOL, "CM2 B"),
        _child("Maëli DUPONT", _NURSERY, "PS-MS"),
        _child("Nguyễn Ştefan DUPONT", _COLLEGE, "6e 3"),
    ),
    identifier="celine.dupont114",
)
LONGEST_NAME = LetterContent(
    number="789BCDFGHJKM",
    holder="Mme Marie-Antoinette-Joséphine de LA ROCHEFOUCAULD-MONTBEL d'ARENBERG",
    address=(
        "Résidence du Grand Parc des Expositions",
        "Bâtiment C, escalier 4, appartement 1207",
        "145 avenue du Maréchal-de-Lattre-de-Tassigny",
        "99130 SAINT-PIERRE-EN-EXEMPLE CEDEX",
    ),
    carrier=_LONG,
    children=(_LONG, _LEA),
    identifier="marie-antoinette-josephine.de-la-rochefoucauld-montbel-darenberg",
)
NOTHING_KNOWN = LetterContent(
    number="NPQRSTVWXZ23",
    holder="Mme MARTIN",
    address=(),
    carrier=_child("Zoé MARTIN", _SCHOOL, None),
    children=(_child("Zoé MARTIN", _SCHOOL, None),),
    identifier="responsable",
)
LETTERS = (ONE_CHILD, FOUR_CHILDREN, LONGEST_NAME)

SLIP = (
    SlipLine(pupil="Léa DUPONT", guardian="M. Patrick DUPONT"),
    SlipLine(pupil="Léa DUPONT", guardian="Mme Céline DUPONT"),
    SlipLine(pupil="Zoé MARTIN", guardian="Mme MARTIN", remark="déjà notifiée"),
)
