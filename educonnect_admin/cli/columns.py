"""`roster columns`: what each column of a file is taken for, and saying it otherwise."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.exit_codes import REMARKS
from educonnect_admin.cli.french import FrenchCommand
from educonnect_admin.cli.options import Json, usage_error
from educonnect_admin.cli.speech import Speech

if TYPE_CHECKING:
    from educonnect_admin.rosters.columns import Columns
    from educonnect_admin.rosters.heading_rows import HeadingRow
    from educonnect_admin.rosters.vocabulary import Field

STATES = {
    "kept": "retenue pour l'école",
    "sure": "reconnue",
    "proposed": "à confirmer",
    "unknown": "pas lue",
}
COMMENT = """\
Ce que contiennent les colonnes des fichiers de l'école {school},
quand leurs titres ne suffisent pas.
À gauche le titre de la colonne, à droite ce qu'elle contient :
  élève : nom, prénom, nom et prénom, date de naissance, classe, niveau, INE
  responsable 1, responsable 2, père ou mère : nom, prénom, mail, mobile, adresse,
    code postal, ville
  responsable : les mêmes, quand chaque ligne est celle d'un seul responsable
  ignorée : la colonne n'est pas lue
Écrit par «educonnect-admin roster columns --school {school} --set "TITRE=CONTENU"»,
qui réécrit tout ce fichier ; vous pouvez aussi le corriger à la main."""
Place = tuple[Path, "HeadingRow"]
Files = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[FICHIER…]",
        help="Les fichiers de l'école, en CSV, XLSX, ODS ou XLS.",
        show_default=False,
    ),
]
School = Annotated[
    str | None,
    typer.Option("--school", metavar="UAI", help="L'école pour laquelle retenir les colonnes."),
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar='"TITRE=CONTENU"',
        help='Dire ce que contient une colonne, ex. "Tél. maman=mère : mobile" ; plusieurs fois '
        "si besoin.",
    ),
]
Forget = Annotated[bool, typer.Option("--forget", help="Oublier d'abord tout ce qui est retenu.")]


def register(app: typer.Typer) -> None:
    """Give the command to the group of rosters."""
    app.command("columns", cls=FrenchCommand)(columns)


def columns(
    context: typer.Context,
    files: Files = None,
    school: School = None,
    said: Set = None,
    forget: Forget = False,
    json: Json = False,
) -> None:
    """Montrer ce que contient chaque colonne, et le dire quand son titre ne suffit pas."""
    from educonnect_admin.cli.kept_columns import columns_path
    from educonnect_admin.rosters.columns import NOTHING_SAID
    from educonnect_admin.rosters.columns_file import read_columns

    _refuse_senseless(files or [], school, said or [], forget=forget)
    desk: Desk = context.obj
    speech = desk.speech(json=json)
    path = columns_path(desk.settings(), school) if school else None
    kept = NOTHING_SAID if path is None or forget else read_columns(path)
    asked = _fields(speech, said or [])
    changed = kept.with_fields(asked)
    places = _places(speech, files or [], changed, asked)
    changed = changed.spelt_as(heading for _, row in places for heading in row.headings)
    if path is not None and (forget or asked):
        _keep(path, changed, school or "", is_new=bool(asked))
    for file, row in places:
        _tell(speech, file, row, changed)
    _tell_end(speech, path, changed, places, is_changed=forget or bool(asked))
    speech.result(_as_json(school, path, changed, places))
    if any(row.layout is None for _, row in places):
        raise typer.Exit(REMARKS)


def _refuse_senseless(
    files: Sequence[Path], school: str | None, said: Sequence[str], *, forget: bool
) -> None:
    if school is None and (said or forget):
        raise usage_error("Missing option --school.")
    if not files and school is None:
        raise usage_error("Missing argument FICHIER….")


def _fields(speech: Speech, said: Sequence[str]) -> dict[str, "Field"]:
    """Return the fields that somebody says headings are.

    Raises:
        BadParameter: what is said is no field.
    """
    from educonnect_admin.domain.names import tidy
    from educonnect_admin.rosters.field_names import all_names, field_called

    found = {}
    for text in said:
        heading, sign, name = text.rpartition("=")
        field = field_called(name.strip()) if sign else None
        if field is None or not tidy(heading):
            speech.warn(
                f"Une colonne peut contenir : {', '.join(all_names())} ; précédé, s'il le "
                "faut, de : élève, responsable 1, responsable 2, père, mère."
            )
            raise typer.BadParameter(text, param_hint="--set")
        found[tidy(heading)] = field
    return found


def _places(
    speech: Speech, files: Sequence[Path], changed: "Columns", asked: Mapping[str, "Field"]
) -> "list[Place]":
    """Read the headings of the files.

    Raises:
        UnreadableFile: a file can't be read.
        BadParameter: something is said of a heading that stands in none of them.
    """
    from educonnect_admin.domain.names import name_key
    from educonnect_admin.rosters.heading_rows import read_heading_rows

    places = [(file, row) for file in files for row in read_heading_rows(file, changed)]
    there = {name_key(heading) for _, row in places for heading in row.headings}
    for heading in asked:
        if places and name_key(heading) not in there:
            speech.warn(f"Aucun de ces fichiers n'a de colonne «{heading}».")
            raise typer.BadParameter(heading, param_hint="--set")
    return places


def _keep(path: Path, changed: "Columns", school: str, *, is_new: bool) -> None:
    from educonnect_admin.domain.uai import parse_uai
    from educonnect_admin.rosters.columns_file import write_columns

    if is_new:
        write_columns(path, changed, comment=COMMENT.format(school=parse_uai(school)))
    else:
        path.unlink(missing_ok=True)


def _state(heading: str, row: "HeadingRow", said: "Columns") -> tuple[str, str]:
    """Return what a heading is read as or proposed for, in French, and how sure that is."""
    from educonnect_admin.rosters.columns import propose
    from educonnect_admin.rosters.field_names import french_name
    from educonnect_admin.rosters.rows import FileKind

    if (kept := said.field_of(heading)) is not None:
        return french_name(kept), "kept"
    if code := row.field_code(heading, said):
        is_pupil = row.layout is not None and row.layout.kind is FileKind.FAMILIES
        return field_in_french(f"pupil.{code}" if is_pupil and "." not in code else code), "sure"
    if (proposed := propose(heading)) is not None:
        return french_name(proposed), "proposed"
    return "", "unknown"


def field_in_french(code: str) -> str:
    """Return the words for a field's code, of a guardians' children too."""
    from educonnect_admin.rosters.field_names import french_name
    from educonnect_admin.rosters.vocabulary import Field

    return french_name(Field.of_code(code.replace("child_", "pupil.")))


def _tell(speech: Speech, file: Path, row: "HeadingRow", said: "Columns") -> None:
    from educonnect_admin.cli.reading_report import KINDS
    from educonnect_admin.cli.roster_words import unreadable_sentence
    from educonnect_admin.rosters.read import unreadable

    name = f"{file.name}, feuille «{row.part}»" if row.part else file.name
    lines = [(heading, *_state(heading, row, said)) for heading in row.headings]
    speech.table(
        ("Colonne", "Contenu", "État"),
        [(heading, content, STATES[state]) for heading, content, state in lines],
        title=f"{name} (titres à la ligne {row.line})",
    )
    if row.layout is not None:
        speech.show(f"Reconnu : fichier des {KINDS[row.layout.kind]}.")
    elif row.why_not is not None:
        speech.warn(unreadable_sentence(unreadable(file, row.why_not)))
    for heading, content, state in lines:
        if state == "proposed":
            speech.warn(f'  Si c\'est bien cela, ajoutez : --set "{heading}={content}"')


def _tell_end(
    speech: Speech,
    path: Path | None,
    changed: "Columns",
    places: "Sequence[Place]",
    *,
    is_changed: bool,
) -> None:
    if path is None:
        return
    if is_changed:
        kept = f"Retenu dans {path}." if changed else "Plus rien n'est retenu pour cette école."
        speech.say(kept)
    elif not places:
        from educonnect_admin.rosters.field_names import french_name

        rows = [(heading, french_name(field)) for heading, field in changed.fields.items()]
        speech.table(("Colonne", "Contenu"), rows, title=str(path))
        if not rows:
            speech.say("Rien n'est retenu pour cette école : les titres suffisent, ou manquent.")
    if places and (absent := changed.absent_from(h for _, row in places for h in row.headings)):
        named = ", ".join(f"«{heading}»" for heading in absent)
        speech.warn(f"Colonnes retenues pour l'école, mais absentes de ces fichiers : {named}.")


def _as_json(
    school: str | None, path: Path | None, changed: "Columns", places: "Sequence[Place]"
) -> dict[str, Any]:
    files = []
    for file, row in places:
        found = []
        for heading in row.headings:
            content, state = _state(heading, row, changed)
            found.append({"heading": heading, "content": content, "state": state})
        files.append({
            "path": str(file),
            "part": row.part,
            "line": row.line,
            "kind": str(row.layout.kind) if row.layout else None,
            "columns": found,
        })  # fmt: skip
    return {
        "school": school,
        "kept_in": str(path) if path and changed else None,
        "kept": {heading: field.code for heading, field in changed.fields.items()},
        "files": files,
    }
