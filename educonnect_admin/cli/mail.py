"""`mail …`: emptying the outbox, and looking at what is in it."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.exit_codes import REMARKS
from educonnect_admin.cli.french import FrenchCommand, FrenchGroup
from educonnect_admin.cli.moments import in_paris
from educonnect_admin.cli.options import DryRun, Json, storable
from educonnect_admin.cli.speech import Speech, counted

if TYPE_CHECKING:
    from pathlib import Path

    from educonnect_admin.office.deliver_messages import Delivered, Foreseen
    from educonnect_admin.office.list_messages import Outbox
    from educonnect_admin.queries.outbox_list import ListedMessage

app = typer.Typer(
    cls=FrenchGroup, help="Les messages : mails et SMS qui attendent.", no_args_is_help=True
)

_SHOWN = 50


@app.command("deliver", cls=FrenchCommand)
def deliver(
    context: typer.Context,
    limit: Annotated[
        int | None,
        typer.Option("--limit", metavar="N", min=1, callback=storable, help="Au plus N messages."),
    ] = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Envoyer les messages qui attendent.

    À faire lancer souvent par le système (cron, systemd). Un mail qui ne part pas est essayé
    de nouveau, de plus en plus tard ; après neuf essais en trois jours, c'est un échec.
    """
    from educonnect_admin.office import deliver_messages as office

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    with desk.office() as services:
        room = services.mail_room()
        if dry_run:
            _tell_foreseen(speech, office.foresee_delivery(room, limit), room.folder)
            return
        expected = office.messages_due(room, limit) if speech.watched else 0
        with speech.progress("Messages", expected) as moved:
            delivered = office.deliver_outbox(room, limit=limit, done=moved)
    if delivered is None:
        speech.say("Un autre envoi est en cours : il s'occupe de tout, rien à faire ici.")
    _tell_delivered(speech, delivered, room.folder)


def _tell_delivered(speech: Speech, delivered: "Delivered | None", folder: "Path | None") -> None:
    from educonnect_admin.cli.mail_words import folder_sentence, trouble_sentence
    from educonnect_admin.office.deliver_messages import Delivered

    done = delivered or Delivered()
    if delivered is not None:
        _tell_counts(speech, delivered, folder)
    if done.sent and folder is not None:
        speech.warn(folder_sentence(folder))
    for one in done.troubles:
        speech.warn(trouble_sentence(one))
    speech.result(_for_programs(done, folder) | {"busy": delivered is None})
    if done.stopped_by is not None:
        raise done.stopped_by  # after the result: what was sent was sent
    if done.troubles:
        raise typer.Exit(REMARKS)


def _for_programs(done: "Delivered", folder: "Path | None") -> dict[str, Any]:
    counts = ("sent", "deferred", "failed", "maybe_double", "cancelled", "waiting")
    troubles = [
        {
            "message": one.message_id,
            "kind": one.kind,
            "account": one.identifier,
            "state": one.state,
            "error": one.error,
            "maybe_double": one.maybe_double,
            "letter_voided": one.voided,
        }
        for one in done.troubles
    ]
    return {
        **{name: getattr(done, name) for name in counts},
        "folder": folder,
        "stopped": done.stopped_by is not None,
        "troubles": troubles,
    }


def _tell_counts(speech: Speech, done: "Delivered", folder: "Path | None") -> None:
    one, several = ("message envoyé", "messages envoyés")
    if folder is not None:
        one, several = ("message rangé dans le dossier", "messages rangés dans le dossier")
    parts = [
        (done.sent, counted(done.sent, one, several)),
        (done.deferred, f"{done.deferred} à réessayer plus tard"),
        (done.failed, f"{done.failed} en échec"),
        (done.cancelled, counted(done.cancelled, "annulé", "annulés")),
    ]
    told = ", ".join(words for number, words in parts if number)
    if not told and not done.waiting:
        speech.say("Aucun message n'attend.")
        return
    still = f" {counted(done.waiting, 'message attend', 'messages attendent')}." * bool(
        done.waiting
    )
    nothing = "Aucun message à envoyer maintenant" if done.stopped_by is None else "Aucun envoi"
    speech.say(f"{told or nothing}.{still}")


def _tell_foreseen(speech: Speech, foreseen: "Foreseen", folder: "Path | None") -> None:
    from educonnect_admin.cli.mail_words import folder_sentence, reason_words

    speech.say("Essai : rien n'a été envoyé ni écrit.")
    speech.say(
        f"{counted(foreseen.to_send, 'message partirait', 'messages partiraient')}, "
        f"{counted(foreseen.cancelled, 'serait annulé', 'seraient annulés')}, "
        f"sur {foreseen.waiting} en attente."
    )
    if foreseen.to_send and folder is not None:
        speech.warn(folder_sentence(folder))
    for number, code in foreseen.troubles:
        speech.warn(f"Message n° {number} : il ne partirait pas, {reason_words(code)}.")
    speech.result(
        {
            "dry_run": True,
            "to_send": foreseen.to_send,
            "cancelled": foreseen.cancelled,
            "waiting": foreseen.waiting,
            "folder": folder,
            "troubles": [{"message": number, "error": code} for number, code in foreseen.troubles],
        }
    )


@app.command("list", cls=FrenchCommand)
def list_outbox(
    context: typer.Context,
    failed: Annotated[
        bool, typer.Option("--failed", help="Seulement les échecs des trente derniers jours.")
    ] = False,
    addresses: Annotated[
        bool, typer.Option("--addresses", help="Montrer aussi à qui, tant que c'est en attente.")
    ] = False,
    json: Json = False,
) -> None:
    """Lister les messages en attente, en échec ou en double.

    Les échecs et les doubles sont ceux des trente derniers jours. Ce que disent les messages
    n'est jamais montré.
    """
    from educonnect_admin.edge import clock
    from educonnect_admin.office.list_messages import list_messages

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    with desk.office(*(["--addresses"] if addresses else [])) as services:
        outbox = list_messages(
            services.reading,
            services.postbox,
            clock(),
            failed_only=failed,
            with_addresses=addresses,
        )
    _tell_outbox(speech, outbox, failed_only=failed)


def _tell_outbox(speech: Speech, outbox: "Outbox", *, failed_only: bool) -> None:
    if not outbox.messages:
        waiting = "" if failed_only else "n'attend, aucun "
        speech.say(f"Aucun message {waiting}n'est en échec.")
    shown = outbox.messages[:_SHOWN]
    speech.table(*_columns([_row(one, outbox.addresses) for one in shown]))
    if len(outbox.messages) > len(shown):
        speech.show(f"… et {len(outbox.messages) - len(shown)} autres : --json les donne tous.")
    if outbox.messages:
        speech.show(
            f"{outbox.waiting} en attente, {outbox.failed} en échec, "
            f"{outbox.maybe_double} peut-être en double."
        )
    speech.result(
        {
            "messages": [_for_program(one, outbox.addresses) for one in outbox.messages],
            "waiting": outbox.waiting,
            "failed": outbox.failed,
            "maybe_double": outbox.maybe_double,
        }
    )


def _row(message: "ListedMessage", addresses: dict[int, str]) -> dict[str, object]:
    from educonnect_admin.cli.mail_words import KINDS, reason_words, standing

    due = in_paris(message.due_at, "%d/%m %H:%M")
    return {
        "N°": message.id,
        "Message": KINDS[message.kind],
        "Compte": message.identifier or "",
        "À": addresses.get(message.id, ""),
        "État": standing(message),
        "Essais": message.attempts,
        "Prochain": due if message.state == "waiting" else "",
        "Raison": reason_words(message.error) if message.error else "",
    }


def _columns(rows: list[dict[str, object]]) -> tuple[list[str], list[list[object]]]:
    """Return headings and rows without the columns that say nothing: a terminal is narrow."""
    headings = [name for name in (rows[0] if rows else {}) if any(row[name] != "" for row in rows)]
    return headings, [[row[name] for name in headings] for row in rows]


def _for_program(message: "ListedMessage", addresses: dict[int, str]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": message.id,
        "kind": message.kind,
        "channel": message.channel,
        "account": message.identifier,
        "state": message.state,
        "created_at": message.created_at.isoformat(),
        "due_at": message.due_at.isoformat(),
        "attempts": message.attempts,
        "error": message.error,
        "maybe_double": message.maybe_double,
        "ended_at": message.ended_at.isoformat() if message.ended_at else None,
    }
    if addresses:
        told["to"] = addresses.get(message.id)
    return told
