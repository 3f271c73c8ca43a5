"""Refusals of campaigns: what stops one, or one school of it."""

from collections.abc import Mapping

from educonnect_admin.cli.exit_codes import BUG, REFUSED, UNAVAILABLE, USAGE
from educonnect_admin.cli.refusals.words import Words
from educonnect_admin.domain import campaign_errors as errors
from educonnect_admin.domain.errors import EduConnectError

_WHY = {
    "no_answer": "personne ne répond à cette adresse",
    "no_worker": "l'ordonnanceur répond, mais n'a aucun ouvrier",
    "lost": "la liaison est rompue",
    "no_program": "educonnect-admin n'y est pas installé, ou pas sur toutes ses machines",
}

CAMPAIGNS: Mapping[type[EduConnectError], Words] = {
    errors.NoSchools: Words(
        REFUSED,
        lambda e: (
            f"Aucune école à traiter dans «{e.where}». Vérifiez le code, la liste ou le dossier ; "
            "schools list montre les écoles connues."
        ),
    ),
    errors.NoRosters: Words(
        REFUSED,
        lambda e: (
            f"Rien à importer dans «{e.where}» : il faut un dossier, avec un sous-dossier par "
            "école nommé par son numéro UAI (0140070A/eleves.csv), ou des fichiers dont le nom le "
            "porte (0140070A-eleves.csv). Une seule école : roster import FICHIERS --school UAI."
        ),
    ),
    errors.CampaignRunning: Words(
        REFUSED,
        lambda e: (
            f"Une autre campagne travaille déjà dans le dossier {e.folder}. Attendez qu'elle "
            "finisse : son journal dit où elle en est."
        ),
    ),
    errors.NoSuchConsent: Words(
        USAGE,
        lambda e: (
            f"«{e.typed}» n'est ni un numéro UAI juste, ni un fichier qui en liste. Nommez les "
            f"écoles dont c'est vrai, une à une : {e.option} peut se répéter."
        ),
    ),
    errors.WorkerLost: Words(
        UNAVAILABLE,
        lambda e: (
            f"Le processus chargé de l'école s'est arrêté net {e.times} fois de suite : mémoire "
            "épuisée, ou machine éteinte. Relancez avec moins d'écoles à la fois (--workers)."
        ),
    ),
    errors.WorkersLost: Words(
        UNAVAILABLE,
        lambda e: (
            f"Les processus s'arrêtent net l'un après l'autre ({e.times} fois, sans une école "
            "faite) : mémoire épuisée, ou machine malade. Voyez son journal système."
        ),
    ),
    errors.TaskFailed: Words(
        BUG,
        lambda e: (
            f"Erreur interne ({e.kind}, {e.where}) : c'est notre faute, pas la vôtre. Signalez-la "
            "avec cette ligne."
        ),
    ),
    errors.WrongOffice: Words(
        REFUSED,
        lambda e: (
            f"L'ouvrier de la machine {e.host} est réglé pour une autre base ou une autre clé. "
            "Donnez-lui EDUCONNECT_DATABASE_URL et EDUCONNECT_SECRET_KEY_FILE de ce bureau."
        ),
    ),
    errors.WrongVersion: Words(
        REFUSED,
        lambda e: (
            f"L'ouvrier de la machine {e.host} est à la version {e.found} du programme, cette "
            f"commande à la version {e.expected}. Installez partout la même."
        ),
    ),
    errors.ClusterUnavailable: Words(
        UNAVAILABLE,
        lambda e: (
            f"Le cluster Dask {e.address} ne peut pas servir : {_WHY[e.why]}. Vérifiez "
            "l'ordonnanceur et ses ouvriers."
        ),
    ),
    errors.DaskMissing: Words(
        USAGE,
        lambda _: (
            "L'option --dask demande le paquet «distributed» : installez educonnect-admin avec son "
            "extra [dask]."
        ),
    ),
}
