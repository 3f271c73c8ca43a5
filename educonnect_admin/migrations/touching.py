"""Triggers that mark where a change touches the figures kept by PostgreSQL (R-64).

A mark can say too much, and costs then a few milliseconds; it never says too little.
"""

from collections.abc import Iterator

_OF_ACCOUNTS = "SELECT g.school_id FROM changed JOIN guardians AS g USING (account_id)"
_ITS_RECORDS = "FROM changed JOIN guardians AS g ON g.id = guardian_id"
_OF_RECORDS = f"SELECT g.school_id {_ITS_RECORDS}"
_ITSELF = "SELECT account_id FROM changed"
_MAILS_ENDED = "account_id IS NOT NULL AND channel = 'mail' AND state IN ('failed', 'sent')"
_WATCHED = (
    # table, when, what of a row matters, of which rows, the schools and accounts it leads to
    ("accounts", "UPDATE", "id AS account_id, state, journey, activated_at, email_bounced_at",
     "true", _OF_ACCOUNTS, _ITSELF),
    ("letters", "INSERT UPDATE DELETE", "id, account_id, school_id, last_day",
     "ended_at IS NULL", _OF_ACCOUNTS, _ITSELF),
    ("messages", "INSERT UPDATE DELETE", "id, account_id, state", _MAILS_ENDED, _OF_ACCOUNTS,
     _ITSELF),
    ("guardians", "INSERT UPDATE DELETE", "id, account_id, school_id", "account_id IS NOT NULL",
     f"SELECT school_id FROM changed UNION ALL {_OF_ACCOUNTS}", _ITSELF),
    ("guardianships", "INSERT UPDATE DELETE", "guardian_id, pupil_id", "ended_on IS NULL",
     _OF_RECORDS, f"SELECT g.account_id {_ITS_RECORDS}"),
    ("enrolments", "INSERT UPDATE DELETE", "id, pupil_id, school_id", "ended_on IS NULL",
     "SELECT school_id FROM changed", ""),
    ("schools", "UPDATE", "id AS school_id, time_zone", "true", "SELECT school_id FROM changed",
     ""),
)  # fmt: skip
# By the index alone: a plan is kept by the connection, and may have been made for no row.
_TOUCH = """
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {schema}, pg_temp
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
    BEGIN
        WITH changed AS MATERIALIZED ({changed}){accounts}
        INSERT INTO touched_schools (school_id) SELECT DISTINCT its.school_id FROM ({led}) AS its;
        RETURN NULL;
    END $$
"""
_WITH_ACCOUNTS = """, accounts AS (
            INSERT INTO touched_accounts (account_ids)
            SELECT array_agg(DISTINCT account_id) FROM ({led}) AS its WHERE account_id IS NOT NULL
            HAVING count(account_id) > 0
        )"""
_OLD, _NEW = "OLD TABLE AS old_rows", "NEW TABLE AS new_rows"
_REFERENCES = {"INSERT": _NEW, "UPDATE": f"{_OLD} {_NEW}", "DELETE": _OLD}


def touching(schema: str) -> Iterator[str]:
    """Yield the statements that make functions and triggers, for migration 0008.

    Args:
        schema: Of the tables, quoted.
    """
    for table, verbs, what, which, led, known in _WATCHED:
        accounts = known and _WITH_ACCOUNTS.format(led=known)
        for verb in verbs.split():
            name = f"{table}_touch_{verb.lower()}"
            changed = _changed(verb, what, which)
            yield _TOUCH.format(
                name=name, schema=schema, changed=changed, led=led, accounts=accounts
            )
            # It works as the owner, on a table that may be anybody's: with a type of his own and
            # a cast, whoever may hang it on his table would have his code run as the owner.
            yield f"REVOKE ALL ON FUNCTION {name}() FROM PUBLIC"
            yield (
                f"CREATE TRIGGER {name} AFTER {verb} ON {table} REFERENCING {_REFERENCES[verb]}"
                f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
            )


def _changed(verb: str, what: str, which: str) -> str:
    old, new = (f"SELECT {what} FROM {rows} WHERE {which}" for rows in ("old_rows", "new_rows"))
    both = f"(({old}) EXCEPT ({new})) UNION ALL (({new}) EXCEPT ({old}))"
    return {"INSERT": new, "UPDATE": both, "DELETE": old}[verb]
