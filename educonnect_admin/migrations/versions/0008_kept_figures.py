"""Figures of an audit, kept by school and counted again where something has changed (R-64).

Of PostgreSQL alone: a file holds one office, which is counted in no time. Whatever changes what
an account counts for touches the schools that hold a record of it; touched schools are counted
where the figures are read, until `recount_schools` keeps them (docs/decisions/0018).

An account counts in the schools where one of its records has a child enrolled, and hangs on all
those that hold a record: a row of figures tells of accounts that share both, and everything else.
"""

from collections.abc import Iterator

from alembic import op

revision = "0008"
down_revision = "0007"

LOCK = 0x6B657074
"""Of whoever keeps figures: one at a time, or two would keep the same twice."""
_WHAT = "state, journey, letter_last_day, letter_school_id, bounced"

_TABLES = (
    "CREATE TABLE touched_schools (school_id integer NOT NULL)",
    """
    CREATE TABLE kept_standings (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_kept_standings PRIMARY KEY,
        held_in integer[] NOT NULL, counts_in integer[] NOT NULL, state varchar(32) NOT NULL,
        journey varchar(32), letter_last_day date, letter_school_id integer,
        bounced boolean NOT NULL, accounts bigint NOT NULL
    )
    """,
    """
    CREATE TABLE kept_days (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_kept_days PRIMARY KEY,
        held_in integer[] NOT NULL, counts_in integer[] NOT NULL,
        days date[] NOT NULL, common_day date NOT NULL, accounts bigint NOT NULL
    )
    """,
    "INSERT INTO touched_schools SELECT id FROM schools",
    # Nobody's but the owner's, whatever is granted.
    *(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        for table in ("touched_schools", "kept_standings", "kept_days")
    ),
)

# What an account counts for, wherever it counts. Of the unended letters it has one at most;
# a mail counts as lost until a later one arrives.
_FACTS = """
    CREATE VIEW account_facts WITH (security_invoker) AS
    SELECT a.id, a.state, a.journey, l.last_day AS letter_last_day,
        l.school_id AS letter_school_id,
        a.email_bounced_at IS NOT NULL OR a.id IN (
            SELECT lost.account_id FROM messages AS lost
            WHERE lost.account_id IS NOT NULL AND lost.channel = 'mail' AND lost.state = 'failed'
            AND NOT EXISTS (
                SELECT FROM messages AS later WHERE later.account_id = lost.account_id
                AND later.channel = 'mail' AND later.state = 'sent' AND later.id > lost.id
            )
        ) AS bounced,
        CASE WHEN a.state = 'active' THEN a.activated_at END AS active_at
    FROM accounts AS a LEFT JOIN letters AS l ON l.account_id = a.id AND l.ended_at IS NULL
"""
_CHILD_ENROLLED = """
    EXISTS (
        SELECT FROM guardianships AS w JOIN enrolments AS e ON e.pupil_id = w.pupil_id
        WHERE w.guardian_id = g.id AND w.ended_on IS NULL AND e.ended_on IS NULL
        AND e.school_id = g.school_id
    )
"""
_COLUMNS = """
    held_in integer[], counts_in integer[], state varchar, journey varchar, letter_last_day date,
    letter_school_id integer, bounced boolean, days date[], common_day date, accounts bigint
"""
# Nearly every account hangs on one record: those are counted without telling any two apart.
# `days` are those of activation by the clock of each school in `counts_in`.
_COUNTED = f"""
    CREATE FUNCTION {{name}}(asked integer[]) RETURNS TABLE ({_COLUMNS})
    LANGUAGE plpgsql STABLE SET jit = off {{settings}} AS $$
    #variable_conflict use_column
    BEGIN RETURN QUERY
    WITH several AS MATERIALIZED (
        SELECT DISTINCT g.account_id FROM guardians AS g
        WHERE g.school_id = ANY (asked) AND EXISTS (
            SELECT FROM guardians AS other
            WHERE other.account_id = g.account_id AND other.id <> g.id
        )
    ), alone AS (
        SELECT g.school_id, {_WHAT}, (active_at AT TIME ZONE s.time_zone)::date AS day,
            (active_at AT TIME ZONE 'Europe/Paris')::date AS common_day, count(*) AS accounts
        FROM guardians AS g JOIN schools AS s ON s.id = g.school_id
        JOIN account_facts AS f ON f.id = g.account_id
        WHERE g.school_id = ANY (asked) AND g.account_id NOT IN (SELECT account_id FROM several)
        AND {_CHILD_ENROLLED}
        GROUP BY g.school_id, {_WHAT}, day, common_day
    ), held AS MATERIALIZED (
        SELECT g.account_id, g.school_id, bool_or({_CHILD_ENROLLED}) AS counts
        FROM several JOIN guardians AS g USING (account_id) GROUP BY g.account_id, g.school_id
    ), told_apart AS (
        SELECT f.id, {_WHAT}, (active_at AT TIME ZONE 'Europe/Paris')::date AS common_day,
            array_agg(s.id ORDER BY s.id) AS held_in,
            array_agg(s.id ORDER BY s.id) FILTER (WHERE counts) AS counts_in,
            array_agg((active_at AT TIME ZONE s.time_zone)::date ORDER BY s.id)
                FILTER (WHERE counts) AS days
        FROM held JOIN schools AS s ON s.id = held.school_id
        JOIN account_facts AS f ON f.id = held.account_id
        GROUP BY f.id, {_WHAT}, active_at HAVING bool_or(counts)
    )
    SELECT ARRAY[school_id], ARRAY[school_id], {_WHAT}, ARRAY[day], common_day, accounts
    FROM alone
    UNION ALL SELECT held_in, counts_in, {_WHAT}, days, common_day, count(*)
    FROM told_apart GROUP BY held_in, counts_in, {_WHAT}, days, common_day;
    END $$
"""
# Comparing child and school, the planner multiplies two chances that are one. So it is told:
# a few schools by their indexes, many by whole tables.
_FEW = "SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off"
_MANY = "SET enable_nestloop = off SET enable_mergejoin = off SET work_mem = '128MB'"
_CHOSEN = f"""
    CREATE FUNCTION counted_accounts(asked integer[]) RETURNS TABLE ({_COLUMNS})
    LANGUAGE plpgsql STABLE AS $$ BEGIN
        IF cardinality(asked) = 0 THEN
            NULL;
        ELSIF cardinality(asked) * 3 < (SELECT count(*) FROM schools) THEN
            RETURN QUERY SELECT * FROM counted_in_few(asked);
        ELSE
            RETURN QUERY SELECT * FROM counted_in_many(asked);
        END IF;
    END $$
"""
# What hangs on a touched school is out of date.
_STALE = """
    id IN (
        SELECT its.id FROM {table} AS its, unnest(its.held_in) AS one (school_id)
        WHERE one.school_id IN (SELECT unnest(stale))
    )
"""
# Whatever is committed after a statement began leaves its own mark, which stays for the next
# time. So the marks go first, and what they stand for is counted after.
_RECOUNT = f"""
    CREATE FUNCTION recount_schools(every boolean) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = {{schema}}, pg_temp AS $$
    DECLARE stale integer[];
    BEGIN
        IF current_setting('transaction_read_only')::boolean
        OR NOT pg_try_advisory_xact_lock({LOCK}) THEN
            RETURN 0;
        END IF;
        IF every THEN
            INSERT INTO touched_schools SELECT id FROM schools;
        END IF;
        WITH gone AS (DELETE FROM touched_schools RETURNING school_id)
        SELECT coalesce(array_agg(DISTINCT school_id), '{{{{}}}}') FROM gone INTO stale;
        IF cardinality(stale) = 0 THEN
            RETURN 0;
        END IF;
        DELETE FROM kept_standings WHERE {_STALE.format(table="kept_standings")};
        DELETE FROM kept_days WHERE {_STALE.format(table="kept_days")};
        WITH counted AS MATERIALIZED (SELECT * FROM counted_accounts(stale)),
        standings AS (
            INSERT INTO kept_standings (held_in, counts_in, {_WHAT}, accounts)
            SELECT held_in, counts_in, {_WHAT}, sum(accounts) FROM counted
            GROUP BY held_in, counts_in, {_WHAT}
        )
        INSERT INTO kept_days (held_in, counts_in, days, common_day, accounts)
        SELECT held_in, counts_in, days, common_day, sum(accounts) FROM counted
        WHERE common_day IS NOT NULL GROUP BY held_in, counts_in, days, common_day;
        RETURN cardinality(stale);
    END $$
"""
# Of the owner, so that one sum serves everybody; and of each only what hangs on schools that
# whoever asks sees. `current_user` is the owner here: who asks is in `role`, or himself.
_IN_SIGHT = """
    CREATE FUNCTION schools_in_sight() RETURNS SETOF integer
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
    DECLARE
        role text := current_setting('role');
        asking name := CASE role WHEN 'none' THEN session_user ELSE role END;
        owner oid := (SELECT relowner FROM pg_class WHERE oid = 'schools'::regclass);
    BEGIN
        IF pg_has_role(asking, owner, 'USAGE')
        OR EXISTS (SELECT FROM operators WHERE name = asking AND everything) THEN
            RETURN QUERY SELECT id FROM schools;
        END IF;
        RETURN QUERY SELECT its.id FROM schools AS its
            JOIN operators AS one ON one.academy_code = its.academy_code WHERE one.name = asking
            UNION SELECT school_id FROM operator_schools AS named
            JOIN operators AS one ON one.id = named.operator_id WHERE one.name = asking;
    END $$
"""
_SEEN_STANDINGS = f"""
    CREATE FUNCTION seen_standings() RETURNS TABLE (
        part bigint, school_id integer, state varchar, journey varchar, letter_last_day date,
        letter_time_zone varchar, bounced boolean, accounts bigint
    ) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = {{schema}}, pg_temp AS $$
    #variable_conflict use_column
    DECLARE stale integer[] := ARRAY(SELECT DISTINCT school_id FROM touched_schools);
    BEGIN RETURN QUERY
        WITH known AS (
            SELECT counts_in, {_WHAT}, accounts FROM kept_standings
            WHERE NOT {_STALE.format(table="kept_standings")}
            UNION ALL SELECT counts_in, {_WHAT}, accounts FROM counted_accounts(stale)
        ), parts AS (SELECT row_number() OVER () AS part, known.* FROM known)
        SELECT part, seen.id, state, journey, letter_last_day, issuer.time_zone, bounced, accounts
        FROM parts CROSS JOIN LATERAL unnest(counts_in) AS seen (id)
        LEFT JOIN schools AS issuer ON issuer.id = letter_school_id
        WHERE seen.id IN (SELECT schools_in_sight());
    END $$
"""
_SEEN_DAYS = f"""
    CREATE FUNCTION seen_days() RETURNS TABLE (
        part bigint, school_id integer, day date, common_day date, accounts bigint
    ) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = {{schema}}, pg_temp AS $$
    #variable_conflict use_column
    DECLARE stale integer[] := ARRAY(SELECT DISTINCT school_id FROM touched_schools);
    BEGIN RETURN QUERY
        WITH known AS (
            SELECT counts_in, days, common_day, accounts FROM kept_days
            WHERE NOT {_STALE.format(table="kept_days")}
            UNION ALL SELECT counts_in, days, common_day, accounts FROM counted_accounts(stale)
            WHERE common_day IS NOT NULL
        ), parts AS (SELECT row_number() OVER () AS part, known.* FROM known)
        SELECT part, seen.id, seen.day, common_day, accounts
        FROM parts CROSS JOIN LATERAL unnest(counts_in, days) AS seen (id, day)
        WHERE seen.id IN (SELECT schools_in_sight());
    END $$
"""

_OF_ACCOUNTS = "SELECT g.school_id FROM changed JOIN guardians AS g USING (account_id)"
_OF_RECORDS = (
    "SELECT g.school_id FROM changed JOIN guardians AS g ON g.id = guardian_id"
    " WHERE g.account_id IS NOT NULL"
)
_MAILS_ENDED = "account_id IS NOT NULL AND channel = 'mail' AND state IN ('failed', 'sent')"
_WATCHED = (
    # table, when, what of a row matters, of which rows, the schools it leads to
    ("accounts", "UPDATE", "id AS account_id, state, journey, activated_at, email_bounced_at",
     "true", _OF_ACCOUNTS),
    ("letters", "INSERT UPDATE DELETE", "id, account_id, school_id, last_day",
     "ended_at IS NULL", _OF_ACCOUNTS),
    ("messages", "INSERT UPDATE DELETE", "id, account_id, state", _MAILS_ENDED, _OF_ACCOUNTS),
    ("guardians", "INSERT UPDATE DELETE", "id, account_id, school_id", "account_id IS NOT NULL",
     f"SELECT school_id FROM changed UNION ALL {_OF_ACCOUNTS}"),
    ("guardianships", "INSERT UPDATE DELETE", "guardian_id, pupil_id", "ended_on IS NULL",
     _OF_RECORDS),
    ("enrolments", "INSERT UPDATE DELETE", "id, pupil_id, school_id", "ended_on IS NULL",
     "SELECT school_id FROM changed"),
    ("schools", "UPDATE", "id AS school_id, time_zone", "true", "SELECT school_id FROM changed"),
)  # fmt: skip
# By the index alone: a plan is kept by the connection, and may have been made for no row.
_TOUCH = """
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = {schema}, pg_temp
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
    BEGIN
        WITH changed AS ({changed})
        INSERT INTO touched_schools (school_id) SELECT DISTINCT its.school_id FROM ({led}) AS its;
        RETURN NULL;
    END $$
"""
_OLD, _NEW = "OLD TABLE AS old_rows", "NEW TABLE AS new_rows"
_REFERENCES = {"INSERT": _NEW, "UPDATE": f"{_OLD} {_NEW}", "DELETE": _OLD}


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar()
    for statement in (
        *_TABLES,
        _FACTS,
        _COUNTED.format(name="counted_in_few", settings=_FEW),
        _COUNTED.format(name="counted_in_many", settings=_MANY),
        _CHOSEN,
        *(one.format(schema=schema) for one in (_RECOUNT, _IN_SIGHT, _SEEN_STANDINGS, _SEEN_DAYS)),
        *_triggers(str(schema)),
    ):
        connection.exec_driver_sql(statement)


def _triggers(schema: str) -> Iterator[str]:
    for table, verbs, what, which, led in _WATCHED:
        for verb in verbs.split():
            name = f"{table}_touch_{verb.lower()}"
            changed = _changed(verb, what, which)
            yield _TOUCH.format(name=name, schema=schema, changed=changed, led=led)
            yield (
                f"CREATE TRIGGER {name} AFTER {verb} ON {table} REFERENCING {_REFERENCES[verb]}"
                f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
            )


def _changed(verb: str, what: str, which: str) -> str:
    old, new = (f"SELECT {what} FROM {rows} WHERE {which}" for rows in ("old_rows", "new_rows"))
    both = f"(({old}) EXCEPT ({new})) UNION ALL (({new}) EXCEPT ({old}))"
    return {"INSERT": new, "UPDATE": both, "DELETE": old}[verb]
