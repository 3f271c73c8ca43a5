"""The code on a letter: what it tells the log-in page (R-10)."""

from educonnect_admin.domain.letters import NUMBER_LENGTH
from educonnect_admin.parents.guesses import guess_from
from educonnect_admin.parents.means import Client, Means
from educonnect_admin.queries.log_in import end_of, letter_of_number
from educonnect_admin.queries.reserved_tries import locked_until, reserve_try


def identifier_of_letter(means: Means, client: Client, number: str) -> str | None:
    """Return the identifier that a letter bears, as long as the letter lives.

    A number that is nobody's and one that is over are the same, and count as guesses.

    Args:
        means: Of the request.
        client: Where it comes from.
        number: As it stands in the address.

    Rules: R-6, R-10.
    """
    subject = guess_from(means, client)
    with means.reading() as session:
        if locked_until(session, subject, means.now) is not None:
            return None
        found = letter_of_number(session, number.upper()) if _is_number(number) else None
        if found is not None:
            letter, time_zone, account = found
            if end_of(letter, time_zone, means.now) is None:
                return account.identifier
    with means.transaction() as session:
        reserve_try(session, subject, means.limits.guess, means.now)
    return None


def _is_number(text: str) -> bool:
    return len(text) == NUMBER_LENGTH and text.isascii() and text.isalnum()
