"""`schools …`: adding schools, importing a list of them, listing them."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.exit_codes import REFUSED, REMARKS
from educonnect_admin.cli.french import FrenchCommand, FrenchGroup
from educonnect_admin.cli.options import DryRun, Json
from educonnect_admin.cli.speech import Speech, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from educonnect_admin.office.add_school import Registered
    from educonnect_admin.queries.school_list import SchoolLine
    from educonnect_admin.rosters.schools import SchoolList, SchoolProblem

MOST_SHOWN = 20
"""Schools of a list that are shown to a person; a program gets them all."""

app = typer.Typer(cls=FrenchGroup, help="Les écoles du bureau.", no_args_is_help=True)


def _checked_email(text: str | None) -> str | None:
    from educonnect_admin.rosters.cells import parse_email

    if not text:
        return None
    found, problem = parse_email(text)
    if problem is not None:
        raise typer.BadParameter(text)
    return found


def _at_most(longest: int) -> Callable[[str | None], str | None]:
    """Return what refuses a text that the database has no room for, or an empty one."""

    def check(text: str | None) -> str | None:
        if text is not None and not 0 < len(text.strip()) <= longest:
            raise typer.BadParameter(text)
        return text

    return check


Name = Annotated[str, typer.Argument(metavar="NOM", help="Nom de l'école.", callback=_at_most(200))]
City = Annotated[
    str | None,
    typer.Option("--city", metavar="VILLE", help="Ville.", callback=_at_most(100)),
]
Kind = Annotated[
    str | None,
    typer.Option(
        "--kind", metavar="TYPE", help="Type, ex. École élémentaire.", callback=_at_most(40)
    ),
]
Email = Annotated[
    str | None,
    typer.Option("--email", metavar="ADRESSE", help="Adresse mail.", callback=_checked_email),
]
Phone = Annotated[
    str | None,
    typer.Option("--phone", metavar="NUMÉRO", help="Téléphone.", callback=_at_most(20)),
]
TimeZone = Annotated[
    str | None,
    typer.Option(
        "--time-zone",
        metavar="FUSEAU",
        help="Fuseau horaire, si ce n'est pas celui du département, ex. Pacific/Marquesas.",
    ),
]


@app.command("add", cls=FrenchCommand)
def add(
    context: typer.Context,
    uai: Annotated[str, typer.Argument(metavar="UAI", help="Numéro UAI, ex. 0752387M.")],
    name: Name,
    city: City = None,
    kind: Kind = None,
    email: Email = None,
    phone: Phone = None,
    time_zone: TimeZone = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Ajouter une école, ou mettre à jour ce qu'on sait d'elle. Peut être répété."""
    from educonnect_admin.edge import clock
    from educonnect_admin.office.add_school import SchoolFacts, add_school
    from educonnect_admin.queries.school_list import school_lines

    desk: Desk = context.obj
    facts = SchoolFacts(uai, name, kind, city, email, phone, time_zone)
    with desk.office() as services, services.transaction(dry_run=dry_run) as session:
        done = add_school(session, facts, services.author(clock()))
        lines = school_lines(session, {done.uai})
    tell(desk.speech(json=json), [done], lines, dry_run=dry_run)


@app.command("import", cls=FrenchCommand)
def import_(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FICHIER",
            help="CSV ou XLSX : UAI, Nom, et si possible Ville, Courriel, Téléphone, Type, "
            "Fuseau ; ou l'annuaire de l'éducation en données ouvertes.",
        ),
    ],
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Ajouter toutes les écoles d'une liste. Peut être répété."""
    from educonnect_admin.edge import clock
    from educonnect_admin.office.import_schools import import_schools
    from educonnect_admin.queries.school_list import school_lines

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    schools = _read(speech, file)
    for problem in schools.problems[:MOST_SHOWN]:
        speech.warn(f"{file.name}, {school_problem_sentence(problem)}")
    if len(schools.problems) > MOST_SHOWN:
        more = counted(len(schools.problems) - MOST_SHOWN, "autre remarque", "autres remarques")
        speech.warn(f"{file.name} : … et {more}.")
    if schools.refused and not schools.rows:
        speech.warn(
            f"Toutes les lignes ont été refusées ({schools.refused}) : rien n'a été écrit. "
            "Corrigez-les dans la liste, puis recommencez."
        )
        raise typer.Exit(REFUSED)
    with desk.office() as services, services.transaction(dry_run=dry_run) as session:
        done = import_schools(session, schools, services.author(clock()))
        lines = school_lines(session, {registered.uai for registered in done})
    tell(speech, done, lines, schools, dry_run=dry_run)
    if schools.refused:
        raise typer.Exit(REMARKS)


def _read(speech: Speech, file: Path) -> "SchoolList":
    """Read a list; that it lacks the columns of one is told in words of its own."""
    from educonnect_admin.domain.errors import UnreadableFile
    from educonnect_admin.rosters.problems import UnreadableReason
    from educonnect_admin.rosters.schools import read_schools

    try:
        return read_schools(file)
    except UnreadableFile as error:
        if error.reason not in {
            UnreadableReason.UNKNOWN_HEADINGS,
            UnreadableReason.MISSING_HEADING,
        }:
            raise
    speech.warn(
        f"Le fichier «{file.name}» n'est pas une liste d'écoles. Il faut au moins les colonnes "
        "UAI et Nom."
    )
    raise typer.Exit(REFUSED)


@app.command("list", cls=FrenchCommand)
def list_(context: typer.Context, json: Json = False) -> None:
    """Montrer les écoles du bureau."""
    from educonnect_admin.queries.school_list import school_lines

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    with desk.office() as services, services.reading() as session:
        lines = school_lines(session)
    _table(speech, lines)
    if not lines:
        speech.say('Aucune école. Ajoutez-en une : educonnect-admin schools add UAI "Nom"')
    speech.result({"schools": [_as_json(line) for line in lines]})


def tell(
    speech: Speech,
    done: "Sequence[Registered]",
    lines: "Sequence[SchoolLine]",
    schools: "SchoolList | None" = None,
    *,
    dry_run: bool,
) -> None:
    """Tell which schools were added or changed, and what comes next."""
    from educonnect_admin.office.add_school import SchoolVerdict

    counts = {
        verdict: sum(registered.verdict is verdict for registered in done)
        for verdict in SchoolVerdict
    }
    refused = schools.refused if schools else 0
    if dry_run:
        speech.say("Essai : rien n'a été écrit.")
    _table_of_new(speech, done, lines)
    added = counts[SchoolVerdict.ADDED]
    said = [
        counted(added, "école ajoutée", "écoles ajoutées"),
        counted(counts[SchoolVerdict.CHANGED], "mise à jour", "mises à jour"),
        counted(counts[SchoolVerdict.UNCHANGED], "déjà connue", "déjà connues"),
    ]
    if refused:
        said.append(counted(refused, "ligne refusée", "lignes refusées"))
    speech.say(", ".join(said) + ".")
    speech.say(f"Ensuite : educonnect-admin {_next_step(lines)}")
    speech.result(
        {
            "schools": [_as_json(line) for line in lines],
            **{str(verdict): number for verdict, number in counts.items()},
            "refused": refused,
            "dry_run": dry_run,
        }
    )


def _next_step(lines: "Sequence[SchoolLine]") -> str:
    if len(lines) > MOST_SHOWN:
        return "roster import-all DOSSIER (un sous-dossier par école, nommé par son numéro UAI)"
    school = lines[0].uai if len(lines) == 1 else "UAI"
    return f"roster import ELEVES RESPONSABLES --school {school}"


def _table_of_new(
    speech: Speech, done: "Sequence[Registered]", lines: "Sequence[SchoolLine]"
) -> None:
    """Show the schools that were added or changed, the first of many; one alone in any case."""
    from educonnect_admin.office.add_school import SchoolVerdict

    known = {one.uai for one in done if one.verdict is SchoolVerdict.UNCHANGED}
    shown = [line for line in lines if line.uai not in known] if len(lines) > 1 else lines
    _table(speech, shown[:MOST_SHOWN])
    if len(shown) > MOST_SHOWN:
        more = counted(len(shown) - MOST_SHOWN, "autre", "autres")
        speech.say(f"… et {more} ; schools list les montre toutes.")


def school_problem_sentence(problem: "SchoolProblem") -> str:
    """Return what is wrong with the row of a school, and what to do."""
    from educonnect_admin.rosters.schools import SchoolFault

    shape = "sept chiffres et une lettre, par exemple 0752387M"
    letter = f"la lettre de contrôle devrait être {problem.expected}" if problem.expected else shape
    words = {
        SchoolFault.BAD_UAI: f"refusée : «{problem.value}» n'est pas un numéro UAI ; {letter}",
        SchoolFault.REPEATED_UAI: f"refusée : l'école {problem.value} est déjà plus haut",
        SchoolFault.NO_NAME: "refusée : le nom de l'école manque",
        SchoolFault.NAME_TOO_LONG: "refusée : le nom de l'école a plus de 200 signes",
        SchoolFault.UNKNOWN_TIME_ZONE: f"refusée : «{problem.value}» n'est pas un fuseau horaire "
        "connu ; par exemple Indian/Reunion",
        SchoolFault.BAD_EMAIL: f"adresse mail écartée : «{problem.value}» ; corrigez-la",
        SchoolFault.TEXT_TOO_LONG: "une cellule trop longue a été écartée",
    }
    return f"ligne {problem.line} : {words[problem.fault]}."


def _table(speech: Speech, lines: "Sequence[SchoolLine]") -> None:
    speech.table(
        ["UAI", "Nom", "Ville", "Académie", "Élèves"],
        [
            (line.uai, line.name, line.city, f"{_academy(line)} ({line.academy_code})", line.pupils)
            for line in lines
        ],
    )


def _academy(line: "SchoolLine") -> str:
    from educonnect_admin.domain.academies import academy_by_code

    academy = academy_by_code(line.academy_code)
    return academy.name if academy else line.academy_code


def _as_json(line: "SchoolLine") -> dict[str, object]:
    return {
        "uai": line.uai,
        "name": line.name,
        "kind": line.kind,
        "city": line.city,
        "academy": line.academy_code,
        "academy_name": _academy(line),
        "email": line.email,
        "phone": line.phone,
        "time_zone": line.time_zone,
        "pupils": line.pupils,
    }
