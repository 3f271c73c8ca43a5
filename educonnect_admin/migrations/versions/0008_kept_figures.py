"""Figures of an audit, kept by school and counted again where something has changed (R-64).

Of PostgreSQL alone: a file holds one office, which is counted in no time. Whatever changes what
an account counts for touches it, and the schools that hold a record of it; these are counted
where the figures are read, until `recount_schools` keeps them (docs/decisions/0018).

An account counts in the schools where one of its records has a child enrolled, and hangs on all
those that hold a record: a row of figures tells of accounts that share both, and everything else.
"""

from alembic import op

from educonnect_admin.migrations.touching import touching

revision = "0008"
down_revision = "0007"

LOCK = 0x6B657074
"""Of whoever keeps figures: one at a time, or two would keep the same twice."""
_WHAT = "state, journey, letter_last_day, letter_school_id, bounced"

_TABLES = (
    "CREATE TABLE touched_schools (school_id integer NOT NULL)",
    "CREATE TABLE touched_accounts (account_ids integer[] NOT NULL)",
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
        for table in ("touched_schools", "touched_accounts", "kept_standings", "kept_days")
    ),
)

# What an account counts for, wherever it counts. Of the unended letters it has one at most;
# a mail counts as lost until a later one arrives.
_FACTS = """
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
        JOIN ({_FACTS}) AS f ON f.id = g.account_id
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
        JOIN ({_FACTS}) AS f ON f.id = held.account_id
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
# Whoever changes an account does not see the records that others are bringing to it. So it marks
# the account too, and where this one has its records is asked once both are there. What takes a
# record away marks the school that loses it.
_LED_TO = """
    SELECT school_id FROM {schools}
    UNION SELECT g.school_id FROM (SELECT DISTINCT unnest(account_ids) AS id FROM {accounts}) AS its
    JOIN guardians AS g ON g.account_id = its.id
"""
_TOUCHED = f"""
    CREATE FUNCTION touched_now() RETURNS SETOF integer LANGUAGE sql STABLE AS $$
    {_LED_TO.format(schools="touched_schools", accounts="touched_accounts")} $$
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
        OR NOT EXISTS (SELECT FROM schools_in_sight())
        OR NOT pg_try_advisory_xact_lock({LOCK}) THEN
            RETURN 0;
        END IF;
        IF every THEN
            INSERT INTO touched_schools SELECT id FROM schools;
        END IF;
        WITH schools AS (DELETE FROM touched_schools RETURNING school_id),
        accounts AS (DELETE FROM touched_accounts RETURNING account_ids)
        SELECT coalesce(array_agg(school_id), '{{{{}}}}')
        FROM ({_LED_TO.format(schools="schools", accounts="accounts")}) AS its INTO stale;
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
    DECLARE stale integer[] := ARRAY(SELECT touched_now());
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
    DECLARE stale integer[] := ARRAY(SELECT touched_now());
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


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar()
    for statement in (
        *_TABLES,
        _COUNTED.format(name="counted_in_few", settings=_FEW),
        _COUNTED.format(name="counted_in_many", settings=_MANY),
        _CHOSEN,
        _TOUCHED,
        *(one.format(schema=schema) for one in (_RECOUNT, _IN_SIGHT, _SEEN_STANDINGS, _SEEN_DAYS)),
        *touching(str(schema)),
    ):
        connection.exec_driver_sql(statement)
