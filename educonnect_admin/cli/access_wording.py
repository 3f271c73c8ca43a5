"""How a reason of `accounts explain` is put into words: texts, and what fills them."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import product
from string import Formatter
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from educonnect_admin.cli.speech import counted

if TYPE_CHECKING:
    from educonnect_admin.domain.troubles import Fact, Finding
    from educonnect_admin.office.explain_access import Explanation

RESEND_ANY = "letters resend "
RESEND = "letters resend {identifier} --output courriers --reason 'nouveau courrier'"
RESEND_BY_MAIL = "letters resend {identifier} --email --reason 'nouveau courrier'"


class Wording(NamedTuple):
    """The reason in a sentence, what the desk should do, what to say to the parent, commands."""

    sentence: str
    advice: str
    say: str
    commands: tuple[str, ...]


class Told(NamedTuple):
    """A finding in French, its commands ready to be typed."""

    sentence: str
    advice: str
    say: str
    commands: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Told({len(self.commands)} commands)"


def told(explanation: "Explanation", finding: "Finding", wording: Wording) -> Told:
    """Fill the words of a finding with its facts."""
    texts = text_values(explanation, finding)
    choices = command_values(explanation, finding)
    return Told(
        wording.sentence.format_map(texts),
        wording.advice.format_map(texts),
        wording.say.format_map(texts),
        tuple(
            f"educonnect-admin {command}"
            for template in wording.commands
            for command in _commands(template, choices)
            if _can_be_done(template, explanation)
        ),
    )


def _commands(template: str, choices: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield a command once for each choice of what it is about; not at all if there is none."""
    names = sorted({name for _, name, _, _ in Formatter().parse(template) if name})
    for values in product(*(choices.get(name, ()) for name in names)):
        quoted = {name: shlex.quote(value) for name, value in zip(names, values, strict=True)}
        yield template.format_map(quoted)


def _can_be_done(template: str, explanation: "Explanation") -> bool:
    """Tell whether a letter can be sent again: a child brings it, or a school knows an address."""
    if template.startswith(RESEND_ANY) and not any(
        child.legal and child.enrolled for child in explanation.children
    ):
        return False
    return template != RESEND_BY_MAIL or explanation.school_email is not None


def command_values(explanation: "Explanation", finding: "Finding") -> dict[str, Sequence[str]]:
    """Return what commands are made of: for each name the values, none if not known."""
    facts = finding.facts
    ward = next((child for child in explanation.children if child.legal and child.enrolled), None)
    schools = [str(facts["uai"])] if facts.get("uai") else list(explanation.schools)
    return {
        "identifier": [explanation.identifier],
        "school": [ward.uai] if ward else schools,
        "class": [ward.class_label] if ward and ward.class_label else [],
        "pupil": _texts(facts.get("pupil")),
        "guardian": _texts(facts.get("guardians")),
        "others": _texts(facts.get("others")),
        "principal": _texts(facts.get("principal")),
        "dormant": _texts(facts.get("dormant")),
    }


def _texts(fact: "Fact") -> list[str]:
    if fact is None:
        return []
    return [str(one) for one in fact] if isinstance(fact, list) else [str(fact)]


def text_values(explanation: "Explanation", finding: "Finding") -> dict[str, str]:
    """Return what sentences are filled with; what is not known says so."""
    facts = finding.facts
    zone = explanation.time_zone
    others, own = _texts(facts.get("others")), explanation.account_email
    closes_on = facts.get("closes_on")
    return {
        "identifier": explanation.identifier,
        "email": explanation.email or "aucune adresse connue",
        "account_email": own or "l'adresse du compte",
        "old_address": f"tout part à l'ancienne, {own}" if own else "aucun mail ne peut partir",
        "pending_email": explanation.pending_email or "inconnue",
        "since": _when(facts.get("since"), zone),
        "until": _when(facts.get("until"), zone, to_the_minute=True),
        "former_since": _when(facts.get("former_since"), zone),
        "next_try": _when(facts.get("next_try"), zone, to_the_minute=True),
        "closing": f" le {_when(closes_on, zone)}" if closes_on else "",
        "last_login": _last_login(facts.get("last_login"), zone),
        "failures": str(facts.get("failures", "plusieurs")),
        "attempts": counted(int(str(facts.get("attempts") or 0)), "essai"),
        "error": mail_error(facts.get("error")),
        "batch": str(facts.get("batch") or "en cours"),
        "child": _child(explanation, facts.get("pupil")),
        "number": _grouped(facts.get("number")),
        "former_number": _grouped(facts.get("former_number")),
        "principal": str(facts.get("principal") or "un autre compte"),
        "others": " et ".join(others),
        "journey": _JOURNEYS.get(str(facts.get("journey")), ""),
        "where": f", envoyé à {explanation.school_email}" if facts.get("message") else "",
    }


_JOURNEYS = {"sms": " par SMS", "franceconnect": " par FranceConnect"}


def _when(fact: "Fact", zone: str, *, to_the_minute: bool = False) -> str:
    from educonnect_admin.letters.dates import in_words

    if isinstance(fact, datetime):
        there = fact.astimezone(ZoneInfo(zone))
        hour = f" à {there.hour} h {there.minute:02}" if to_the_minute else ""
        return in_words(there.date()) + hour
    return in_words(fact) if isinstance(fact, date) else "(date inconnue)"


def _last_login(fact: "Fact", zone: str) -> str:
    if fact is None:
        return "sans connexion connue"
    return f"dernière connexion le {_when(fact, zone, to_the_minute=True)}"


def _child(explanation: "Explanation", pupil_id: "Fact") -> str:
    for child in explanation.children:
        if child.pupil_id == pupil_id:
            return f"{child.given_name} {child.surname}"
    return f"l'élève {pupil_id}" if pupil_id else "l'enfant"


def _grouped(number: "Fact") -> str:
    """Return the number of a letter as it stands on the letter."""
    text = str(number or "inconnu")
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4)) if number else text


def mail_error(code: "Fact") -> str:
    """Return why a mail did not leave, from the code that the outbox keeps."""
    text = str(code or "")
    for beginning, words in _MAIL_ERRORS:
        if text.startswith(beginning):
            return f"{words}, {text}"
    return text or "sans réponse du serveur"


_MAIL_ERRORS = (
    ("smtp.550", "adresse refusée"),
    ("smtp.552", "boîte pleine"),
    ("smtp.452", "boîte pleine"),
    ("smtp.4", "serveur qui demande d'attendre"),
    ("smtp.5", "message refusé"),
)
