"""A real PostgreSQL for the tests: started on a private socket, thrown away after."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import psycopg
from psycopg.rows import TupleRow

_HASTY = " -F -c full_page_writes=off -c synchronous_commit=off"
_HINT = "PostgreSQL manque : apt-get install postgresql (ou : make tools)"
_numbers = count()


def _program(name: str) -> str:
    """Return a server program; Debian keeps them outside the PATH."""
    candidates = [*sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)]
    found = shutil.which(name) or next((str(path) for path in candidates), None)
    if found is None:
        raise RuntimeError(_HINT)
    return found


def _as_postgres(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root: become its own user, as Debian makes it."""
    if os.geteuid() != 0:
        return command
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]


@contextmanager
def running_server(*, durable: bool = False, within: Path | None = None) -> Iterator[str]:
    """Start a server, give the folder of its socket, stop it and remove everything.

    Args:
        durable: As it is installed, each commit on the disk: for what is measured.
        within: Where its files go; the folder for temporary files otherwise.
    """
    folder = Path(tempfile.mkdtemp(prefix="ecpg", dir=within))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    _run([_program("initdb"), "-D", str(folder / "data"), "-A", "trust", "-U", "postgres",
          "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"])  # fmt: skip
    start_server(str(folder), durable=durable)
    try:
        yield str(folder)
    finally:
        with suppress(RuntimeError):  # a test may have stopped it
            stop_server(str(folder), "immediate")
        shutil.rmtree(folder, ignore_errors=True)


def start_server(socket: str, *, durable: bool = False) -> None:
    """Start the server of this socket, again if it was stopped."""
    options = f"-k {socket} -h ''" + ("" if durable else _HASTY)
    _control(socket, "-l", f"{socket}/log", "-o", options, "start")


def stop_server(socket: str, mode: str = "fast") -> None:
    """Stop the server of this socket: `fast` cuts everybody off and loses no commit."""
    _control(socket, "-m", mode, "stop")


def _control(socket: str, *arguments: str) -> None:
    _run([_program("pg_ctl"), "-D", f"{socket}/data", "-w", "-s", *arguments])


def restart_server(socket: str) -> None:
    """Stop the server of this socket, whoever is at work, and start it again."""
    stop_server(socket)
    start_server(socket)


def cut_connections(url: str, socket: str) -> None:
    """Terminate every session of a database, as an operator of the server would."""
    _administer(
        socket,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        f" WHERE datname = '{name_of(url)}'",
    )


def _run(command: list[str]) -> None:
    done = subprocess.run(
        _as_postgres(command), check=False, capture_output=True, text=True, cwd="/"
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stdout}{done.stderr}")


def new_database(socket: str, template: str = "template1") -> str:
    """Create a database on the server of this socket and return its URL.

    Args:
        socket: The folder of the socket.
        template: The name of the database to copy; an empty one otherwise.
    """
    name = f"office_{os.getpid()}_{next(_numbers)}"
    _administer(socket, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return f"postgresql://postgres@/{name}?host={socket}"


KEEPER = "keeper of the test database"
"""The name of the one session that is no test's."""


class KeptDatabase:
    """A database that test after test finds empty: emptying takes a hundredth of copying.

    A test that has changed more than rows is not followed by another one in there.
    """

    def __init__(self, socket: str, template: str) -> None:
        self._socket = socket
        self._template = template
        self._url = ""
        self._shape: object = None
        self._session: psycopg.Connection[TupleRow] | None = None
        self._known: dict[str, tuple[dict[str, bytes], dict[str, int]]] = {}

    def emptied(self) -> str:
        """Return the URL of the database, no test connected to it and no row in it."""
        if self._url:
            session = self._connected()
            _send_away(session)
            if session.execute(_SHAPE).fetchone() == self._shape:
                _empty(session)
                return self._url
            self.close()
            drop_database(self._socket, self._url)
        self._url = new_database(self._socket, self._template)
        self._shape = self._connected().execute(_SHAPE).fetchone()
        return self._url

    def _connected(self) -> psycopg.Connection[TupleRow]:
        """Return the session that stays, or another one if the last test ended it.

        The server needs ten times as long for the first questions of a session.
        """
        if self._session is not None:
            try:
                self._session.execute("SELECT")
            except psycopg.OperationalError:
                self.close()
        if self._session is None:
            self._session = psycopg.connect(
                f"host={self._socket} user=postgres dbname={name_of(self._url)}",
                application_name=KEEPER,
                autocommit=True,
            )
        return self._session

    def bring(self, name: str, make: Callable[[], object]) -> None:
        """Have what `make` leaves in the database, by doing it or by writing its rows again.

        Args:
            name: What it is; under this name its rows are known from then on.
            make: Fills the database, and leaves every transaction ended.
        """
        if name not in self._known:
            make()
            self._known[name] = _taken(self._connected())
            return
        _empty(self._connected())
        _write(self._connected(), *self._known[name])

    def close(self) -> None:
        """End the session that stays."""
        if self._session is not None:
            self._session.close()
            self._session = None


_EVERYBODY_OUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_PATIENCE_SECONDS = 5
_SHAPE = """
    SELECT md5(string_agg(one, ' ' ORDER BY one)) FROM (
        SELECT concat_ws('.', attrelid::regclass, attname, atttypid, attnotnull)
            FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
            WHERE relnamespace = 'public'::regnamespace AND attnum > 0
        UNION ALL SELECT concat_ws('.', tgrelid::regclass, tgname, tgenabled)
            FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT concat_ws('.', conrelid::regclass, conname) FROM pg_constraint
        UNION ALL SELECT version_num FROM alembic_version
    ) AS shape(one)
"""
_TABLES = """
    SELECT relname FROM pg_class WHERE relkind = 'r'
    AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
"""
_UNCOUNTED = """
    UPDATE pg_class SET reltuples = -1 WHERE relkind = 'r'
    AND relnamespace = 'public'::regnamespace AND reltuples >= 0
"""
_BEGUN = """
    SELECT sequencename FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


def _send_away(session: psycopg.Connection[TupleRow]) -> None:
    """End every other session; asked to wait itself, the server looks every tenth of a second."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while session.execute(_EVERYBODY_OUT).fetchone() and time.monotonic() < end:
        time.sleep(0.002)


def _empty(session: psycopg.Connection[TupleRow]) -> None:
    tables = [row[0] for row in session.execute(_TABLES)]
    # As a replica would: no trigger forbids it, no foreign key asks for an order.
    session.execute("SET session_replication_role = replica")
    session.execute("".join(f'DELETE FROM "{name}";' for name in tables))
    # What an earlier test made the server count is not what the next one finds.
    session.execute(_UNCOUNTED)
    for (name,) in session.execute(_BEGUN).fetchall():
        session.execute(f'ALTER SEQUENCE "{name}" RESTART')


def _taken(session: psycopg.Connection[TupleRow]) -> tuple[dict[str, bytes], dict[str, int]]:
    """Return the rows of each table as `COPY` gives them, and how far each sequence has come."""
    rows = {}
    for (name,) in session.execute(_TABLES).fetchall():
        with session.cursor().copy(f'COPY "{name}" TO STDOUT') as copy:
            rows[name] = b"".join(copy)
    begun = [name for (name,) in session.execute(_BEGUN)]
    return {name: lines for name, lines in rows.items() if lines}, {
        name: session.execute(f'SELECT last_value FROM "{name}"').fetchall()[0][0] for name in begun
    }


def _write(
    session: psycopg.Connection[TupleRow], rows: dict[str, bytes], counted: dict[str, int]
) -> None:
    """Write them again; `_empty` has said that no trigger and no foreign key be asked."""
    for name, lines in rows.items():
        with session.cursor().copy(f'COPY "{name}" FROM STDIN') as copy:
            copy.write(lines)
    for name, last in counted.items():
        session.execute("SELECT setval(%s, %s)", (f'"{name}"', last))


def name_of(url: str) -> str:
    """Return the name of the database of an URL that `new_database` gave."""
    return url.partition("@/")[2].partition("?")[0]


def drop_database(socket: str, url: str) -> None:
    """Remove a database, whoever is still connected: thousands of files pile up otherwise."""
    _administer(socket, f'DROP DATABASE "{name_of(url)}" WITH (FORCE)')


def _administer(socket: str, statement: str) -> None:
    with psycopg.connect(f"host={socket} user=postgres dbname=postgres", autocommit=True) as admin:
        admin.execute(statement)
