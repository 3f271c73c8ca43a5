"""The words of a campaign's report: states, figures, advice; the page and the workbook agree."""

from collections.abc import Mapping
from typing import NamedTuple

from educonnect_admin.domain.campaigns import CampaignKind, Figure, FileKind, SchoolState

TITLES = {
    CampaignKind.LETTERS: "Bilan de la campagne de courriers",
    CampaignKind.IMPORT: "Bilan de la campagne d'import",
}
STATE_WORDS = {
    SchoolState.DONE: "Terminée",
    SchoolState.REMARKS: "À regarder",
    SchoolState.FAILED: "En échec",
    SchoolState.LEFT: "Pas finie",
}
STATES_WORDS = {
    SchoolState.DONE: "terminées",
    SchoolState.REMARKS: "à regarder",
    SchoolState.FAILED: "en échec",
    SchoolState.LEFT: "pas finies",
}
"""The same of several schools, after their number; of one, the word above."""
TO_SEE = (SchoolState.FAILED, SchoolState.REMARKS, SchoolState.LEFT)
"""What somebody has to look at, the worst first."""
STATE_HEADING = "État"
FILE_HEADINGS = ("Dernier jour", "Dossier", "Fichiers")
FILE_WORDS = {FileKind.LETTERS: "Courriers", FileKind.SLIP: "Bordereau"}


_NARROWER = {
    "Responsables": "Resp.", "Corrections": "Corr.", "Remarques": "Remar\u00adques",
    "modifiés": "modi\u00adfiés", "refusées": "refu\u00adsées", "Inchangées": "Inchan\u00adgées",
    "gardées": "gar\u00addées", "trancher": "tran\u00adcher",
}  # fmt: skip


class Words(NamedTuple):
    """The heading of a figure, and what it counts."""

    heading: str
    meaning: str

    @property
    def narrow(self) -> str:
        """The heading where there is little room; its longest words may be broken."""
        return " ".join(_NARROWER.get(word, word) for word in self.heading.split())


FIGURE_WORDS: Mapping[Figure, Words] = {
    Figure.LETTERS: Words("Faits cette fois", "Courriers que cette campagne a faits."),
    Figure.ACCOUNTS: Words("Comptes ouverts", "Responsables qui n'avaient pas encore de compte."),
    Figure.UNPRINTABLE: Words("Sans courrier", "Le courrier ne tient pas dans sa page."),
    Figure.TO_REISSUE: Words("À refaire", "Courriers annulés, à faire de nouveau."),
    Figure.WAITING: Words("En attente", "Fichiers finis, qui attendent leur nom dans le dossier."),
    Figure.OPEN_FOLDER: Words("Dossiers ouverts", "Écoles dont d'autres peuvent lire le dossier."),
    Figure.ROWS: Words("Lignes lues", "Lignes des fichiers de l'école."),
    Figure.UNCHANGED: Words(
        "Inchangées", "Écoles dont les fichiers n'ont pas changé : ils n'ont pas été relus."
    ),
    Figure.PUPILS_NEW: Words("Élèves arrivés", "Élèves que la base n'avait pas."),
    Figure.PUPILS_CHANGED: Words("Élèves modifiés", "Élèves dont quelque chose a changé."),
    Figure.PUPILS_DEPARTED: Words("Élèves partis", "Élèves que le fichier n'a plus."),
    Figure.GUARDIANS_NEW: Words("Responsables arrivés", "Responsables que la base n'avait pas."),
    Figure.GUARDIANS_CHANGED: Words(
        "Responsables modifiés", "Responsables dont quelque chose a changé."
    ),
    Figure.GUARDIANS_DEPARTED: Words(
        "Responsables partis", "Responsables que le fichier n'a plus."
    ),
    Figure.REFUSED: Words(
        "Lignes refusées", "Pas entrées dans la base ; leur raison : feuille Remarques."
    ),
    Figure.KEPT: Words("Corrections gardées", "Écoles dont le bureau contredit le fichier."),
    Figure.NO_PUPILS_FILE: Words("Sans élèves", "Écoles dont seuls des responsables sont venus."),
    Figure.AMBIGUOUS: Words("À trancher", "Liens ambigus, dans roster review."),
    Figure.ROW_REMARKS: Words("Remarques", "Lignes prises, à vérifier : feuille Remarques."),
}

ADVICE: Mapping[CampaignKind, Mapping[SchoolState, str]] = {
    CampaignKind.LETTERS: {
        SchoolState.FAILED: (
            "Corrigez la cause si elle est dite, puis relancez la même commande : elle reprend "
            "ces écoles et ne refait pas les autres."
        ),
        SchoolState.REMARKS: (
            "Ce qui est publié dans ces écoles est valable. Il reste à faire ce qui suit."
        ),
        SchoolState.LEFT: (
            "La campagne s'est arrêtée avant leur fin. Relancez la même commande : elle ne fait "
            "que ce qui manque."
        ),
    },
    CampaignKind.IMPORT: {
        SchoolState.FAILED: (
            "Corrigez la cause si elle est dite, puis relancez la même commande : "
            "importer deux fois ne change rien aux autres."
        ),
        SchoolState.REMARKS: (
            "Ces écoles sont importées. Il reste à corriger ce qui est dit de chacune."
        ),
        SchoolState.LEFT: (
            "La campagne s'est arrêtée avant leur fin. Relancez la même commande : importer deux "
            "fois ne change rien."
        ),
    },
}
"""What to do about the schools that are not simply done."""

LEFT_OUT_TITLES = {
    CampaignKind.LETTERS: "Lignes d'aucune école",
    CampaignKind.IMPORT: "Fichiers d'aucune école",
}
LEFT_OUT_ADVICE = {
    CampaignKind.LETTERS: "Ces lignes de la liste ne disent pas d'école : rien n'en a été fait.",
    CampaignKind.IMPORT: (
        "Ces fichiers n'ont pas été lus. Rangez-les dans un dossier qui porte le numéro UAI de "
        "leur école, ou mettez-le dans leur nom, puis relancez la même commande."
    ),
}
SILENT_TITLE = "Écoles du bureau sans fichier"
SILENT_ADVICE = (
    "Aucun fichier de ces écoles n'était dans le dossier : ce que la base savait d'elles n'a pas "
    "changé."
)

ADVICE_FOR_ONE: Mapping[CampaignKind, Mapping[SchoolState, str]] = {
    CampaignKind.LETTERS: {
        SchoolState.FAILED: (
            "Corrigez la cause si elle est dite, puis relancez la même commande : elle reprend "
            "cette école et ne refait pas les autres."
        ),
        SchoolState.REMARKS: "Ce qui est publié dans cette école est valable. Faites le reste.",
        SchoolState.LEFT: "Relancez la même commande : elle ne fait que ce qui manque.",
    },
    CampaignKind.IMPORT: {
        SchoolState.FAILED: (
            "Corrigez la cause si elle est dite, puis relancez la même commande : "
            "importer deux fois ne change rien aux autres."
        ),
        SchoolState.REMARKS: "Cette école est importée. Il reste à corriger ce qui est dit.",
        SchoolState.LEFT: "Relancez la même commande : importer deux fois ne change rien.",
    },
}
"""The same, beside one school."""
NOT_REACHED = "La campagne s'est arrêtée avant la fin de cette école."

MEANINGS = {SchoolState.DONE: "Tout est fait, rien n'est à regarder."}
"""What it is where there is nothing to do."""

STANDING = Words(
    "Dans le dossier", "Courriers qui sont dans les dossiers, de cette fois et d'avant."
)
