"""Mails and SMS from templates: what they say, how they say it, what can't be smuggled in."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from educonnect_admin.domain.mail_errors import BadMailTemplate
from educonnect_admin.domain.messages import MessageKind
from educonnect_admin.messages.gsm import septets
from educonnect_admin.messages.press import SMS_KINDS, BadAddress, MessagePress
from educonnect_admin.messages.sender import Sender
from tests.conftest import NOW
from tests.support.outbox import LEO, LETTER, SCHOOL, SENDER, VALUES

MAILS = [kind for kind in MessageKind if kind not in SMS_KINDS]


def made(
    kind: MessageKind = MessageKind.LETTER,
    *,
    to: str = "zoe@exemple.fr",
    sender: Sender = SENDER,
    press: MessagePress | None = None,
    **changes: Any,
) -> EmailMessage:
    """Return a mail as its receiver parses it."""
    message = (press or MessagePress(None)).mail(
        kind,
        to,
        VALUES[kind] | changes,
        reference="cd" * 16,
        created_at=NOW,
        sender=sender,
    )
    return message_from_bytes(message.as_bytes(), policy=policy.default)


def part(message: EmailMessage, kind: str) -> str:
    """Return the text or the HTML of a mail."""
    body = message.get_body((kind,))
    assert body is not None
    content = body.get_content()
    assert isinstance(content, str)
    return content


class Page(HTMLParser):
    """The tags of a page and the words of it."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))
        if tag == "a":
            self.links.append((dict(attrs).get("href") or "", ""))

    def handle_data(self, data: str) -> None:
        """Note words."""
        self.words.append(data)
        if self.tags and self.tags[-1][0] == "a" and self.links[-1][1] == "":
            self.links[-1] = (self.links[-1][0], data)

    @property
    def text(self) -> str:
        """All the words."""
        return " ".join(" ".join(self.words).split())


@pytest.mark.parametrize("kind", MAILS)
def test_the_headers_of_every_mail(kind: MessageKind) -> None:
    """Automatic, from the administrator, a stable id, no list."""
    message = made(kind, sender=Sender("services@exemple.fr", reply_to="aide@exemple.fr"))

    sender = message["From"].addresses[0]
    assert sender.display_name == "Administrateur des services en ligne"
    assert sender.addr_spec == "services@exemple.fr"
    assert message["Reply-To"] == "aide@exemple.fr"
    assert message["Message-ID"] == f"<{'cd' * 16}@exemple.fr>"
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Content-Language"] == "fr"
    assert message["Subject"].startswith("Services en ligne de l'éducation nationale – ")
    names = {name.lower() for name in message}
    assert not [name for name in names if name.startswith("list-") or name == "precedence"]
    assert message.get_content_type() == "multipart/alternative"
    kinds = [one.get_content_type() for one in message.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    for one in message.iter_parts():
        assert one["Content-Transfer-Encoding"] == "quoted-printable"
        assert one.get_content_charset() == "utf-8"
        assert one["Content-Language"] == "fr"


@pytest.mark.parametrize("kind", MAILS)
def test_a_mail_is_the_same_every_time(kind: MessageKind) -> None:
    """A retry is no other message; lines are short, bytes are ASCII."""
    first, second = made(kind).as_bytes(), made(kind).as_bytes()

    assert first == second
    assert first.isascii()
    assert max(len(line) for line in first.splitlines()) <= 998


@pytest.mark.parametrize("form", ["plain", "html"])
def test_the_letter_by_mail_is_the_letter(form: str) -> None:
    """R-10, in both parts: nothing to open, nothing to load."""
    message = made()
    content = part(message, form)
    text = Page(content).text if form == "html" else " ".join(content.split())

    for words in (
        "À l'attention de Mme Zoé DURAND",
        "École Jules-Ferry",
        "https://educonnect.exemple.fr",
        "Léo DURAND , École Jules-Ferry, classe CP A" if form == "html"
        else "Léo DURAND, École Jules-Ferry, classe CP A",
        "Collège Marie Curie",
        "Identifiant : zoe.durand",
        "Mot de passe* : BUNZ57DM",
        "B U N Z 5 7 D M",
        "* Mot de passe provisoire, à modifier lors de la première connexion",
        "lundi 23 novembre 2026",
        "mardi 23 février 2027",
        "https://educonnect.exemple.fr/l/BCDFGHJKMNPQ",
        "« Gérer mon compte »",
        "« S'identifier avec FranceConnect »",
        "« Je n'ai pas de compte »",
        "02 99 00 12 34",
        "ecole@exemple.fr",
        "BCDF-GHJK-MNPQ",
    ):  # fmt: skip
        assert words in text
    title = "mise à disposition de services en ligne pour suivre la scolarité de votre enfant"
    assert title in text.lower()
    assert "None" not in text


def test_a_reminder_holds_no_password() -> None:
    """Even if it were handed one (R-13)."""
    content = made(MessageKind.REMINDER, password="BUNZ57DM").as_string()

    assert "BUNZ57DM" not in content
    assert "zoe.durand" in content


@pytest.mark.parametrize(
    ("kind", "subject", "said"),
    [
        (MessageKind.EMAIL_TO_CONFIRM, "activation de votre compte",
         ("valable 72 heures", "Vous n'avez rien demandé ?", "/confirmation/Xy7-")),
        (MessageKind.EMAIL_CHANGE, "votre nouvelle adresse mail",
         ("valable 72 heures", "zoe@exemple.org", "Vous n'avez rien demandé ?", "/confirmation/")),
        (MessageKind.EMAIL_CHANGE_TOLD, "changement de votre adresse mail",
         ("La nouvelle adresse est", "zoe@exemple.org", "Ce n'est pas vous ?",
          "/mot-de-passe-oublie")),
        (MessageKind.IDENTIFIERS, "votre identifiant",
         ("jean.durand", "zoe.durand", "Vous n'avez rien demandé ?")),
        (MessageKind.PASSWORD_RESET, "nouveau mot de passe, demande n° BCDF2345",
         ("valable 1 heure et", "N° de la demande de réinitialisation : BCDF2345",
          "/mot-de-passe/Xy7-", "/mot-de-passe-oublie", "Vous n'avez rien demandé ?")),
        (MessageKind.PASSWORD_CHANGED, "votre mot de passe a été changé",
         ("Ce n'est pas vous ?", "/mot-de-passe-oublie")),
        (MessageKind.FRANCECONNECT_LINKED, "FranceConnect relié à votre compte",
         ("« S'identifier avec FranceConnect »", "Ce n'est pas vous ?")),
    ],
)  # fmt: skip
def test_what_the_mails_of_the_portal_say(
    kind: MessageKind, subject: str, said: tuple[str, ...]
) -> None:
    """Both parts: what it is, the link, what to do if nobody asked for it, whom to ask."""
    message = made(kind)
    text = " ".join(part(message, "plain").split())
    page = " ".join(Page(part(message, "html")).text.split()).replace(" ,", ",")

    assert message["Subject"] == f"Services en ligne de l'éducation nationale – {subject}"
    for words in (*said, "Mme Zoé DURAND", "https://educonnect.exemple.fr/contact"):
        assert words.lower() in text.lower()
        assert words.lower() in page.lower()
    assert "École Jules-Ferry" not in text + page


def test_nobody_is_addressed_by_an_empty_name() -> None:
    """One address, several people: the line is left out (R-54)."""
    message = made(MessageKind.IDENTIFIERS, holder="")

    assert "attention" not in part(message, "plain") + part(message, "html")
    assert part(message, "plain").startswith("VOTRE IDENTIFIANT")


@pytest.mark.parametrize("kind", MAILS)
def test_the_html_is_accessible_and_private(kind: MessageKind) -> None:
    """French, headings in order, links that show where they lead, nothing from elsewhere."""
    source = part(made(kind), "html")
    page = Page(source)
    tags = [tag for tag, _ in page.tags]

    assert ("html", {"lang": "fr"}) in page.tags
    assert not {"img", "script", "table", "iframe", "link", "font"} & set(tags)
    assert not re.search(r"url\(|@import|src=", source)
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.links
    for target, words in page.links:
        assert words == target.removeprefix("tel:").removeprefix("mailto:")
    assert not re.search(r"(?<!max-)width:\s*\d", source)


def test_colours_are_readable() -> None:
    """A contrast of 4.5 at least against white, for every text (WCAG AA)."""
    source = part(made(), "html")
    colours = set(re.findall(r"(?<!-)color:(#[0-9a-f]{6})", source))

    assert colours
    assert min(_contrast_with_white(colour) for colour in colours) >= 4.5


def _contrast_with_white(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


NASTY = "Zoé\r\nBcc: all@exemple.fr\r\n\r\n<script>x</script>\u2028\u202egnp.exe"


@pytest.mark.parametrize("kind", MAILS)
def test_a_name_can_smuggle_nothing_in(kind: MessageKind) -> None:
    """Neither a header, nor a line, nor a tag; nor a text that runs backwards."""
    child = {**LEO, "name": NASTY}
    message = made(
        kind, holder=NASTY, children=[child], child=child, school={**SCHOOL, "name": NASTY}
    )

    assert message["Bcc"] is None
    text, page = part(message, "plain"), Page(part(message, "html"))
    assert not re.search(r"(?m)^Bcc:", text)
    assert "script" not in [tag for tag, _ in page.tags]
    assert "\u202e" not in text + page.text
    assert "Zoé Bcc: all@exemple.fr" in text


def test_a_name_in_a_subject_stays_in_it(tmp_path: Path) -> None:
    """An office that puts the name there gets one header, accents and all."""
    _write(tmp_path, "letter/subject.j2", "Pour {{ holder }}")
    message = made(press=MessagePress(tmp_path), holder=NASTY)

    assert message["Subject"].startswith("Pour Zoé Bcc: all@exemple.fr <script>")
    assert message["Bcc"] is None


@pytest.mark.parametrize(
    "address",
    [
        "", "zoe", "@exemple.fr", "zoe@", "zoe @exemple.fr", "zoe@exemple.fr\r\nBcc: x@y.fr",
        "zoe@exemple.fr, leo@exemple.fr", "Zoé <zoe@exemple.fr>", "zoe@ex..fr",
        "zoe\x00@exemple.fr",
    ],
)  # fmt: skip
def test_what_is_no_address_gets_no_mail(address: str) -> None:
    """One recipient, or none."""
    with pytest.raises(BadAddress):
        made(to=address)


def test_domains_with_accents_travel_in_ascii() -> None:
    """And local parts with accents as they are (SMTPUTF8)."""
    assert made(to="zoe@école.fr")["To"] == "zoe@xn--cole-9oa.fr"
    message = MessagePress(None).mail(
        MessageKind.LETTER, "zoé@exemple.fr", LETTER,
        reference="ab", created_at=NOW, sender=SENDER,
    )  # fmt: skip
    assert "To: zoé@exemple.fr\r\n".encode() in message.as_bytes(policy=policy.SMTPUTF8)


def _write(folder: Path, name: str, source: str) -> None:
    path = folder / "mail" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")


def test_an_office_changes_one_file_and_keeps_the_rest(tmp_path: Path) -> None:
    """Ours stays reachable as `default:`, and is escaped in HTML whatever includes it."""
    _write(tmp_path, "school.html.j2", '{% include "default:school.html.j2" %}<p>{{ holder }}</p>')
    message = made(press=MessagePress(tmp_path), holder="A & <b>")

    source = part(message, "html")
    assert "<p>A &amp; &lt;b&gt;</p>" in source
    assert "02 99 00 12 34" in source


@pytest.mark.parametrize(
    ("source", "why", "line"),
    [
        ("{{ nom }}", "unknown_variable", 1),
        ("\n{{ school.nom }}", "unknown_variable", 2),
        ("{% if %}", "syntax", 1),
        ("{{ holder.__class__ }}", "forbidden", 1),
        ("{{ ''.join(holder) }}", "forbidden", 1),
        ("{% set x = 1 %}", "forbidden", 1),
        ("{{ holder * 99999 }}", "forbidden", 1),
        ("{{ holder|safe }}", "forbidden", 1),
        ('{% include holder %}', "forbidden", 1),
        ('{% include "absent.j2" %}', "missing_file", None),
        ('{% include "letter/text.j2" %}', "forbidden", None),
        ("x" * 60_000, "too_long", None),
        ("{% for a in children %}{% for b in children %}{% for c in children %}x"
         "{% endfor %}{% endfor %}{% endfor %}", "forbidden", 1),
    ],
)  # fmt: skip
def test_a_template_that_does_not_do_is_named(
    tmp_path: Path, source: str, why: str, line: int | None
) -> None:
    """With its reason and line; nothing of it is run that could do harm."""
    _write(tmp_path, "letter/text.j2", source)

    with pytest.raises(BadMailTemplate) as bad:
        MessagePress(tmp_path).check(MessageKind.LETTER, LETTER)

    assert bad.value.why == why
    if line is not None:
        assert bad.value.line == line


def test_a_template_in_another_encoding_is_told(tmp_path: Path) -> None:
    """Latin-1, as old editors write."""
    _write(tmp_path, "letter/subject.j2", "x")
    (tmp_path / "mail" / "letter" / "subject.j2").write_bytes("été".encode("latin-1"))

    with pytest.raises(BadMailTemplate) as bad:
        MessagePress(tmp_path).check(MessageKind.LETTER, LETTER)
    assert bad.value.why == "encoding"


@pytest.mark.parametrize("missing", sorted(LETTER))
def test_no_place_of_a_letter_stays_empty(missing: str) -> None:
    """A value that was forgotten is a refusal, not a hole."""
    values = {name: value for name, value in LETTER.items() if name != missing}

    with pytest.raises(BadMailTemplate):
        MessagePress(None).check(MessageKind.LETTER, values)


@pytest.mark.parametrize("kind", MessageKind)
def test_our_own_templates_are_good(kind: MessageKind) -> None:
    """With all that is known, and with a school of which only the name is."""
    press = MessagePress(None)
    press.check(kind, VALUES[kind])
    if "school" in VALUES[kind]:
        bare = {"name": "École", "city": None, "phone": None, "email": None}
        press.check(kind, VALUES[kind] | {"school": bare})
        assert "None" not in made(kind, school=bare).as_string()


@pytest.mark.parametrize("host", ["", "educonnect.education.gouv.fr", "h" * 50])
def test_the_code_fits_one_sms(host: str) -> None:
    """160 signs at most, all of the alphabet that every telephone has."""
    values = {"code": "482915", "minutes": 30, "host": host}
    text = MessagePress(None).sms(MessageKind.ACTIVATION_CODE, values)

    assert "482915" in text
    assert "30 minutes" in text
    assert (septets(text) or 999) <= 160


def test_a_telephone_can_hand_the_code_to_the_page_that_awaits_it() -> None:
    """The last line names the page and the code, as telephones want it; nothing else is there."""
    values = {"code": "482915", "minutes": 30, "host": "educonnect.exemple.fr"}
    press = MessagePress(None)

    lines = press.sms(MessageKind.ACTIVATION_CODE, values).split("\n")
    assert lines[-1] == "@educonnect.exemple.fr #482915"
    assert len(lines) == 2
    assert "@" not in press.sms(MessageKind.ACTIVATION_CODE, values | {"host": ""})


@pytest.mark.parametrize(("source", "why"), [("{{ code }} ê", "gsm"), ("€" * 81, "too_long")])
def test_an_sms_that_would_be_cut_is_refused(tmp_path: Path, source: str, why: str) -> None:
    """A foreign sign would make two of one; the signs of the extension count double."""
    _write(tmp_path, "activation_code/text.j2", source)

    with pytest.raises(BadMailTemplate) as bad:
        MessagePress(tmp_path).sms(MessageKind.ACTIVATION_CODE, {"code": "1", "minutes": 1})
    assert bad.value.why == why
