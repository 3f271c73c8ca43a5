"""The composition root: engine, transactions, clock, and the real outside world."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from socket import gethostname
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from educonnect_admin import databases, locks
from educonnect_admin.cores import available_cores
from educonnect_admin.database_troubles import database_words
from educonnect_admin.domain.mail_errors import MailNotSet
from educonnect_admin.domain.operators import Acting
from educonnect_admin.domain.trail import HOLDER, Author
from educonnect_admin.gateways.chance import Chance
from educonnect_admin.gateways.hashing import CHEAP, OWASP, Argon2Vault, InTurns, PasswordVault
from educonnect_admin.gateways.keys import Keyring, TrailPen
from educonnect_admin.gateways.sealing import LAST_IMPORT, OUTBOX, VISIT, KeyringSealer
from educonnect_admin.homes import at_home
from educonnect_admin.migrations import HEAD
from educonnect_admin.settings import Settings

if TYPE_CHECKING:
    from educonnect_admin.domain.messages import Postbox, Sealer
    from educonnect_admin.gateways.franceconnect import FranceConnect
    from educonnect_admin.gateways.mail import MailGateway
    from educonnect_admin.gateways.outcomes import SmsGateway
    from educonnect_admin.letters.press import LetterPress
    from educonnect_admin.letters.protection import Protection
    from educonnect_admin.messages.press import MessagePress
    from educonnect_admin.office.importing.announce_children import Announcer
    from educonnect_admin.office.mailing.mail_room import MailRoom
    from educonnect_admin.office.printing.print_room import PrintRoom
    from educonnect_admin.parents.means import Means


def clock() -> datetime:
    """Return the present moment, aware; read once a command or request (house rule 4)."""
    return datetime.now(UTC)  # noqa: TID251 - the one clock of the product


@dataclass(frozen=True)
class Services:
    """What use cases are given: a database, secrets, chance."""

    settings: Settings
    engine: Engine
    keyring: Keyring
    chance: Chance
    acting: Acting | None = None
    """The operator whose part of the office is shown; nobody's: the owner's, all of it."""

    @cached_property
    def vault(self) -> PasswordVault:
        """What hashes and checks passwords, at the cost the settings ask for."""
        cost = OWASP if self.settings.hashing == "owasp" else CHEAP
        vault = Argon2Vault(self.keyring, self.chance, cost)
        return InTurns(vault, self.settings.workers or available_cores())

    def author(self, now: datetime) -> Author:
        """Return who acts, for the trail."""
        return Author(self.settings.operator, now, TrailPen(self.keyring, self.chance))

    @cached_property
    def postbox(self) -> "Postbox":
        """What puts messages in the outbox, sealed (R-5)."""
        from educonnect_admin.domain.messages import Postbox

        sealer = KeyringSealer(self.keyring, self.chance, OUTBOX)
        return Postbox(sealer, lambda: self.chance.salt().hex())

    @property
    def announcer(self) -> "Announcer":
        """What writes to the holders of active accounts who gain a child (R-8)."""
        from educonnect_admin.office.importing.announce_children import Announcer

        return Announcer(self.postbox, self.settings.portal_url.rstrip("/"))

    @cached_property
    def import_sealer(self) -> "Sealer":
        """What closes the report of a school's last import: it quotes cells (R-66)."""
        return KeyringSealer(self.keyring, self.chance, LAST_IMPORT)

    @contextmanager
    def transaction(self, *, dry_run: bool = False, founding: bool = False) -> Iterator[Session]:
        """Commit what the block did, or nothing; a dry run keeps nothing.

        Args:
            dry_run: Forget it all at the end.
            founding: The block makes the schema itself.

        Raises:
            DatabaseUnavailable: the database or a lock was lost, or it refuses to work.
            BeyondScope: an operator may not make this change.
            OutdatedDatabase: another version of the program has changed the schema since.
        """
        with (
            database_words(confined=self.acting is not None),
            locks.watched(),
            databases.turn(self.engine),
            Session(self.engine, expire_on_commit=False) as session,
            session.begin() as transaction,
        ):
            if not founding:
                databases.refuse_other_schema(session, HEAD)
            yield session
            if dry_run:
                session.flush()  # let the constraints speak before forgetting
                transaction.rollback()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that only reads, one moment throughout; it does not hold writers up."""
        reader = self.engine.execution_options(**databases.reading_options(self.engine))
        words = database_words(confined=self.acting is not None)
        with words, Session(reader) as session, session.begin():
            yield session

    @contextmanager
    def lock(self, name: str) -> Iterator[bool]:
        """Hold a lock that dies with its process; give False if another one holds it.

        Raises:
            DatabaseUnavailable: the database was lost, or refuses to work; within the block
                also by a transaction that begins once the lock is lost.
        """
        with database_words(), locks.exclusive(self.engine, name) as held:
            yield held

    def print_room(self, now: datetime, protection: "Protection | None" = None) -> "PrintRoom":
        """Return the means of one run of printing, whose files may be closed.

        Raises:
            BadTemplate: a letter template, ours or the office's, can't be used.
        """
        from educonnect_admin.office.printing.print_room import PrintRoom

        return PrintRoom(
            transaction=self.transaction,
            dry_transaction=partial(self.transaction, dry_run=True),
            reading=self.reading,
            lock=self.lock,
            vault=self.vault,
            chance=self.chance,
            press=self.letter_press.protected(protection),
            stem_digest=self.keyring.stem_digest,
            portal_url=self.settings.portal_url.rstrip("/"),
            host=gethostname(),
            workers=self.settings.workers or available_cores(),
            author=self.author(now),
        )

    @cached_property
    def letter_press(self) -> "LetterPress":
        """What sets letters; made once, whatever the number of schools.

        Raises:
            BadTemplate: a letter template, ours or the office's, can't be used.
        """
        # Lazily: a PDF press is heavy, and few commands print.
        from educonnect_admin.letters.press import LetterPress

        return LetterPress(self.settings.templates_dir)

    @cached_property
    def message_press(self) -> "MessagePress":
        """What sets mails and SMS."""
        from educonnect_admin.messages.press import MessagePress

        return MessagePress(self.settings.templates_dir)

    def mail_room(self, tell_time: Callable[[], datetime] | None = None) -> "MailRoom":
        """Return the means of emptying the outbox.

        Raises:
            MailNotSet: no server, no folder, and no SQLite file to put a folder beside.
        """
        from educonnect_admin.messages.sender import NOBODY, Sender
        from educonnect_admin.office.mailing.mail_room import MailRoom

        folder, settings = self._message_folder(), self.settings
        return MailRoom(
            transaction=self.transaction,
            reading=self.reading,
            lock=self.lock,
            tell_time=tell_time or clock,
            author=self.author,
            draw_claim=lambda: self.chance.salt().hex(),
            postbox=self.postbox,
            key_file=self.keyring.path,
            press=self.message_press,
            sender=Sender(settings.mail_from or NOBODY, reply_to=settings.mail_reply_to),
            mails=self._mail_gateway(folder),
            folder=folder if settings.smtp_host is None else None,
            sms=self._sms_gateway(folder),
        )

    def _message_folder(self) -> Path | None:
        if self.settings.mail_folder is not None:
            return at_home(self.settings.mail_folder)
        on_file = self.engine.dialect.name == "sqlite"
        return databases.beside(self.engine.url, ".messages") if on_file else None

    def _mail_gateway(self, folder: Path | None) -> "MailGateway":
        from educonnect_admin.gateways.mail import SmtpServer
        from educonnect_admin.gateways.mail_folder import MailFolder
        from educonnect_admin.gateways.smtp_access import DEFAULT_PORTS, SmtpAccess

        settings = self.settings
        if settings.smtp_host is not None:
            return SmtpServer(
                SmtpAccess(
                    host=settings.smtp_host,
                    port=settings.smtp_port or DEFAULT_PORTS[settings.smtp_security],
                    security=settings.smtp_security,
                    user=settings.smtp_user,
                    password_file=settings.smtp_password_file,
                    ca_file=settings.mail_ca_file,
                )
            )
        if folder is None:
            raise MailNotSet
        return MailFolder(folder)

    def _sms_gateway(self, folder: Path | None) -> "SmsGateway | None":
        from educonnect_admin.gateways.mail_folder import SmsFolder
        from educonnect_admin.gateways.sms_https import HttpsSms
        from educonnect_admin.gateways.sms_ovh import OvhSms

        settings = self.settings
        if settings.sms_gateway == "https":
            return HttpsSms(
                url=settings.sms_url or "",
                method=settings.sms_method,
                body=settings.sms_body or "",
                headers_file=settings.sms_headers_file,
                sender=settings.sms_sender,
            )
        if settings.sms_gateway == "ovh":
            return OvhSms(
                service=settings.sms_ovh_service or "",
                credentials_file=settings.sms_ovh_credentials_file or Path(),
                sender=settings.sms_sender,
            )
        return SmsFolder(folder) if folder else None

    def means(self, now: datetime) -> "Means":
        """Return the means of one request of the portal."""
        from educonnect_admin.gateways.digests import Digests
        from educonnect_admin.limits import limits_of
        from educonnect_admin.parents.means import Means

        return Means(
            now=now,
            transaction=self.transaction,
            reading=self.reading,
            author=self.author(now)._replace(operator=HOLDER),
            vault=self.vault,
            chance=self.chance,
            digests=Digests(self.keyring),
            sealer=KeyringSealer(self.keyring, self.chance, VISIT),
            postbox=self.postbox,
            portal_url=self.settings.portal_url.rstrip("/"),
            limits=limits_of(self.settings),
            franceconnect=self.franceconnect,
        )

    @cached_property
    def franceconnect(self) -> "FranceConnect | None":
        """The identity provider, if one is set (R-40)."""
        from educonnect_admin.gateways.franceconnect import franceconnect_of

        return franceconnect_of(self.settings, self.chance)

    def deliver(self, message_ids: Collection[int]) -> None:
        """Try to send messages at once, after the commit that queued them.

        What does not leave now waits for `mail deliver`.

        Raises:
            MailNotSet: there is no way out at all.
        """
        from educonnect_admin.office.deliver_messages import deliver_messages

        deliver_messages(self.mail_room(), only_ids=message_ids)

    def schema_version(self) -> str:
        """Return the revision of the schema, as the database tells it."""
        with database_words(), self.engine.connect() as connection:
            return databases.schema_version(connection) or ""

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()
