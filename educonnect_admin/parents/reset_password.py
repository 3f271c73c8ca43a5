"""Behind the link to another password: looking changes nothing, a password is set once (R-55)."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from educonnect_admin.domain.accounts import Account, AccountState
from educonnect_admin.domain.holder_passwords import PasswordFault, password_fault
from educonnect_admin.domain.mail_links import LinkKind, MailLink
from educonnect_admin.domain.messages import MessageKind
from educonnect_admin.domain.trail import Happening, TrailKind
from educonnect_admin.gateways.hashing import owner_of_account
from educonnect_admin.parents.known_browsers import remember_browser
from educonnect_admin.parents.letter_passwords import is_of_a_letter
from educonnect_admin.parents.mail_links import LinkVerdict, look_at_link, use_link
from educonnect_admin.parents.means import Client, Means
from educonnect_admin.parents.notices import tell_holder
from educonnect_admin.parents.recover_password import mails_of_resets
from educonnect_admin.parents.telling import told
from educonnect_admin.queries.accounts import locked_accounts
from educonnect_admin.queries.links import cancel_waiting, end_links
from educonnect_admin.queries.reserved_tries import forget_failures
from educonnect_admin.queries.trail import append_to_trail
from educonnect_admin.queries.tries import forget_log_in_tries
from educonnect_admin.queries.visits import end_visits_of


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ResetLink:
    """A link to another password as it is when looked at."""

    verdict: LinkVerdict
    account_id: int
    identifier: str
    email: str

    def __repr__(self) -> str:
        return f"ResetLink({self.verdict!s})"


class Reset(StrEnum):
    """What became of a new password that is well made."""

    DONE = "done"
    GONE = "gone"
    """The link does nothing any more; `look_at_reset` says why."""


def look_at_reset(means: Means, token: str) -> ResetLink | None:
    """Return what a link would do, changing nothing; None if there never was such a link."""
    found = look_at_link(means, token)
    if found is None or found.kind is not LinkKind.PASSWORD_RESET:
        return None
    with means.reading() as session:
        account = session.get_one(Account, found.account_id)
        verdict = found.verdict
        if verdict is LinkVerdict.LIVE and not _may_reset(account, found.email):
            verdict = LinkVerdict.REPLACED
        return ResetLink(
            verdict=verdict,
            account_id=account.id,
            identifier=account.identifier,
            email=found.email,
        )


def reset_password(means: Means, token: str, password: str) -> Reset | PasswordFault:
    """Set another password, once: the former one, its visits and its locks are over.

    A change of address that waits is over too: whoever asked for it may be whom the holder
    wants to shut out.

    Args:
        means: Of the request.
        token: What stands in the address.
        password: As typed.

    Returns:
        Whether it was done, or what is wrong with the password: then the link still works.

    Rules: R-4, R-5, R-6, R-55, R-63.
    """
    found = look_at_reset(means, token)
    if found is None or found.verdict is not LinkVerdict.LIVE:
        return Reset.GONE
    fault = password_fault(password, identifier=found.identifier)
    if fault is None and is_of_a_letter(means, found.account_id, password):
        fault = PasswordFault.IS_TEMPORARY
    if fault is not None:
        return fault
    sealed = means.vault.seal(password, owner_of_account(found.account_id))
    with means.transaction() as session:
        [account] = locked_accounts(session, [found.account_id])
        if not _may_reset(account, found.email):
            return Reset.GONE
        link = use_link(session, means, token, LinkKind.PASSWORD_RESET)
        if link is None:
            return Reset.GONE
        account.password_hash, account.password_set_at = sealed, means.now
        _shut_out(session, means, account)
        append_to_trail(session, means.author, _told(session, means, account, link))
        return Reset.DONE


def browser_of_reset(means: Means, client: Client, link: ResetLink) -> str:
    """Return the cookie of a browser in which a password was just set.

    The mail is a proof: whoever has given it gets in, however many guesses from elsewhere lock
    the account again (R-9).
    """
    with means.reading() as session:
        return remember_browser(means, client, session.get_one(Account, link.account_id))


def _may_reset(account: Account, email: str) -> bool:
    """Tell whether the account still is what the link was sent for.

    One that the desk has reset since waits for its letter (R-13); a mailbox that is no longer
    the account's opens nothing.
    """
    confirmed = account.confirmed_email
    return account.state is AccountState.ACTIVE and (confirmed or "").lower() == email.lower()


def _shut_out(session: Session, means: Means, account: Account) -> None:
    """End what others may have in hand; the mail is a proof that frees the holder (R-6)."""
    account.sessions_void_at = means.now
    account.pending_email = account.pending_email_at = None
    end_links(session, account.id, LinkKind.EMAIL_CHANGE, means.now)
    cancel_waiting(session, account.id, MessageKind.EMAIL_CHANGE, means.now)
    end_visits_of(session, account.id)
    forget_log_in_tries(session, account.id)
    forget_failures(session, mails_of_resets(account.id))


def _told(session: Session, means: Means, account: Account, link: MailLink) -> list[Happening]:
    number = {"request": link.request_number}
    return [
        *told(session, TrailKind.PASSWORD_CHANGED, account.id, number),
        tell_holder(session, means, account.id, MessageKind.PASSWORD_CHANGED, link.email),
    ]
