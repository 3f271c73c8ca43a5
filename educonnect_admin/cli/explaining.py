"""`accounts explain`: why this parent can't get in, and what to do next."""

import re
import sys
from collections.abc import Mapping
from datetime import date, datetime
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, Any

import typer

from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.french import FrenchCommand
from educonnect_admin.cli.options import Json

if TYPE_CHECKING:
    from educonnect_admin.cli.access_wording import Told
    from educonnect_admin.domain.access import ChildFacts
    from educonnect_admin.domain.troubles import Fact, Finding
    from educonnect_admin.office.explain_access import Explanation


def register(app: typer.Typer) -> None:
    """Add the command to the group of accounts."""
    app.command("explain", cls=FrenchCommand)(explain)


def explain(
    context: typer.Context,
    identifier: Annotated[
        str,
        typer.Argument(
            metavar="IDENTIFIANT",
            help="L'identifiant, comme le parent le tape : majuscules et espaces ne gênent pas.",
        ),
    ],
    json: Json = False,
) -> None:
    """Dire pourquoi un parent n'arrive pas à entrer, que faire, et quoi lui répondre."""
    from educonnect_admin.cli.access_wording import told
    from educonnect_admin.cli.access_words import ACCESS_WORDS
    from educonnect_admin.edge import clock
    from educonnect_admin.office.explain_access import explain_access

    desk: Desk = context.obj
    speech = desk.speech(json=json)
    with desk.office() as services, services.reading() as session:
        why = explain_access(session, identifier, clock())
    reasons = [
        (finding, told(why, finding, ACCESS_WORDS[finding.trouble])) for finding in why.findings
    ]
    speech.show(_page(why, reasons))
    speech.result(_for_program(why, reasons))


Reasons = list[tuple["Finding", "Told"]]


def _page(why: "Explanation", reasons: Reasons) -> str:
    """Return the page that the desk reads with the parent on the telephone."""
    main = reasons[0][1]
    lines = [*_who(why), "", main.sentence, "", "Que faire", f"  {main.advice}"]
    lines += [line for command in main.commands for line in typed(command, "    ")]
    lines += ["", "À dire au parent", f"  «{main.say}»"]
    shown = set(main.commands)
    if len(reasons) > 1:
        lines += ["", "À noter aussi"]
    for _, other in reasons[1:]:
        lines.append(f"  - {other.sentence}")
        for command in [one for one in other.commands if one not in shown][:1]:
            lines += typed(command, "      ")
            shown.add(command)
    return "\n".join(lines)


def _who(why: "Explanation") -> list[str]:
    from educonnect_admin.cli.state_words import state_words

    name = f"{' '.join(why.name)} · " if why.name else ""
    who = f"{name}{why.identifier} · {state_words(why.state, expired=_has_expired(why))}"
    children = {child.pupil_id: _child(child) for child in why.children if child.enrolled}
    if not children:
        return [who]
    noun = "Enfant" if len(children) == 1 else "Enfants"
    return [who, f"{noun} : {', '.join(children.values())}"]


def _child(child: "ChildFacts") -> str:
    name = f"{child.given_name} {child.surname}"
    return f"{name} ({child.class_label})" if child.class_label else name


def _has_expired(why: "Explanation") -> bool:
    """Tell whether every letter is over; not merely undelivered or superseded by a newer."""
    from educonnect_admin.domain.troubles import Trouble

    over = {Trouble.LETTER_EXPIRED, Trouble.LETTER_VOID, Trouble.LETTER_WITHDRAWN}
    return any(finding.trouble in over for finding in why.findings)


def typed(command: str, indent: str) -> list[str]:
    """Return a command as it can be copied: on a terminal, a long one goes on after a `\\`."""
    whole = indent + command
    if not sys.stdout.isatty() or len(whole) < get_terminal_size().columns:
        return [whole]
    lines, line = [], indent
    for part in re.split(r" (?=--)", command):
        if len(line) + len(part) + 3 > get_terminal_size().columns and line.strip():
            lines.append(f"{line.rstrip()} \\")
            line = f"{indent}  "
        line += f"{part} "
    return [*lines, line.rstrip()]


def _for_program(why: "Explanation", reasons: Reasons) -> dict[str, Any]:
    findings = [
        {**_said(finding, words), "facts": _iso(finding.facts)} for finding, words in reasons
    ]
    return {
        "identifier": why.identifier,
        "state": why.state.value,
        **_said(*reasons[0]),
        "findings": findings,
    }


def _said(finding: "Finding", words: "Told") -> dict[str, Any]:
    return {
        "reason": finding.trouble.value,
        "sentence": words.sentence,
        "advice": words.advice,
        "say": words.say,
        "commands": list(words.commands),
    }


def _iso(facts: "Mapping[str, Fact]") -> dict[str, Any]:
    return {
        name: fact.isoformat() if isinstance(fact, date | datetime) else fact
        for name, fact in facts.items()
    }
