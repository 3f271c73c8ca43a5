"""Each thing that `database check` may find, in French, with what to do about it."""

from collections.abc import Callable, Mapping

from educonnect_admin.cli.speech import counted
from educonnect_admin.domain.findings import Finding, FindingCode

_KINDS = {
    "table": "la table", "column": "la colonne", "index": "l'index", "key": "la clé étrangère",
    "trigger": "le déclencheur",
}  # fmt: skip
_SHOWN = 10


def finding_sentence(finding: Finding) -> str:
    """Return what was found and what to do, as one paragraph."""
    return _WORDS[finding.code](finding)


def _listed(finding: Finding) -> str:
    return ", ".join(finding.names)


def _some_of(finding: Finding) -> str:
    """Return the first names: there may be as many as an academy has schools."""
    rest = len(finding.names) - _SHOWN
    others = f" et {counted(rest, 'autre')}" if rest > 0 else ""
    return ", ".join(finding.names[:_SHOWN]) + others


def _missing_parts(finding: Finding) -> str:
    parts = []
    for name in finding.names:
        kind, _, what = name.partition(" ")
        parts.append(f"{_KINDS[kind]} {what}")
    return (
        f"Il manque à la base : {', '.join(parts)}. N'écrivez plus rien et remettez une "
        "sauvegarde : sans ces protections, des données fausses peuvent entrer."
    )


def _live_letters(finding: Finding) -> str:
    letters = counted(finding.number, "courrier valable", "courriers valables")
    return f"{letters} pour un compte «non notifié». {_CALL_US}"


_CALL_US = (
    "Ne réimprimez rien ; gardez une copie de la base et signalez-le, c'est un défaut du programme "
    "ou une écriture venue d'ailleurs (educonnect-admin audit trail --verify le dira)."
)
_WORDS: Mapping[FindingCode, Callable[[Finding], str]] = {
    FindingCode.OUTDATED_SCHEMA: lambda f: (
        f"La base est à la version {f.names[0]}, ce programme attend la version {f.names[1]}. "
        "Lancez : educonnect-admin database upgrade, ou installez la dernière version."
    ),
    FindingCode.MISSING_PARTS: _missing_parts,
    FindingCode.MISSING_KEY: lambda f: (
        f"Le fichier de clé {f.names[0]} manque ou ne peut pas être lu. Remettez-le depuis votre "
        "sauvegarde."
    ),
    FindingCode.DAMAGED_KEY: lambda f: (
        f"Le fichier de clé {f.names[0]} est abîmé. Remettez en place votre sauvegarde."
    ),
    FindingCode.WRONG_KEY: lambda f: (
        f"Le fichier de clé {f.names[0]} n'est pas celui de cette base. Remettez en place celui "
        "qui a été créé avec elle."
    ),
    FindingCode.OLDER_KEY_FILE: lambda f: (
        f"Le fichier de clé {f.names[0]} est une copie trop ancienne : la clé {f.names[1]} y "
        "manque. Remettez en place la plus récente."
    ),
    FindingCode.OPEN_TO_OTHERS: lambda f: (
        f"D'autres que leur propriétaire peuvent ouvrir : {_listed(f)}. Refermez-les par "
        "chmod 600 (700 pour un dossier)."
    ),
    FindingCode.LIVE_BUT_NOT_NOTIFIED: _live_letters,
    FindingCode.LIVE_WITHOUT_HASH: lambda f: (
        f"{counted(f.number, 'courrier valable', 'courriers valables')} sans mot de passe en "
        "base : le papier ne marche pas. Gardez une copie de la base et signalez-le ; aux parents "
        "concernés, donnez un autre courrier par : educonnect-admin letters resend."
    ),
    FindingCode.TWO_LIVE_LETTERS: lambda f: (
        f"{counted(f.number, 'compte a', 'comptes ont')} deux courriers valables. {_CALL_US}"
    ),
    FindingCode.UNSETTLED_FILES: lambda f: (
        f"{counted(f.number, 'fichier de courriers', 'fichiers de courriers')} d'un lot clos "
        "n'est ni publié ni retiré. Lancez : educonnect-admin letters recover, sur le poste qui "
        "les a écrits."
    ),
    FindingCode.LEFT_BEHIND: lambda f: (
        f"Une commande tuée en chemin a laissé : {_listed(f)}. Rien ne s'en sert, et tout y est en "
        "clair : effacez tout cela."
    ),
    FindingCode.WRONG_FIGURES: lambda f: (
        f"Les chiffres gardés pour le bilan ne sont plus ceux des dossiers, dans "
        f"{counted(f.number, 'école')} : {_some_of(f)}. Recomptez-les : educonnect-admin database "
        "recount --all, et signalez-le : c'est un défaut du programme, ou une écriture venue "
        "d'ailleurs."
    ),
    FindingCode.DAMAGED: lambda _: (
        "Le fichier de la base est abîmé. N'y écrivez plus : gardez-en une copie (et de ses "
        "fichiers -wal et -shm, s'ils sont là), vérifiez le disque, puis remettez votre dernière "
        "sauvegarde. "
        "Sans sauvegarde, ce qui se lit encore peut être sauvé par : sqlite3 BASE .recover "
        "| sqlite3 NOUVELLE ; puis, sur la nouvelle : educonnect-admin database check et "
        "educonnect-admin audit trail --verify."
    ),
    FindingCode.ORPHANS: lambda f: (
        f"{counted(f.number, 'ligne renvoie', 'lignes renvoient')} à ce qui n'existe pas, dans : "
        f"{_listed(f)}. Quelqu'un a écrit dans la base sans passer par ce programme ; remettez "
        "votre sauvegarde."
    ),
    FindingCode.NOT_WAL: lambda _: (
        "Le fichier n'a pas pu passer en journal WAL : est-il sur un dossier partagé ? Une base "
        "SQLite doit être sur le disque du poste."
    ),
    FindingCode.LITTLE_SPACE: lambda f: (
        f"Il ne reste que {f.number} Mo sur le disque de la base. Faites de la place avant un "
        "import ou une impression."
    ),
    FindingCode.OLD_SERVER: lambda f: (
        f"Le serveur est un PostgreSQL {f.number}, plus ancien que ceux essayés (15 et plus). "
        "Prévoyez de le mettre à jour."
    ),
    FindingCode.NOT_UTF8: lambda f: (
        f"La base est codée en {f.names[0]} : des noms ne peuvent pas y être écrits. Recréez-la "
        "en UTF8 et remettez-y les données."
    ),
    FindingCode.NO_TRIGRAMS: lambda _: (
        "L'extension pg_trgm manque : la recherche ne marche pas. Demandez à l'administrateur du "
        "serveur : CREATE EXTENSION pg_trgm."
    ),
    FindingCode.INVALID_INDEX: lambda f: (
        f"Index inutilisables : {_listed(f)}. Refaites-les par : REINDEX INDEX CONCURRENTLY."
    ),
    FindingCode.UNSAFE_SETTING: lambda f: (
        f"Réglages du serveur à remettre sur «on» : {_listed(f)}. Sans cela, une coupure de "
        "courant peut perdre des mots de passe déjà imprimés."
    ),
    FindingCode.NOT_ANALYZED: lambda f: (
        f"Le serveur n'a jamais compté ces tables : {_listed(f)}. Lancez ANALYZE, et vérifiez que "
        "autovacuum est en marche : tout est lent sans cela."
    ),
    FindingCode.DEAD_ROWS: lambda f: (
        f"Plus d'un tiers des lignes de ces tables sont mortes : {_listed(f)}. Lancez "
        "VACUUM ANALYZE, et vérifiez que autovacuum est en marche."
    ),
    FindingCode.IDLE_IN_TRANSACTION: lambda f: (
        f"{counted(f.number, 'session garde', 'sessions gardent')} une transaction ouverte sans "
        "rien demander depuis plus de 10 minutes, et peut retenir tout le monde. Trouvez-la dans "
        "pg_stat_activity et fermez-la."
    ),
    FindingCode.NUMBERS_RUN_OUT: lambda f: (
        f"Des numérotations ont dépassé 80 % de leur étendue : {_listed(f)}. Prévenez-nous avant "
        "la fin."
    ),
    FindingCode.IN_CLEAR: lambda _: (
        "La liaison avec le serveur n'est pas chiffrée, et passe par le réseau. Ajoutez "
        "?sslmode=verify-full à l'adresse de la base."
    ),
    FindingCode.CLOCK_SET_BACK: lambda f: (
        f"L'horloge de ce poste retarde de {counted(f.number, 'minute', 'minutes')} sur la "
        "dernière écriture de la base : elle a été reculée, ou un autre poste avance. Remettez-la "
        "à l'heure (NTP) avant d'imprimer : les courriers portent sa date, et leurs trois mois en "
        "partent."
    ),
    FindingCode.CLOCKS_DIFFER: lambda f: (
        f"L'horloge du serveur et celle de ce poste diffèrent de {f.number} secondes. Mettez-les "
        "à l'heure (NTP) : les délais et les verrous en dépendent."
    ),
}
