"""What is said of a letter template that can't be used."""

from collections.abc import Mapping

from educonnect_admin.domain.errors import BadTemplate, EduConnectError, MissingGlyph, TextOverflow

_REASONS: Mapping[str, tuple[str, str]] = {
    "syntax": (
        "la syntaxe du modèle n'est pas comprise",
        "vérifiez les accolades {{ … }} et {% … %}",
    ),
    "unknown_variable": (
        "cette variable n'existe pas",
        "les variables possibles sont listées dans docs/templates.fr.md",
    ),
    "forbidden": (
        "cette instruction n'est pas permise dans un modèle de courrier",
        "n'utilisez que du texte, des variables, if, for et include",
    ),
    "unknown_file": (
        "ce fichier ne remplace aucune partie du courrier",
        "donnez-lui le nom d'une partie, ou retirez-le",
    ),
    "missing_file": (
        "ce dossier ou cette partie est introuvable",
        "vérifiez son nom, ou celui que demande include",
    ),
    "encoding": ("le fichier n'est pas en UTF-8", "enregistrez-le en UTF-8"),
    "too_long": ("le texte est trop long pour un courrier d'une page", "raccourcissez-le"),
    "fields": (
        "toutes les zones attendues n'y sont pas, ou l'une y est deux fois",
        "reprenez les lignes du modèle fourni et ne changez que les mots",
    ),
    "overflow": ("le texte ne tient pas à sa place", "raccourcissez-le"),
    "glyph": (
        "la police des courriers n'a pas certains de ces signes",
        "remplacez-les par d'autres",
    ),
}


def template_sentence(error: BadTemplate) -> str:
    """Return one French sentence: which file, which line, what, and what to do."""
    what, remedy = _REASONS[error.reason]
    where = f"{error.template}, ligne {error.line}" if error.line else error.template
    detail = f" («{error.what}»)" if error.what else ""
    return f"{where} : {what}{detail} ; {remedy}."


def problem_sentence(error: EduConnectError) -> str:
    """Return the sentence of anything that a check of templates reports."""
    if isinstance(error, BadTemplate):
        return template_sentence(error)
    if isinstance(error, TextOverflow):
        return f"{error.place} : le texte ne tient pas à sa place ; raccourcissez-le."
    if isinstance(error, MissingGlyph):
        return (
            f"{error.place} : la police n'a pas ces signes : {error.characters} ; "
            "remplacez-les par d'autres."
        )
    raise TypeError(type(error).__name__)
