"""What a wrong file would do to a whole school (R-60), and how a person says that it is right."""

from educonnect_admin.domain import errors

Danger = errors.MassDeparture | errors.MassUnlinking | errors.MassMove
_DEPARTURES, _MOVES = "--accept-departures", "--accept-moves"


def consent_to(danger: Danger) -> str:
    """Return the option that confirms it."""
    return _MOVES if isinstance(danger, errors.MassMove) else _DEPARTURES


def danger_sentence(danger: Danger, how: str = "") -> str:
    """Return what would happen, what to look at, and how to confirm it.

    Args:
        danger: What would happen.
        how: How it is confirmed, an imperative; by default, the same command with its option.
    """
    how = how or f"recommencez avec {consent_to(danger)}"
    match danger:
        case errors.MassDeparture():
            return f"{_departure(danger)} ; si ces départs sont vrais, {how}."
        case errors.MassUnlinking():
            return (
                f"Ce fichier détacherait {danger.ended} enfants de leurs responsables, sur "
                f"{danger.links} rattachements : rien n'a été écrit. Vérifiez que c'est le bon "
                f"fichier ; si c'est vrai, {how}."
            )
        case errors.MassMove():
            return (
                f"Ce fichier semble celui de l'école {danger.uai}, où {danger.moved} de ses "
                f"{danger.rows} élèves sont inscrits : rien n'a été écrit. Vérifiez le fichier et "
                f"l'école ; s'ils en changent vraiment, {how}."
            )


def _departure(danger: errors.MassDeparture) -> str:
    fact = (
        f"Ce fichier ferait partir {danger.departed} élèves sur {danger.enrolled} : rien n'a été "
        "écrit."
    )
    if danger.alike is None:
        return f"{fact} Vérifiez que c'est le bon fichier"
    return (
        f"{fact} Ses élèves ressemblent à ceux de l'école {danger.alike} : c'est sans doute son "
        "fichier, prenez le bon"
    )
