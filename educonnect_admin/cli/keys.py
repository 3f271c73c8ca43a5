"""`keys …`: which keys seal the secrets of the office, a new one, forgetting the former ones."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from educonnect_admin.cli.agreeing import agree
from educonnect_admin.cli.changing import REHEARSED
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.exit_codes import REMARKS
from educonnect_admin.cli.french import FrenchCommand, FrenchGroup
from educonnect_admin.cli.key_words import ROLE_WORDS, counts_in_words, needs_sentence
from educonnect_admin.cli.moments import in_paris
from educonnect_admin.cli.options import DryRun, Json, ReasonToChange, Yes, reason_to_change
from educonnect_admin.cli.speech import Speech, counted

if TYPE_CHECKING:
    from datetime import datetime

    from educonnect_admin.gateways.keys import Keyring
    from educonnect_admin.office.keeping_keys.key_room import KeyRoom
    from educonnect_admin.office.keeping_keys.seal_anew import SealedAnew
    from educonnect_admin.queries.key_needs import Need

app = typer.Typer(
    cls=FrenchGroup, help="Les clés qui scellent les secrets de la base.", no_args_is_help=True
)
_COPY = (
    "Copiez aussitôt {path} là où vous gardez vos copies, et sur chaque serveur qui ouvre cette "
    "base."
)


@app.command("list", cls=FrenchCommand)
def list_keys(context: typer.Context, json: Json = False) -> None:
    """Montrer les clés, ce que chacune scelle, et ce qui a encore besoin des anciennes."""
    from educonnect_admin.edge import clock
    from educonnect_admin.office.keeping_keys.needs import needs_of_older_keys, sealed_by_key
    from educonnect_admin.opening import key_room

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    with desk.office() as services:
        room = key_room(services, clock())
        keys = _shown(services.keyring, sealed_by_key(room))
        since = services.keyring.held.since
        needs = needs_of_older_keys(room)
        path = services.keyring.path
    speech.show(f"Fichier de clé : {path}")
    speech.table(
        ["Clé", "Rôle", "Depuis", "Scelle"],
        [
            (one["id"], ROLE_WORDS[one["role"]], _day(since.get(one["id"])), one["seals"])
            for one in keys
        ],
    )
    if needs:
        counts, until = _summed(needs)
        speech.show(f"Ont encore besoin d'une ancienne clé : {needs_sentence(counts, until)}.")
    speech.result({"key_file": str(path), "keys": keys, "needs": _for_program(needs)})


@app.command("rotate", cls=FrenchCommand)
def rotate(
    context: typer.Context,
    reason: ReasonToChange = None,
    prepare: Annotated[
        bool,
        typer.Option(
            "--prepare",
            help="Tirer la clé sans s'en servir encore : le temps de copier le fichier sur les "
            "autres serveurs.",
        ),
    ] = False,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Changer de clé : la nouvelle scelle, et rescelle tout, sans le mot de passe de personne.

    Rien ne s'arrête : courriers, sessions et liens valent toujours. L'ancienne clé reste dans le
    fichier jusqu'à keys retire.
    """
    from educonnect_admin.edge import clock
    from educonnect_admin.office.keeping_keys.needs import sealed_by_key
    from educonnect_admin.opening import key_room

    desk: Desk = context.obj
    speech, why = desk.speech(json=json), reason_to_change(reason, dry_run=dry_run)
    with desk.office() as services:
        room = key_room(services, clock())
        sealed = sum(sealed_by_key(room).values())
        shown = "Une clé sera tirée." if prepare else f"À resceller : {counted(sealed, 'secret')}."
        if dry_run:
            speech.say(f"{REHEARSED} {shown}")
            speech.result({"dry_run": True, "key": None, "to_seal": sealed})
            return
        agree(speech, shown, yes=yes)
        if prepare:
            _prepare(speech, room)
        else:
            _turn(speech, room, why, sealed)


def _prepare(speech: Speech, room: "KeyRoom") -> None:
    from educonnect_admin.office.keeping_keys.turn_key import prepare_next_key

    key_id = prepare_next_key(room)
    speech.say(f"La clé {key_id} est prête ; relancez keys rotate pour vous en servir.")
    _finish(speech, room.keyring, {"key": key_id, "prepared": True})


def _turn(speech: Speech, room: "KeyRoom", reason: str, sealed: int) -> None:
    from educonnect_admin.domain.delays import CONFIRMATION_LIFE
    from educonnect_admin.office.keeping_keys.needs import GRACE
    from educonnect_admin.office.keeping_keys.turn_key import turn_key

    with speech.progress("Secrets rescellés", sealed) as moved:
        turned = turn_key(room, reason=reason, progress=moved)
    speech.say(f"La clé {turned.key_id} est en service.")
    _tell_anew(speech, turned.anew)
    result = {"key": turned.key_id, "prepared": False, **_anew(turned.anew)}
    _finish(speech, room.keyring, result)
    hours = (CONFIRMATION_LIFE + GRACE) // timedelta(hours=1)
    speech.say(
        f"Dans {hours} heures au plus, plus rien n'aura besoin de l'ancienne clé. Pour l'oublier, "
        "alors : educonnect-admin keys retire"
    )
    _leave_with_remarks(turned.anew)


@app.command("retire", cls=FrenchCommand)
def retire(
    context: typer.Context,
    reason: ReasonToChange = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Oublier les anciennes clés, si plus rien n'en a besoin ; sinon, dire quoi et jusqu'à quand.

    Les sauvegardes de la base faites avant keys rotate ne s'ouvrent qu'avec l'ancien fichier.
    """
    from educonnect_admin.edge import clock
    from educonnect_admin.office.keeping_keys.needs import needs_of_older_keys
    from educonnect_admin.office.keeping_keys.retire_keys import retire_keys
    from educonnect_admin.opening import key_room

    desk: Desk = context.obj
    speech, why = desk.speech(json=json), reason_to_change(reason, dry_run=dry_run)
    with desk.office() as services:
        room = key_room(services, clock())
        older = services.keyring.held.older
        if dry_run:
            needs = needs_of_older_keys(room)
            speech.say(f"{REHEARSED} Anciennes clés : {', '.join(older) or 'aucune'}.")
            if needs:
                counts, until = _summed(needs)
                speech.say(f"Elles servent encore : {needs_sentence(counts, until)}.")
            speech.result({"dry_run": True, "retired": older, "needs": _for_program(needs)})
            return
        if older:
            gone = ", ".join(older)
            agree(speech, f"Clés à oublier pour toujours : {gone}.", yes=yes)
        retired = retire_keys(room, reason=why)
        _tell_anew(speech, retired.anew)
        names = ", ".join(retired.key_ids)
        speech.say(f"Clés oubliées : {names}." if names else "Il n'y a pas d'ancienne clé.")
        result = {"retired": list(retired.key_ids), **_anew(retired.anew)}
        if retired.key_ids:
            _finish(speech, services.keyring, result)
        else:
            speech.result(result)
    _leave_with_remarks(retired.anew)


def _finish(speech: Speech, keyring: "Keyring", result: dict[str, Any]) -> None:
    speech.say(_COPY.format(path=keyring.path))
    speech.result({**result, "key_file": str(keyring.path)})


def _shown(keyring: "Keyring", seals: dict[str, int]) -> list[dict[str, Any]]:
    held = keyring.held
    roles = dict.fromkeys(held.retired, "retired") | dict.fromkeys(held.older, "older")
    roles[held.current] = "current"
    if held.upcoming is not None:
        roles[held.upcoming] = "upcoming"
    return [
        {
            "id": key_id,
            "role": role,
            "since": since.isoformat() if (since := held.since.get(key_id)) else None,
            "seals": seals.get(key_id, 0),
        }
        for key_id, role in roles.items()
    ]


def _day(moment: "datetime | None") -> str:
    return in_paris(moment, "%d/%m/%Y") if moment else ""


def _summed(needs: "dict[str, Need]") -> "tuple[dict[str, int], datetime | None]":
    ends = [need.until for need in needs.values() if need.until is not None]
    return {name: need.number for name, need in needs.items()}, max(ends, default=None)


def _for_program(needs: "dict[str, Need]") -> dict[str, Any]:
    return {
        name: {"number": need.number, "until": need.until.isoformat() if need.until else None}
        for name, need in needs.items()
    }


def _tell_anew(speech: Speech, anew: "SealedAnew") -> None:
    if anew.replaced:
        speech.say(f"Rescellé : {counts_in_words(anew.replaced)}.")
    if anew.unreadable:
        speech.warn(
            f"Qu'aucune clé n'ouvre, laissé tel quel : {counts_in_words(anew.unreadable)}. "
            "Lancez educonnect-admin database check."
        )


def _anew(anew: "SealedAnew") -> dict[str, Any]:
    return {"sealed_anew": dict(anew.replaced), "unreadable": dict(anew.unreadable)}


def _leave_with_remarks(anew: "SealedAnew") -> None:
    if anew.unreadable:
        raise typer.Exit(REMARKS)
