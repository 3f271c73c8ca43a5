"""`database backup` and `database restore`: the whole database in one file, and back."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.exit_codes import REMARKS
from educonnect_admin.cli.french import FrenchCommand
from educonnect_admin.cli.moments import in_paris
from educonnect_admin.cli.options import DryRun, Json
from educonnect_admin.cli.speech import Speech, counted
from educonnect_admin.homes import at_home

if TYPE_CHECKING:
    from educonnect_admin.backups.locking import Passphrase
    from educonnect_admin.backups.read import ReadBackup
    from educonnect_admin.backups.restore import Foreseen, Restored
    from educonnect_admin.cli.passphrase import Closed
    from educonnect_admin.settings import Settings

_WHAT = "de la sauvegarde"
_SHUT_OUT = (
    "rendre leurs droits aux opérateurs, et rien ne leur est ouvert sans eux. Quand le "
    "propriétaire pourra y créer des rôles (docs/operators.fr.md) : educonnect-admin database "
    "upgrade"
)


def register(group: typer.Typer) -> None:
    """Add the commands to `database`."""
    group.command("backup", cls=FrenchCommand)(backup)
    group.command("restore", cls=FrenchCommand)(restore)


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="Le fichier à écrire.")],
    encrypt: Annotated[
        bool, typer.Option("--encrypt", help="Chiffrer par une phrase de passe, tapée deux fois.")
    ] = False,
    json: Json = False,
) -> None:
    """Sauvegarder toute la base dans un fichier, pendant que les autres travaillent.

    Le fichier est relu en entier avant de recevoir son nom. Le fichier de clé n'y est pas :
    gardez-en une copie ailleurs.
    """
    from educonnect_admin.backups.interrupted import remove_interrupted
    from educonnect_admin.backups.locking import EARNEST
    from educonnect_admin.backups.make import back_up
    from educonnect_admin.edge import clock
    from educonnect_admin.gateways.hashing import CHEAP

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    with desk.office() as services:
        passphrase = _new(services.settings) if encrypt else None
        cost = EARNEST if services.settings.hashing == "owasp" else CHEAP
        removed = remove_interrupted(services, file.parent)
        for left in removed:
            speech.warn(f"Retiré : {left}, qu'une sauvegarde interrompue avait laissé.")
        made = back_up(services, at_home(file), clock(), passphrase, cost)
        key_file = services.keyring.path
    speech.say(f"La base est sauvegardée dans {made.path}.")
    _tell(speech, made)
    if not encrypt:
        speech.say("Elle n'est pas chiffrée : quiconque a ce fichier lit les noms et adresses.")
    speech.say(
        f"Le fichier de clé ({key_file}) n'y est pas : sans lui, elle ne pourra pas être "
        "restaurée. Gardez-en une copie, ailleurs que cette sauvegarde."
    )
    speech.result({**_for_program(made), "ok": True, "removed": [str(left) for left in removed]})


def restore(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(metavar="FICHIER", help="La sauvegarde.", exists=True, dir_okay=False),
    ],
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Remettre une sauvegarde à une place vide, puis vérifier ce qui s'y trouve.

    La place est celle de --database ; son fichier de clé doit déjà y être. Une base qui existe
    n'est jamais remplacée.
    """
    from educonnect_admin.backups.restore import foresee_restore
    from educonnect_admin.backups.restore import restore as put_back
    from educonnect_admin.edge import clock

    desk: Desk = context.obj
    speech, settings = desk.speech(json=json), desk.settings()
    if dry_run:
        foreseen = foresee_restore(settings, file, lambda: _known(settings), clock())
        _rehearse(speech, foreseen)
        return
    done = put_back(settings, file, lambda: _known(settings), clock())
    _tell_restored(speech, done)
    if not done.is_sound or done.health.findings or done.shut_out:
        raise typer.Exit(REMARKS)


def _new(settings: "Settings") -> "Passphrase":
    from educonnect_admin.backups.locking import Passphrase
    from educonnect_admin.cli.passphrase import new_passphrase

    return Passphrase(new_passphrase(_closed(settings)))


def _known(settings: "Settings") -> "Passphrase":
    from educonnect_admin.backups.locking import Passphrase
    from educonnect_admin.cli.passphrase import known_passphrase

    return Passphrase(known_passphrase(_closed(settings)))


def _closed(settings: "Settings") -> "Closed":
    from educonnect_admin.cli.passphrase import Closed

    return Closed(_WHAT, "EDUCONNECT_BACKUP_PASSPHRASE_FILE", settings.backup_passphrase_file)


def _rehearse(speech: Speech, foreseen: "Foreseen") -> None:
    found, shut_out = foreseen
    speech.say(
        "Essai : la sauvegarde est entière, la place est vide. Elle y a été mise, puis tout a été "
        "défait : rien n'est resté."
    )
    _tell(speech, found)
    if shut_out:
        speech.warn(f"Le serveur ne laisserait pas {_SHUT_OUT}")
    told = {**_for_program(found), "ok": True, "dry_run": True, "operators_shut_out": shut_out}
    speech.result(told)
    if shut_out:
        raise typer.Exit(REMARKS)


def _tell(speech: Speech, found: "ReadBackup") -> None:
    entries = counted(found.foot.entries, "entrée du journal", "entrées du journal")
    speech.say(f"  version {found.head.schema}, {entries}, {counted(found.length, 'octet')}")
    speech.say(f"  SHA-256 {found.sha256}")


def _tell_restored(speech: Speech, done: "Restored") -> None:
    made_at = in_paris(datetime.fromisoformat(done.backup.head.made_at))
    speech.say(f"La sauvegarde du {made_at} est restaurée.")
    _tell(speech, done.backup)
    _tell_trail(speech, done)
    _tell_letters(speech, done)
    _tell_health(speech, done)
    if done.shut_out:
        speech.warn(f"Le serveur n'a pas laissé {_SHUT_OUT}")
    speech.say(
        "Ce qui a été imprimé ou envoyé depuis cette sauvegarde n'y est pas : ces courriers ne "
        "marchent pas, et les messages qui attendaient alors partiraient une seconde fois. "
        "Regardez educonnect-admin mail list avant de remettre les tâches de fond, et lancez "
        "educonnect-admin data purge : qui avait été effacé depuis est revenu."
    )
    speech.say(
        "Les identifiants donnés depuis sont oubliés et peuvent être donnés à d'autres : détruisez "
        "les courriers imprimés depuis, et refaites-les par letters issue."
    )
    findings = [{**one._asdict(), "broken": one.is_broken} for one in done.health.findings]
    speech.result(
        {
            **_for_program(done.backup),
            "ok": done.is_sound,
            "verified": not done.trail.broken,
            "letters": done.letters,
            "letters_lost": done.lost,
            "operators_shut_out": done.shut_out,
            "findings": findings,
        }
    )


def _tell_trail(speech: Speech, done: "Restored") -> None:
    if done.trail.broken:
        speech.warn(
            "Le journal de cette base est rompu, et l'était déjà quand elle a été sauvegardée. "
            "Pour savoir où : educonnect-admin audit trail --verify"
        )
        return
    entries = counted(done.trail.entries, "entrée vérifiée", "entrées vérifiées")
    speech.say(f"Le journal est entier : {entries}.")


def _tell_letters(speech: Speech, done: "Restored") -> None:
    if not done.lost:
        live = counted(done.letters, "courrier valable", "courriers valables")
        speech.say(f"{live}, chacun avec son mot de passe.")
        return
    lost = counted(done.lost, "courrier valable ne marche", "courriers valables ne marchent")
    speech.warn(
        f"{lost} pas : la clé qui a scellé leur mot de passe n'est pas dans le fichier de clé. "
        "Remettez le fichier de clé du jour de la sauvegarde, ou faites-en d'autres par : "
        "educonnect-admin letters resend"
    )


def _tell_health(speech: Speech, done: "Restored") -> None:
    from educonnect_admin.cli.check_words import finding_sentence

    for finding in done.health.findings:
        kind = "CASSÉ" if finding.is_broken else "À regarder"
        speech.warn(f"{kind} : {finding_sentence(finding)}")


def _for_program(found: "ReadBackup") -> dict[str, object]:
    return {
        "file": str(found.path.absolute()),
        "sha256": found.sha256,
        "bytes": found.length,
        "database": found.head.database,
        "schema": found.head.schema,
        "version": found.head.product,
        "made_at": found.head.made_at,
        "encrypted": found.head.lock is not None,
        "key": found.head.key_id,
        "entries": found.foot.entries,
        "heads": {chain: {"count": count, "digest": digest}
                  for chain, (count, digest) in found.foot.heads.items()},
    }  # fmt: skip
