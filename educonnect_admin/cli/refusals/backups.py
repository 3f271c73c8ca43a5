"""Refusals of backups."""

from collections.abc import Mapping

from educonnect_admin.cli.exit_codes import REFUSED
from educonnect_admin.cli.refusals.words import Words
from educonnect_admin.domain import backup_errors as backups
from educonnect_admin.domain.backup_errors import BackupDamage
from educonnect_admin.domain.errors import EduConnectError

_DAMAGE = {
    BackupDamage.NOT_A_BACKUP: "n'est pas une sauvegarde. Une sauvegarde s'écrit par : "
    "educonnect-admin database backup FICHIER",
    BackupDamage.ALTERED: "est abîmé ou a été modifié depuis son écriture : rien n'a été "
    "restauré. Prenez une autre copie, ou la sauvegarde d'avant.",
    BackupDamage.CUT: "est incomplet, sa fin manque : rien n'a été restauré. La copie s'est-elle "
    "interrompue ? Recopiez-le, ou prenez la sauvegarde d'avant.",
    BackupDamage.OTHER_FORMAT: "a été écrit par une version plus récente du programme. Installez "
    "la dernière version.",
}

BACKUPS: Mapping[type[EduConnectError], Words] = {
    backups.DamagedBackup: Words(
        REFUSED, lambda e: f"Le fichier «{e.path.name}» {_DAMAGE[e.damage]}"
    ),
    backups.WrongPassphrase: Words(
        REFUSED,
        lambda e: (
            f"Cette phrase de passe n'est pas celle de la sauvegarde «{e.path.name}» : rien n'a "
            "été restauré. Réessayez ; sans elle, le fichier ne peut pas être ouvert."
        ),
    ),
    backups.BackupOfAnotherKey: Words(
        REFUSED,
        lambda e: (
            f"Cette sauvegarde n'est pas celle du bureau dont le fichier de clé est {e.path} : "
            "rien n'a été restauré. Mettez à cette place la copie du fichier de clé gardée le "
            "jour de la sauvegarde, ou indiquez-la par EDUCONNECT_SECRET_KEY_FILE."
        ),
    ),
    backups.BackupOfAnotherKind: Words(
        REFUSED,
        lambda e: (
            f"La sauvegarde «{e.path.name}» est celle d'une base "
            + ("SQLite : donnez à --database le chemin d'un fichier qui n'existe pas encore."
               if e.database == "sqlite"
               else "PostgreSQL : donnez à --database l'adresse d'une base vide.")
        ),
    ),
    backups.PlaceNotEmpty: Words(
        REFUSED,
        lambda _: (
            "Il y a déjà quelque chose à cette place, et une restauration ne remplace jamais rien. "
            "Déplacez l'ancienne base (avec ses fichiers -wal et -shm), ou donnez une base vide à "
            "--database."
        ),
    ),
    backups.BackupRunning: Words(
        REFUSED,
        lambda _: (
            "Une autre sauvegarde de cette base est en cours. Attendez qu'elle finisse, puis "
            "recommencez."
        ),
    ),
    backups.RestoreRunning: Words(
        REFUSED,
        lambda _: (
            "Une autre restauration vers cette place est en cours : rien n'a été écrit. Attendez "
            "qu'elle finisse, ou donnez une autre place à --database."
        ),
    ),
}  # fmt: skip
