"""One portal for a whole file of tests: people and journeys are put where a test needs them.

Walking to the eighth page by clicks takes ten times as long as looking at it; other files walk.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext
from sqlalchemy import delete, update

from dev.franceconnect.misdeeds import HONEST
from dev.franceconnect.people import Person, person
from dev.franceconnect.provider import Provider
from educonnect_admin import edge
from educonnect_admin.domain.accounts import Account
from educonnect_admin.domain.base import Base
from educonnect_admin.domain.mail_links import LinkKind
from educonnect_admin.domain.people import Guardian
from educonnect_admin.domain.setbacks import TryCount, TryKind
from educonnect_admin.edge import Services
from educonnect_admin.opening import open_office
from educonnect_admin.parents.claiming import Claimant
from educonnect_admin.parents.coming_in import begin_journey
from educonnect_admin.parents.franceconnect_names import ARRIVAL
from educonnect_admin.parents.mail_links import send_link
from educonnect_admin.parents.means import Client, Means
from educonnect_admin.parents.proofs import give_code, give_dates
from educonnect_admin.parents.register_by_sms import begin
from educonnect_admin.portal import seam
from educonnect_admin.settings import Settings
from tests.browser.served import ServedPortal, served
from tests.conftest import NOW
from tests.parents.portal_office import Clock, last_code
from tests.portal.holders import Holders
from tests.portal.outgoing import queued
from tests.support.franceconnect import SECRET, running_provider
from tests.support.schema import copy_file
from tests.support.smtp import free_port

CLIENT = Client("127.0.0.1")
MOBILE = "+33612345678"
NAMELESS = person([], "SEULNOM")
BORN = {"Enzo": date(2020, 3, 4), "Léa": date(2016, 5, 6)}
_STAYS = {"schools", "school_classes", "pupils", "guardians", "guardianships", "enrolments"}
_STAYS |= {"identifier_series", "name_words", "offices", "trail_heads", "trail_entries"}
"""What no test here changes, or what is for ever."""


class Stage(Holders):
    """The three families in front of the portal, and a provider of identities."""

    def __init__(self, portal: ServedPortal, provider: Provider) -> None:
        super().__init__(portal.services)
        self.portal, self.provider = portal, provider

    def clear(self) -> None:
        """Let nobody have an account, nothing have been tried, and the moment be `NOW`."""
        self.portal.now, self.provider.misdeeds = NOW, HONEST
        # What it has learnt of the provider: it must ask anew, and find it down.
        self.services.__dict__.pop("franceconnect", None)
        with self.services.transaction() as session:
            session.execute(update(Guardian).values(account_id=None))
            for table in reversed(Base.metadata.sorted_tables):
                if table.name not in _STAYS:
                    session.execute(delete(table))

    @property
    def clock(self) -> Clock:
        """What finds the visitor of a token, at the moment that the portal believes in."""
        return Clock(self.services, self.portal.now)

    @property
    def means(self) -> Means:
        """The means of one more request."""
        return self.clock.means

    def by_sms(self, context: BrowserContext, *, code: bool = False, dates: bool = False) -> None:
        """Let Céline be on the way by SMS: a code sent, typed, and every date given."""
        claimant = Claimant.of(given_names=["Céline"], surnames=["Dupont"], mobile=MOBILE)
        begun = begin(self.means, CLIENT, None, claimant)
        assert begun.token is not None, begun
        self.portal.hand(context, begun.token)
        if code or dates:
            give_code(self.means, self.clock.visitor(begun.token), last_code(self.services))
        if dates:
            given = {self.pupil(name): born for name, born in BORN.items()}
            give_dates(self.means, self.clock.visitor(begun.token), given)

    def by_franceconnect(self, context: BrowserContext) -> None:
        """Let Céline come back from the provider, a stranger to the portal."""
        who = {"family_name": "DURAND", "given_names": ["Céline"], "usage_name": "DUPONT"}
        kept = {ARRIVAL: {"digest": "celine", "id_token": "", **who}}
        with self.services.transaction() as session:
            token = begin_journey(session, self.means, kept)
        self.portal.hand(context, token)

    def link_to_franceconnect(self, account_id: int, who: Person) -> None:
        """Let somebody have come by FranceConnect before."""
        known = f"{self.provider.issuer}\n{who.sub}"
        digest = self.means.digests.lasting("franceconnect", known)
        self.set(account_id, franceconnect_digest=digest, franceconnect_at=NOW)

    def mail_link(self, account_id: int, kind: LinkKind, email: str = "nadia@example.fr") -> str:
        """Send somebody a link, and return its address."""
        with self.services.transaction() as session:
            account = session.get_one(Account, account_id)
            send_link(session, self.means, account, kind, email)
        return str(queued(self.services)[-1][2]["link"])

    def set(self, account_id: int, **facts: object) -> None:
        """Change an account."""
        with self.services.transaction() as session:
            session.execute(update(Account).where(Account.id == account_id).values(**facts))

    def tried(self, most: int, until: datetime, kind: TryKind | None = None) -> None:
        """Let what was tried until now, all or of one kind, have been tried so often."""
        counts = update(TryCount)
        if kind is not None:
            counts = counts.where(TryCount.kind == kind)
        with self.services.transaction() as session:
            session.execute(counts.values(failures=most, locked_until=until))


@contextmanager
def _settings(folder: Path, provider: Provider) -> Iterator[Settings]:
    address = f"http://127.0.0.1:{free_port()}"
    provider.back = [f"{address}/franceconnect/retour", f"{address}/franceconnect/deconnexion"]
    secret = folder / "franceconnect.secret"
    secret.write_text(f"{SECRET}\n", encoding="ascii")
    yield Settings(
        database_url=str(folder / "office" / "educonnect.sqlite"),
        secret_key_file=folder / "secret.key",
        operator="alice",
        hashing="cheap-for-tests",
        portal_url=address,
        franceconnect_issuer=provider.issuer,
        franceconnect_client_id=provider.client_id,
        franceconnect_client_secret_file=secret,
    )


@contextmanager
def staged(folder: Path, template: Path) -> Iterator[Stage]:
    """Serve an office of three families, with FranceConnect.

    Args:
        folder: Where its files may lie.
        template: An empty database.
    """
    with running_provider(NAMELESS) as provider, _settings(folder, provider) as settings:
        copy_file(template, Path(settings.database_url))
        services = open_office(settings, NOW)
        with served(services, NOW) as portal, pytest.MonkeyPatch.context() as patch:
            provider.tell_time = portal.clock
            for module in (seam, edge):
                patch.setattr(module, "clock", portal.clock)
            # What is posted stays in the outbox, where the test reads it.
            patch.setattr(Services, "deliver", lambda _self, _ids: None)
            yield Stage(portal, provider)
        services.close()
