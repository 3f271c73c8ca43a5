"""`letters resend`: a new letter for one person, on paper or by e-mail."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from educonnect_admin.cli.agreeing import agree, is_asked
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.encrypting import CLOSED_WORDS, Encrypt, asked_protection
from educonnect_admin.cli.exit_codes import REMARKS
from educonnect_admin.cli.folder_warnings import warn_of_folder
from educonnect_admin.cli.french import FrenchCommand
from educonnect_admin.cli.options import DryRun, Json, Reason, Yes, filled, tidy_reason, usage_error
from educonnect_admin.cli.recovering import REISSUE, WAITING, tell_recovered
from educonnect_admin.cli.speech import Speech, counted
from educonnect_admin.domain.errors import EduConnectError

if TYPE_CHECKING:
    from educonnect_admin.domain.trail import Author
    from educonnect_admin.office.mail_letter import Addressed, Mailed, MailRoom
    from educonnect_admin.office.printing.print_room import PrintRoom
    from educonnect_admin.office.printing.recipient import Recipient
    from educonnect_admin.office.recover_letters import Recovered
    from educonnect_admin.office.resend_letter import Resent


Output = Annotated[
    str | None, typer.Option("--output", metavar="DOSSIER", help="Sur papier : où ranger le PDF.")
]
Email = Annotated[
    bool, typer.Option("--email", help="Par mail, à l'adresse vérifiée ou connue de l'école.")
]
From = Annotated[
    str | None,
    typer.Option(
        "--school", metavar="UAI", help="L'école qui écrit ; par défaut, celle du dernier courrier."
    ),
]


@dataclass(frozen=True)
class Asked:
    """What is asked for, and by whom; the clock is read again once the desk has agreed."""

    account: tuple[str, str | None] = field(repr=False)
    reason: str = field(repr=False)
    author: "Callable[[], Author]"
    yes: bool
    dry_run: bool


def register(app: typer.Typer) -> None:
    """Add the command to `letters`."""
    app.command("resend", cls=FrenchCommand)(resend)


def resend(
    context: typer.Context,
    identifier: Annotated[
        str, typer.Argument(metavar="IDENTIFIANT", help="L'identifiant du compte.")
    ],
    reason: Reason,
    output: Output = None,
    email: Email = False,
    school: From = None,
    encrypt: Encrypt = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Refaire le courrier d'une personne : le mot de passe d'avant ne marche plus aussitôt.

    Un compte activé dont l'adresse mail est confirmée ne reçoit qu'un rappel, sans mot de passe.
    """
    from educonnect_admin.edge import clock

    if output is None and not email:
        raise usage_error("Missing option --output ou --email.")
    if email and (output is not None or encrypt):
        raise usage_error("Got unexpected extra argument (--email)")
    desk: Desk = context.obj
    speech = desk.speech(json=json)
    uai, folder = filled(school, "--school"), filled(output, "--output")
    why = tidy_reason(reason)
    with desk.office(*(["--output"] if folder else [])) as services:
        protection = asked_protection(services, encrypt=encrypt and not dry_run)
        room = services.print_room(clock(), protection)
        asked = Asked((identifier, uai), why, lambda: services.author(clock()), yes, dry_run)
        if folder:
            warn_of_folder(speech, Path(folder), encrypt=encrypt)
            on_paper(speech, room, asked, Path(folder), closed=encrypt)
        else:
            from educonnect_admin.messages.press import MessagePress
            from educonnect_admin.office.mail_letter import MailRoom

            mails_to = services.mail_room().folder  # refused now if nothing could ever leave
            templates = MessagePress(services.settings.templates_dir)
            mail = MailRoom(room=room, postbox=services.postbox, templates=templates)
            by_mail(speech, mail, asked, mails_to)


def on_paper(
    speech: Speech, room: "PrintRoom", asked: Asked, folder: Path, *, closed: bool
) -> None:
    """Show, ask, print the letter, tell where it is."""
    from educonnect_admin.office.resend_letter import foresee_paper, resend_on_paper

    recipient = foresee_paper(room, *asked.account)
    shown = "\n".join([*_whose(recipient), f"Nouveau courrier : sur papier, dans {folder}"])
    if asked.dry_run:
        _tell_dry_run(speech, shown, recipient, {"files": [_planned_file(recipient)]})
        return
    agree(speech, shown, yes=asked.yes)
    room = replace(room, author=asked.author())
    with _recovery_told(speech) as recovered:
        agreed = recipient.at(room.author.now)
        resent = resend_on_paper(room, agreed, folder, reason=asked.reason, recovered=recovered)
    _tell_printed(speech, resent)
    if closed:
        speech.say(CLOSED_WORDS)


def by_mail(speech: Speech, mail: "MailRoom", asked: Asked, folder: Path | None) -> None:
    """Show, ask, put the letter in the outbox, tell how it leaves."""
    from educonnect_admin.office.mail_letter import foresee_mail, resend_by_mail

    addressed = foresee_mail(mail, *asked.account)
    shown = "\n".join([*_whose(addressed.recipient), *_where(addressed)])
    if asked.dry_run:
        told = {"mailed_to": addressed.address.email}
        _tell_dry_run(speech, shown, addressed.recipient, told)
        return
    agree(speech, shown, yes=asked.yes)
    if not is_asked(speech, yes=asked.yes):  # who was not shown it is told all the same
        for line in _shared(addressed):
            speech.warn(line)
    mail = replace(mail, room=replace(mail.room, author=asked.author()))
    with _recovery_told(speech) as recovered:
        agreed = replace(addressed, recipient=addressed.recipient.at(mail.room.author.now))
        mailed = resend_by_mail(mail, agreed, reason=asked.reason, recovered=recovered)
    _tell_mailed(speech, mailed, folder)


@contextmanager
def _recovery_told(speech: Speech) -> "Iterator[Recovered]":
    """Tell what was recovered before anything was printed, whether that went well or not."""
    from educonnect_admin.office.recover_letters import Recovered

    recovered = Recovered()
    try:
        yield recovered
    except EduConnectError:
        tell_recovered(speech, recovered)
        raise


def _whose(recipient: "Recipient") -> list[str]:
    """Return whom the desk is about to write to, and what will no longer work."""
    from educonnect_admin.letters.naming import addressed

    one = recipient.subject
    lines = [
        f"Compte : {one.identifier} ({addressed(one.civility, one.given_name, one.surname)})",
        f"École : {recipient.school.heading.name} ({recipient.school.uai})",
    ]
    if not recipient.gets_letter:
        return [*lines, "Compte activé, adresse confirmée : rappel seulement, sans mot de passe."]
    former = recipient.in_hand
    if former and former.is_live:
        lines.append(
            f"Le courrier du {former.created_on:%d/%m/%Y} (valable jusqu'au "
            f"{former.last_day:%d/%m/%Y}) ne marchera plus."
        )
    if recipient.loses_own_password:
        lines.append(
            "Le mot de passe choisi par le responsable et ses connexions seront annulés : il "
            "recommencera avec le nouveau courrier."
        )
    return lines


def _where(addressed: "Addressed") -> list[str]:
    source = (
        "adresse confirmée par le responsable"
        if addressed.address.guardian_id is None
        else "adresse connue de l'école : vérifiez-la avec le responsable"
    )
    return [f"Par mail à {addressed.address.email} ({source})", *_shared(addressed)]


def _shared(addressed: "Addressed") -> list[str]:
    if not addressed.shared_with:
        return []
    others = counted(
        addressed.shared_with, "autre compte ou fiche a", "autres comptes ou fiches ont"
    )
    return [
        f"Attention : {others} cette adresse. Qui la lit pourra ouvrir le compte ; dans le "
        "doute, préférez le papier (--output)."
    ]


def _facts(recipient: "Recipient") -> dict[str, object]:
    return {
        "identifier": recipient.subject.identifier,
        "school": recipient.school.uai,
        "reminder": not recipient.gets_letter,
    }


def _planned_file(recipient: "Recipient") -> dict[str, object]:
    label = recipient.school_class.label
    return {"path": None, "class": label, "letters": 1, "pages": 1, "sha256": None}


def _carrier(recipient: "Recipient") -> str:
    child = recipient.subject.carrier
    label = f", classe {child.class_label}" if child.class_label else ""
    return f"{child.given_name} {child.surname}{label}"


def _tell_dry_run(
    speech: Speech, shown: str, recipient: "Recipient", told: Mapping[str, object]
) -> None:
    speech.say("Essai : rien n'a été écrit ni envoyé, aucun mot de passe n'a été tiré.")
    speech.show(shown)
    speech.result({"dry_run": True, "batch": None, **_facts(recipient), **told})


def _tell_printed(speech: Speech, resent: "Resent") -> None:
    from educonnect_admin.dates_in_words import in_words
    from educonnect_admin.domain.letters import FileState

    tell_recovered(speech, resent.recovered)
    file = resent.file
    state, taken_back = file.settled.state, list(file.settled.to_reissue)
    if state is FileState.PUBLISHED:
        speech.say(f"Courrier prêt : {file.path}")
        speech.say(f"À remettre à {_carrier(resent.recipient)}.")
        if resent.recipient.in_hand:
            speech.say("Le mot de passe d'avant ne marche plus.")
        speech.say(f"Dernier jour de validité : {in_words(resent.last_day)}.")
        speech.say("Il contient un mot de passe : imprimez-le, remettez-le, puis effacez-le.")
    elif state is FileState.COMMITTED:
        speech.warn(WAITING.format(path=file.path))
    if taken_back:
        speech.warn(REISSUE + ", ".join(taken_back))
    published = state is FileState.PUBLISHED
    speech.result(
        {
            "batch": resent.batch_id,
            **_facts(resent.recipient),
            "last_day": resent.last_day.isoformat(),
            "files": [
                {**_planned_file(resent.recipient), "path": str(file.path), "sha256": file.sha256}
            ]
            if published
            else [],
            "waiting": [str(file.path)] if state is FileState.COMMITTED else [],
            "to_reissue": [*resent.recovered.to_reissue, *taken_back],
        }
    )
    if not published or resent.recovered.to_reissue:
        raise typer.Exit(REMARKS)


def _tell_mailed(speech: Speech, mailed: "Mailed", folder: Path | None) -> None:
    from educonnect_admin.cli.mail_words import folder_sentence
    from educonnect_admin.dates_in_words import in_words

    tell_recovered(speech, mailed.recovered)
    what = "Courrier" if mailed.last_day else "Rappel, sans mot de passe,"
    speech.say(f"{what} à envoyer à {mailed.addressed.address.email}.")
    if mailed.last_day:
        speech.say("Le mot de passe d'avant ne marche plus.")
        speech.say(f"Dernier jour de validité : {in_words(mailed.last_day)}.")
    speech.say("Il part avec la prochaine tournée (cron), ou tout de suite par :")
    speech.say("  educonnect-admin mail deliver")
    if folder is not None:
        speech.warn(folder_sentence(folder))
    speech.result(
        {
            "batch": None,
            **_facts(mailed.addressed.recipient),
            "mailed_to": mailed.addressed.address.email,
            "last_day": mailed.last_day.isoformat() if mailed.last_day else None,
            "message": mailed.message_id,
            "shared_with": mailed.addressed.shared_with,
            "to_reissue": mailed.recovered.to_reissue,
        }
    )
    if mailed.recovered.to_reissue:
        raise typer.Exit(REMARKS)
