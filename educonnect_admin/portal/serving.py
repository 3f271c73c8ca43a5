"""Opening the portal: one address, as many processes as wanted, each with its own office."""

import logging
import signal
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import parent_process
from types import FrameType

from starlette.types import ASGIApp
from uvicorn import Config, Server
from uvicorn.config import STARTUP_FAILURE
from uvicorn.server import HANDLED_SIGNALS
from uvicorn.supervisors import Multiprocess

from educonnect_admin.cores import available_cores
from educonnect_admin.domain.portal_errors import CannotListen, PortalFailed
from educonnect_admin.opening import open_services
from educonnect_admin.portal.application import make_application
from educonnect_admin.portal.even_shares import WAITING, EvenShares
from educonnect_admin.portal.housekeeping import lifespan_of
from educonnect_admin.portal.journal import Journal, log_settings
from educonnect_admin.portal.seam import where_it_broke
from educonnect_admin.process_secrets import hide_memory, secrets_kept_from_children
from educonnect_admin.settings import Settings
from educonnect_admin.stops import STOPS, heard_stops, part_with_terminal, resume_hearing

LOG = logging.getLogger("educonnect_admin.portal")
PATIENCE = 30
"""Seconds that what is in hand is given when the portal stops."""

_STUCK = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the portal is open.

    Attributes:
        host, port: what it listens on.
        workers: how many processes answer.
        proxies: the addresses, or networks, whose `X-Forwarded-For` is believed.
    """

    host: str
    port: int
    workers: int = 1
    proxies: Sequence[str] = ()


@dataclass(frozen=True)
class MakePortal:
    """Makes the portal inside the process that is to answer.

    It crosses over to a new process whole, so it holds settings only: connections and keys
    are opened over there.
    """

    settings: Settings = field(repr=False)

    def __call__(self) -> ASGIApp:
        """Open the office and return its portal."""
        try:
            hide_memory()
            if parent_process() is not None:
                _leave_stopping_to_parent()
            services = open_services(self.settings)
            return Journal(make_application(services, lifespan=lifespan_of(services)))
        except Exception as error:
            # Whatever it is, the next process would meet it too. No traceback: it could quote.
            LOG.error("cannot begin: %s", where_it_broke(error))  # noqa: TRY400
            raise SystemExit(STARTUP_FAILURE) from None


def serve(settings: Settings, place: Place, listener: socket.socket) -> None:
    """Answer until told to stop, then finish what is in hand.

    Raises:
        PortalFailed: a process could not begin.
    """
    config = config_of(settings, place)
    with _unhurt_by_signals():
        if place.workers > 1:
            _serve_together(config, listener)
        else:
            _serve_alone(config, listener)


def config_of(settings: Settings, place: Place) -> Config:
    """Return how the server is set."""
    return Config(
        MakePortal(_shared_out(settings, place.workers)),
        factory=True,
        workers=place.workers,
        log_config=log_settings(),
        access_log=False,
        server_header=False,
        proxy_headers=bool(place.proxies),
        forwarded_allow_ips=list(place.proxies),
        ws="none",
        lifespan="on",
        loop=f"{EvenShares.__module__}:{EvenShares.__name__}",
        timeout_graceful_shutdown=PATIENCE,
        timeout_worker_healthcheck=_STUCK,
    )


def _serve_alone(config: Config, listener: socket.socket) -> None:
    try:
        Server(config).run(sockets=[listener])
    except SystemExit as left:
        raise PortalFailed from left


def _serve_together(config: Config, listener: socket.socket) -> None:
    kept = {stop: signal.getsignal(stop) for stop in STOPS if stop not in HANDLED_SIGNALS}
    family = Multiprocess(config, sockets=[listener])
    for stop, handler in kept.items():
        signal.signal(stop, handler)  # uvicorn's would begin every process anew
    with secrets_kept_from_children():  # also of those that take a dead one's place
        family.run()
    if any(one.exitcode == STARTUP_FAILURE for one in family.processes):
        raise PortalFailed


def _shared_out(settings: Settings, workers: int) -> Settings:
    """Return the settings of one process: its share of the hashes made at the same time."""
    at_once = settings.workers or available_cores()
    return settings.model_copy(update={"workers": max(1, at_once // workers)})


@contextmanager
def _unhurt_by_signals() -> Iterator[None]:
    """Let the server, which raises the signal that stopped it once more, end in peace."""
    former = {one: signal.signal(one, _pass_on) for one in heard_stops()}
    try:
        yield
    finally:
        resume_hearing(former)


def _pass_on(stop: int, _frame: FrameType | None) -> None:
    """Let the end of the terminal, of which a server alone knows nothing, stop it as the others."""
    part_with_terminal(stop)
    if stop not in HANDLED_SIGNALS:
        signal.raise_signal(signal.SIGTERM)


def _leave_stopping_to_parent() -> None:
    """Let the end of the terminal, which is told every process of it, cut no answer short."""
    for stop in heard_stops():
        if stop not in HANDLED_SIGNALS:
            signal.signal(stop, lambda number, _: part_with_terminal(number))


def listen(host: str, port: int) -> socket.socket:
    """Take the address before anything else is begun.

    Raises:
        CannotListen: it is taken, or none of this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CannotListen(host, port, None) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(WAITING)
    except OSError as error:
        listener.close()
        raise CannotListen(host, port, error.errno) from error
    listener.set_inheritable(True)
    return listener
