"""What is wrong with the tables that schools make themselves: the fact, and what to do."""

from collections.abc import Mapping

from educonnect_admin.rosters.problems import ProblemCode, UnreadableReason

_AS_XLSX = "Ouvrez-le dans un tableur et enregistrez-le en .xlsx, .ods ou .csv."
COLUMNS = "dites ce que contient chaque colonne avec «roster columns»."

PROBLEMS: Mapping[ProblemCode, tuple[str, str]] = {
    ProblemCode.DAY_OR_MONTH: (
        "jour et mois se confondent : «{value}» se lit dans les deux sens, et d'autres dates de "
        "la colonne sont écrites mois d'abord ou ont été retournées par un tableur",
        "exportez de nouveau sans passer par un tableur, ou écrivez la colonne en jj/mm/aaaa "
        "après l'avoir vérifiée",
    ),
    ProblemCode.MONTH_FIRST_DATES: (
        "des dates commencent par le mois ({value}) : elles sont refusées, les autres sont lues "
        "jour d'abord",
        "vérifiez dans cette colonne les dates dont le jour et le mois sont au plus 12",
    ),
    ProblemCode.NAME_NOT_SPLIT: (
        "impossible de dire où finit le nom et où commence le prénom : «{value}»",
        "écrivez le nom en majuscules (DURAND Alice), ou faites deux colonnes, Nom et Prénom",
    ),
    ProblemCode.PUPIL_AGAIN: (
        "élève déjà lu à {other} ; les responsables de cette ligne s'ajoutent",
        "rien à faire",
    ),
    ProblemCode.GROUP_ROW: (
        "ligne d'un groupe, pas d'une classe : «{value}»",
        "rien à faire si l'élève est aussi dans une classe",
    ),
    ProblemCode.CELL_ERROR: (
        "la cellule montre une erreur de tableur, elle est lue comme vide : «{value}»",
        "corrigez la formule, élargissez la colonne ou écrivez la valeur elle-même",
    ),
    ProblemCode.SEVERAL_MOBILES: (
        "plusieurs mobiles dans une cellule : «{value}»",
        "le premier est pris ; n'en laissez qu'un si ce n'est pas le bon",
    ),
    ProblemCode.GUARDIAN_UNREADABLE: (
        "responsable écarté, son nom ou son prénom ne peut pas être lu : «{value}»",
        "l'élève est pris ; écrivez le nom et le prénom de ce responsable, le nom en majuscules",
    ),
}

UNREADABLE: Mapping[UnreadableReason, tuple[str, str]] = {
    UnreadableReason.OLD_DOCUMENT: (
        "est un ancien document de bureau, mais pas un classeur lisible", _AS_XLSX
    ),
    UnreadableReason.BINARY_WORKBOOK: ("est un classeur binaire (.xlsb)", _AS_XLSX),
    UnreadableReason.HOSTILE_XML: (
        "est un classeur piégé : il déclare des entités XML, ce qu'aucun tableur n'écrit",
        "Ne l'ouvrez pas, et demandez d'où il vient.",
    ),
    UnreadableReason.HIDDEN_SHEET: (
        "n'a d'en-têtes connus que sur une feuille masquée",
        "Ouvrez-le, affichez cette feuille, enregistrez-le et recommencez.",
    ),
    UnreadableReason.PROPOSED_HEADING: (
        "n'a pas de colonne «{what}», mais une colonne «{near}» qui y ressemble",
        f"Corrigez ce titre, ou {COLUMNS}",
    ),
}  # fmt: skip
