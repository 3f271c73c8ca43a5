"""`accounts unlock`, `accounts close`, `accounts reopen`: changing one account."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from educonnect_admin.cli.changing import carry_out
from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.french import FrenchCommand
from educonnect_admin.cli.moments import in_paris
from educonnect_admin.cli.options import DryRun, Json, Reason, Yes, tidy_reason
from educonnect_admin.cli.speech import Speech, counted

if TYPE_CHECKING:
    from educonnect_admin.office.desk.close_account import Closed
    from educonnect_admin.office.desk.unlock_account import Unlocked

Identifier = Annotated[
    str, typer.Argument(metavar="IDENTIFIANT", help="L'identifiant du compte, ex. v.durant1.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to their group."""
    app.command("unlock", cls=FrenchCommand)(unlock)
    app.command("close", cls=FrenchCommand)(close)
    app.command("reopen", cls=FrenchCommand)(reopen)


def unlock(
    context: typer.Context,
    identifier: Identifier,
    reason: Reason,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Lever les verrous d'un compte ; les essais suivants repartent de zéro."""
    from educonnect_admin.office.desk.unlock_account import unlock_account

    desk: Desk = context.obj
    speech, why = desk.speech(json=json), tidy_reason(reason)
    done = carry_out(
        desk,
        speech,
        lambda session, author: unlock_account(session, identifier, reason=why, author=author),
        lambda foreseen: _unlocked(foreseen, is_done=False),
        yes=yes,
        dry_run=dry_run,
    )
    speech.say(_unlocked(done, is_done=not dry_run))
    speech.result(
        {
            "identifier": done.identifier,
            "state": done.state,
            "changed": done.changed,
            "dry_run": dry_run,
            "lifted": [
                {
                    "kind": str(one.kind),
                    "failures": one.failures,
                    "locked_until": one.locked_until.isoformat() if one.locked_until else None,
                }
                for one in done.lifted
            ],
        }
    )


def _unlocked(done: "Unlocked", *, is_done: bool) -> str:
    if not done.changed:
        return (
            f"Le compte {done.identifier} n'est pas verrouillé et aucun échec n'est compté : rien "
            "à lever. Pour savoir ce qui bloque : "
            f"educonnect-admin accounts explain {done.identifier}"
        )
    lines = [f"Compte {done.identifier} :"]
    for kind in dict.fromkeys(one.kind for one in done.lifted):
        alike = [one for one in done.lifted if one.kind == kind]
        failures = counted(sum(one.failures for one in alike), "échec")
        locks = [one.locked_until for one in alike if one.locked_until]
        until = f", verrouillé jusqu'au {in_paris(max(locks))}" if locks else ""
        lines.append(f"  {_TRIED[kind]} : {failures}{until}")
    if is_done:
        lines.append("Tout est levé : les prochains essais repartent de zéro.")
    else:
        lines.append("Tout sera levé : les prochains essais repartiront de zéro.")
    return "\n".join(lines)


_TRIED = {
    "log_in": "mot de passe",
    "device": "mot de passe, depuis un navigateur connu",
    "birth_date": "date de naissance d'un enfant",
}


def close(
    context: typer.Context,
    identifier: Identifier,
    reason: Reason,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Fermer un compte : courrier, messages en attente et connexions s'arrêtent avec lui."""
    from educonnect_admin.office.desk.close_account import close_account

    desk: Desk = context.obj
    speech, why = desk.speech(json=json), tidy_reason(reason)
    done = carry_out(
        desk,
        speech,
        lambda session, author: close_account(session, identifier, reason=why, author=author),
        _closing,
        yes=yes,
        dry_run=dry_run,
    )
    _tell(speech, done, _closed if done.changed and not dry_run else _closing, dry_run=dry_run)


def _closing(done: "Closed") -> str:
    if not done.changed:
        return f"Le compte {done.identifier} est déjà fermé : rien à faire."
    return f"Le compte {done.identifier} sera fermé, plus personne n'y entrera.{_with_it(done)}"


def _closed(done: "Closed") -> str:
    return (
        f"Le compte {done.identifier} est fermé.{_with_it(done)}\n"
        f"Pour le rouvrir : educonnect-admin accounts reopen {done.identifier} --reason MOTIF"
    )


def _with_it(done: "Closed") -> str:
    letter = " Son courrier ne sera plus valable." if done.ended.letters else ""
    waiting = counted(done.ended.messages, "message annulé", "messages annulés")
    return f"{letter} {waiting} avant l'envoi." if done.ended.messages else letter


def reopen(
    context: typer.Context,
    identifier: Identifier,
    reason: Reason,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Rouvrir un compte fermé : il redevient ce qu'il était, son ancien courrier reste échu."""
    from educonnect_admin.office.desk.close_account import reopen_account

    desk: Desk = context.obj
    speech, why = desk.speech(json=json), tidy_reason(reason)
    done = carry_out(
        desk,
        speech,
        lambda session, author: reopen_account(session, identifier, reason=why, author=author),
        _reopening,
        yes=yes,
        dry_run=dry_run,
    )
    _tell(speech, done, _reopening if dry_run else _reopened, dry_run=dry_run)


def _reopening(done: "Closed") -> str:
    return f"Le compte {done.identifier} sera rouvert, dans l'état «{_state(done)}»."


def _reopened(done: "Closed") -> str:
    said = f"Le compte {done.identifier} est rouvert, dans l'état «{_state(done)}»."
    if done.state == "notified":
        return f"{said}\nEnsuite, un courrier neuf : {_letter(done.identifier)}"
    if done.state == "not_notified":
        return f"{said}\nEnsuite, son premier courrier : {_letter(done.identifier)}"
    return said


def _letter(identifier: str) -> str:
    return f"educonnect-admin letters resend {identifier} --output courriers --reason MOTIF"


def _state(done: "Closed") -> str:
    from educonnect_admin.cli.state_words import state_words

    return state_words(done.state, expired=True)


def _tell(
    speech: Speech, done: "Closed", words: "Callable[[Closed], str]", *, dry_run: bool
) -> None:
    speech.say(words(done))
    told: dict[str, Any] = {
        "identifier": done.identifier,
        "state": str(done.state),
        "changed": done.changed,
        "dry_run": dry_run,
        "letters_ended": done.ended.letters,
        "messages_cancelled": done.ended.messages,
    }
    speech.result(told)
