"""`roster review` and `roster review resolve`: what waits for a person, and their answers."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from educonnect_admin.cli.changing import carry_out_with
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.french import FrenchCommand, FrenchGroup
from educonnect_admin.cli.options import (
    DryRun,
    Json,
    Reason,
    Yes,
    filled,
    storable,
    tidy_reason,
)

if TYPE_CHECKING:
    from educonnect_admin.office.answering.answers import Answer

app = typer.Typer(cls=FrenchGroup, invoke_without_command=True)


class Kind(StrEnum):
    """The choices of `--kind`, as typed and as JSON names them."""

    AMBIGUOUS_LINK = "ambiguous_link"
    AMBIGUOUS_GUARDIAN = "ambiguous_guardian"
    NO_CHILD = "no_child"
    MERGE_PROPOSAL = "merge_proposal"


@app.callback()
def review(
    context: typer.Context,
    school: Annotated[
        str | None,
        typer.Option("--school", metavar="UAI", help="Une seule école, par son numéro UAI."),
    ] = None,
    kind: Annotated[
        Kind | None,
        typer.Option(
            "--kind",
            help="Une seule sorte : lien ambigu, responsable ambigu, responsable sans enfant, "
            "proposition de réunir deux fiches.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Montrer ce que personne ne peut deviner, et y répondre avec resolve.

    Liens ambigus, responsables sans enfant, fiches qui sont peut-être d'une seule personne : avec
    les raisons, et la commande qui répond.
    """
    if context.invoked_subcommand is not None:
        return
    from educonnect_admin.cli.review_report import tell_queue
    from educonnect_admin.queries.proposals import open_proposals
    from educonnect_admin.queries.review import open_questions
    from educonnect_admin.queries.schools import school_by_uai

    desk: Desk = context.obj
    with desk.office() as services, services.reading() as session:
        school_id = school_by_uai(session, school).id if school else None
        questions, proposals = open_questions(session, school_id), []
        if kind in {None, Kind.MERGE_PROPOSAL}:
            proposals = open_proposals(session, school_id)
    if kind is not None:
        questions = [question for question in questions if question.kind.value == kind.value]
    tell_queue(desk.speech(json=json), questions, proposals)


Numbers = Annotated[
    list[int],
    typer.Argument(metavar="NUMERO…", help="Les numéros des questions, une même réponse."),
]
Pupil = Annotated[
    str | None,
    typer.Option("--pupil", metavar="ELEVE", help="L'enfant est cet élève : son INE ou numéro."),
]
Nobody = Annotated[bool, typer.Option("--none", help="L'enfant n'est aucun élève de l'école.")]
Record = Annotated[
    int | None,
    typer.Option(
        "--record", metavar="FICHE", callback=storable, help="Le responsable est cette fiche."
    ),
]
New = Annotated[bool, typer.Option("--new", help="Le responsable n'a pas encore de fiche.")]
Same = Annotated[bool, typer.Option("--same", help="Les deux fiches sont une seule personne.")]
Keep = Annotated[
    str | None,
    typer.Option(
        "--keep",
        metavar="IDENTIFIANT",
        help="Avec --same : le compte qui reste. À défaut, celui qui sert déjà.",
    ),
]
Different = Annotated[
    bool, typer.Option("--different", help="Ce sont deux personnes : plus jamais proposé.")
]
Reopen = Annotated[
    bool,
    typer.Option("--reopen", help="Retirer la réponse donnée : la question attend de nouveau."),
]


@app.command("resolve", cls=FrenchCommand)
def resolve(
    context: typer.Context,
    numbers: Numbers,
    reason: Reason,
    pupil: Pupil = None,
    none: Nobody = False,
    record: Record = None,
    new: New = False,
    same: Same = False,
    keep: Keep = None,
    different: Different = False,
    reopen: Reopen = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Répondre à des questions de la file ; ce qui a sa réponse n'est plus demandé."""
    from educonnect_admin.cli.answer_report import answered_as_json, foreseen, tell_answers
    from educonnect_admin.office.resolve_questions import resolve_questions

    desk: Desk = context.obj
    speech, why = desk.speech(json=json), tidy_reason(reason)
    chosen = {"--pupil": filled(pupil, "--pupil"), "--record": record}
    said = {"--none": none, "--new": new, "--same": same, "--different": different}
    answer = _answer({**chosen, **said, "--reopen": reopen}, filled(keep, "--keep"))
    done = carry_out_with(
        desk,
        speech,
        lambda services, session, author: resolve_questions(
            session, numbers, answer, reason=why, author=author, announcer=services.announcer
        ),
        foreseen,
        yes=yes,
        dry_run=dry_run,
    )
    tell_answers(speech, done, dry_run=dry_run)
    speech.result(answered_as_json(done, dry_run=dry_run))


def _answer(given: "dict[str, str | int | bool | None]", keep: str | None) -> "Answer":
    """Return the one answer that was typed.

    Raises:
        NoAnswer: no option answers.
        ContradictoryOptions: several do, or `--keep` goes with none that keeps.
    """
    from educonnect_admin.domain.desk_errors import ContradictoryOptions, NoAnswer
    from educonnect_admin.office.answering.answers import Answer, AnswerKind

    typed = {
        option: value for option, value in given.items() if not (value is None or value is False)
    }
    if not typed:
        raise NoAnswer
    if len(typed) > 1:
        raise ContradictoryOptions(*typed)
    ((option, value),) = typed.items()
    if keep is not None and option != "--same":
        raise ContradictoryOptions(option, "--keep")
    kind = AnswerKind(option.removeprefix("--"))
    if kind is AnswerKind.SAME:
        return Answer(kind, keep)
    return Answer(kind, None if value is True else str(value))
