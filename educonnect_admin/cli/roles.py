"""Which role each command needs: one line a command, and a test that none lacks (R-65).

The owner of the database may run everything. Codes are those of `domain.operators.Role`, which
`--help` does not load.
"""

from collections.abc import Mapping

DIRECTOR, HELPDESK, RECTORATE = "director", "helpdesk", "rectorate"
CRON, PORTAL = "cron", "portal"

ROLE_NAMES: Mapping[str, str] = {
    DIRECTOR: "direction",
    HELPDESK: "assistance",
    RECTORATE: "rectorat",
    CRON: "cron",
    PORTAL: "portail",
}
_EVERYBODY = tuple(ROLE_NAMES)
_OWNER: tuple[str, ...] = ()
_SCHOOLS = (DIRECTOR, RECTORATE)
_DESK = (DIRECTOR, HELPDESK, RECTORATE)

ROLES: Mapping[str, tuple[str, ...]] = {
    "init": _OWNER,
    "guide": _SCHOOLS,
    "database upgrade": _OWNER,
    "database check": _OWNER,
    "database backup": _OWNER,
    "database restore": _OWNER,
    "database recount": (RECTORATE, CRON),
    "keys list": _OWNER,
    "keys rotate": _OWNER,
    "keys retire": _OWNER,
    "operators add": _OWNER,
    "operators list": _OWNER,
    "operators remove": _OWNER,
    "schools add": _OWNER,
    "schools import": _OWNER,
    "schools list": _EVERYBODY,
    "roster read": _EVERYBODY,
    "roster columns": _EVERYBODY,
    "roster template": _EVERYBODY,
    "roster plan": _SCHOOLS,
    "roster apply": _SCHOOLS,
    "roster import": _SCHOOLS,
    "roster import-all": (RECTORATE,),
    "roster review": _DESK,
    "roster review resolve": _SCHOOLS,
    "accounts generate": _SCHOOLS,
    "accounts find": _DESK,
    "accounts show": _DESK,
    "accounts explain": _DESK,
    "accounts unlock": _DESK,
    "accounts close": _DESK,
    "accounts reopen": _DESK,
    "accounts regroup": _DESK,
    "accounts undo-regroup": _DESK,
    # Who does not see every school would close the accounts of children who are elsewhere.
    "accounts close-leavers": (CRON,),
    "pupils find": _DESK,
    "pupils show": _DESK,
    "pupils correct-birth-date": _DESK,
    "guardians correct": _DESK,
    "letters issue": _SCHOOLS,
    "letters campaign": (RECTORATE,),
    "letters resend": _DESK,
    # Paper is a password in somebody's hands: never the helpdesk's.
    "letters resend --output": _SCHOOLS,
    "letters list": _DESK,
    "letters remind": _SCHOOLS,
    "letters expire": (CRON,),
    "letters recover": (DIRECTOR, RECTORATE, CRON),
    "letters check-templates": _EVERYBODY,
    "letters preview": _EVERYBODY,
    "letters verify-manifest": _EVERYBODY,
    "letters shred": _SCHOOLS,
    "mail deliver": (CRON,),
    "mail list": (*_DESK, CRON),
    "mail list --addresses": (CRON,),
    "audit activations": _DESK,
    "audit trail": (*_DESK, CRON),
    # The office's own chain is followed whole or not at all.
    "audit trail --verify": (CRON,),
    # All that is known of a person, in every school; and what is taken away for ever.
    "data export": _OWNER,
    "data purge": _OWNER,
    "services list": _EVERYBODY,
    "services add": _OWNER,
    "services remove": _OWNER,
    "portal serve": (PORTAL,),
}


def roles_in_words(command: str) -> str:
    """Return who may run a command, as people read it."""
    roles = ROLES[command]
    if roles == _EVERYBODY:
        return "tous les opérateurs"
    return ", ".join(ROLE_NAMES[role] for role in roles) or "seul le propriétaire de la base"


def roles_line(command: str) -> str:
    """Return what the help says of roles; nothing for what is no command."""
    options = [key for key in ROLES if key.startswith(f"{command} --")]
    told = [roles_in_words(command)] if command in ROLES else []
    told += [f"avec {key.rpartition(' ')[2]} : {roles_in_words(key)}" for key in options]
    return f"Rôles : {' ; '.join(told)}." if told else ""


def refuse_other_roles(role: str | None, *commands: str) -> None:
    """Refuse a command, or its option, to a role that it is not for.

    Args:
        role: The operator's; nothing for the owner, who may do everything.
        commands: Lines of `ROLES`.

    Raises:
        NotYourRole: it is another role's.
    """
    from educonnect_admin.domain.operator_errors import NotYourRole

    for command in commands:
        if role is not None and role not in ROLES[command]:
            raise NotYourRole(command, role, ROLES[command])
