"""What is said of SIECLE alone: its numbers that lead nowhere, its XML, its archives."""

from collections.abc import Mapping

from educonnect_admin.rosters.problems import ProblemCode, UnreadableReason

Said = tuple[str, str]
"""A fact, and what to do about it; see `roster_words`."""

_THERE = "dans SIECLE, puis exportez de nouveau"
_EXPORT = "exportez ElevesSansAdresses et ResponsablesAvecAdresses depuis SIECLE, au format XML"
_ONDE = "dans ONDE, Listes et documents > Extractions"

PROBLEMS: Mapping[ProblemCode, Said] = {
    ProblemCode.SEVERAL_CLASSES: (
        "plusieurs divisions pour un élève : «{value}»",
        f"l'élève est pris sans classe ; gardez-lui une division {_THERE}",
    ),
    ProblemCode.BAD_LEAVING_DATE: (
        "date de sortie illisible : «{value}»",
        f"l'élève est pris ; corrigez-la {_THERE}",
    ),
    ProblemCode.UNCLEAR_LEGAL_LEVEL: (
        "rien ne dit si ce responsable est légal pour un de ses enfants",
        f"il ne compte pas pour lui comme responsable légal ; précisez-le {_THERE}",
    ),
    ProblemCode.OWN_GUARDIAN: (
        "cet élève est son propre responsable",
        "rien à faire : il n'aura pas de compte de responsable",
    ),
    ProblemCode.POINTS_NOWHERE: (
        "ce numéro ne mène à personne ni à rien dans le fichier : «{value}»",
        "ce qui s'y rapporte est ignoré ; exportez de nouveau, et voyez si cela revient",
    ),
    ProblemCode.SOURCE_ID_OF_ANOTHER: (
        "ce numéro est déjà celui d'une autre personne, lue à {other}",
        f"vérifiez les deux fiches {_THERE}",
    ),
}

UNREADABLE: Mapping[UnreadableReason, Said] = {
    UnreadableReason.XML: (
        "est un fichier XML qui ne vient pas de SIECLE",
        f"Pour un collège ou un lycée, {_EXPORT} ; pour une école, en CSV {_ONDE}.",
    ),
    UnreadableReason.NOBODY_IN_SIECLE: (
        "est un fichier de SIECLE où il n'y a personne",
        "Donnez-le avec ElevesSansAdresses, dans la même commande.",
    ),
    UnreadableReason.OTHER_SCHOOL: (
        "est le fichier d'un autre établissement que les élèves : «{what}»",
        "Retirez-le, ou exportez-le de nouveau depuis SIECLE pour le bon établissement.",
    ),
    UnreadableReason.PROTECTED_ARCHIVE: (
        "est une archive protégée par un mot de passe",
        "Ouvrez-la, puis indiquez les fichiers qu'elle contient.",
    ),
    UnreadableReason.DAMAGED_ARCHIVE: (
        "est une archive abîmée",
        f"Téléchargez-la de nouveau : {_EXPORT}.",
    ),
    UnreadableReason.ILL_FORMED_XML: (
        "n'est pas du XML bien formé : il a été modifié, ou abîmé",
        f"Ne l'ouvrez pas avec un autre logiciel : {_EXPORT}.",
    ),
    UnreadableReason.TRUNCATED_XML: (
        "est coupé, sa fin manque",
        f"Téléchargez-le de nouveau : {_EXPORT}.",
    ),
    UnreadableReason.XML_ENTITIES: (
        "contient des déclarations (DOCTYPE) que SIECLE n'écrit jamais",
        "Ne l'ouvrez pas, et demandez d'où il vient.",
    ),
    UnreadableReason.OVERSIZED_XML: (
        "est démesuré : un texte, une balise ou une liste n'y finit pas",
        "Ne l'ouvrez pas, et demandez d'où il vient.",
    ),
    UnreadableReason.NOBODY: (
        "est bien un export de SIECLE, mais il n'y a personne dedans",
        "Exportez tout l'établissement, sans filtre.",
    ),
}
