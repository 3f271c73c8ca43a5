"""What people type and settings say: cells, names, dates, mobiles, numbers, addresses, paths."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from educonnect_admin import databases
from educonnect_admin.cli.guide.typed_paths import typed_path, typed_paths
from educonnect_admin.domain import identifiers, names
from educonnect_admin.domain.errors import BadDatabaseAddress, InvalidUAI
from educonnect_admin.domain.holder_passwords import password_fault
from educonnect_admin.domain.levels import level_name, level_rank
from educonnect_admin.domain.passwords import as_printed, is_well_formed
from educonnect_admin.domain.uai import parse_uai
from educonnect_admin.gateways.outcomes import refuses_the_address, reply_outcome
from educonnect_admin.letters.markup import parse, shield
from educonnect_admin.messages.gsm import septets
from educonnect_admin.office.searching.asked import read as read_search
from educonnect_admin.portal.dates import is_blank, typed_date
from educonnect_admin.portal.requests import clean, counted_address
from educonnect_admin.rosters import cells, dates, kinship, mobiles, vocabulary
from educonnect_admin.rosters.date_columns import look_at_dates
from educonnect_admin.rosters.decode import decode
from educonnect_admin.rosters.field_names import field_called
from educonnect_admin.rosters.full_names import split_full_name
from educonnect_admin.rosters.problems import Unreadable
from educonnect_admin.rosters.school_folders import uai_in
from educonnect_admin.settings import Settings
from tests.fuzz.target import Read, Target

_LONGEST_CELL = 2_000
_LONGEST_FIELD = 1_000
"""As `portal.requests` cuts what comes in by a form."""


def _reader(read: Read) -> Callable[[], AbstractContextManager[Read]]:
    @contextmanager
    def opened() -> Iterator[Read]:
        yield read

    return opened


def _cell(data: bytes) -> None:
    """A cell of a file: no lone half of a sign is in one, `decode` sees to it."""
    text = cells.clean(data.decode("utf-8", "replace")[:_LONGEST_CELL])
    if not text:
        return
    other = text[::-1]
    for parser in (
        cells.is_sheet_error, cells.is_odd_name, cells.parse_civility, cells.is_absent_state,
        cells.parse_ine, cells.parse_email, cells.without_ulis_kind, cells.parse_level,
        kinship.parse_kinship, split_full_name, mobiles.parse_mobile, mobiles.parse_mobile_cell,
        dates.numbers_of_text, vocabulary.parse_heading, vocabulary.role_of,
        vocabulary.kinship_code, vocabulary.month_number, field_called, uai_in, level_rank,
        level_name, names.tidy, names.name_key, septets, identifiers.as_given, as_printed,
        is_well_formed,
    ):  # fmt: skip
        parser(text)
    for serials in (False, True):
        dates.real_day(text, serials=serials)
        look_at_dates(text.splitlines(), serials=serials)
        for doubt in dates.Doubt:
            dates.parse_date(text, serials=serials, doubt=doubt)
    cells.parse_postcode(text, other)
    kinship.is_legal(text, other)
    stem = identifiers.identifier_stem(text, other)
    assert stem.isascii()
    identifiers.identifier_series(stem)
    names.same_name(text, other)


def _uai(data: bytes) -> None:
    parse_uai(data.decode("utf-8", "replace"))


def _decoded(data: bytes) -> None:
    text, _ = decode(data)
    text.encode()  # whole signs only


def _form(data: bytes) -> None:
    """The fields of a form, as `read_form` hands them over."""
    text = clean(data.decode("utf-8", "replace"))[:_LONGEST_FIELD]
    parts = [*text.split("|", 2), "", ""][:3]
    form = dict(zip(("d_jour", "d_mois", "d_annee"), parts, strict=True))
    typed_date(form, "d")
    is_blank(form, "d")
    counted_address(text)
    password_fault(text, identifier=parts[1], temporary=parts[2])
    read_search(text)
    for block in parse(shield(text)):
        assert block.role


def _typed(data: bytes) -> None:
    """What stands on a command line: any bytes, the undecodable ones as halves of signs."""
    text = data.decode("utf-8", "surrogateescape")
    read_search(text)
    for windows in (False, True):
        typed_paths(text, windows=windows)
        typed_path(text, windows=windows)


def _database(data: bytes) -> None:
    """The settings refuse bytes that are no text before anybody looks for a database."""
    url = databases.parse_address(data.decode("utf-8", "replace"))
    url.render_as_string(hide_password=True)


def _settings(data: bytes) -> None:
    """An environment, a variable a line."""
    lines = data.replace(b"\x00", b"").decode("utf-8", "surrogateescape").split("\n")
    told = dict(line.split("=", 1) for line in lines if "=" in line)
    known: dict[str, FieldInfo] = Settings.model_fields
    given: dict[str, Any] = {name: value for name, value in told.items() if name in known}
    repr(Settings(**{"operator": "alice", "database_url": "office.sqlite", **given}))


def _reply(data: bytes) -> None:
    number, _, said = data.partition(b" ")
    outcome = reply_outcome(int(number[:4]) if number[:4].isdigit() else -1, said)
    refuses_the_address(outcome.code)
    refuses_the_address(data.decode("ascii", "replace"))


def _cells() -> Iterator[bytes]:
    for text in ("DURAND", "Né(e) le", "03/09/2018", "1er mars 2018", "43346", "06.12.34.56.78",
                 "+596 696 12 34 56", "a.b@example.fr", "123456789AB", "98000", "CM2 ULIS",
                 "Mme DURAND née Martin Zoé", "Tél. portable mère", "0140070A", "第一 学校",
                 "Ægir Œuvre Łódź", "2018-09-03 00:00:00", "Responsable légal 1"):  # fmt: skip
        yield text.encode()


def _forms() -> Iterator[bytes]:
    yield from (b"14|03|2018", b"14/03/2018||", b"2018-03-14", b"14032018", b"::1%eth0|x|y",
                b"# titre\n- un **gras**\n1. deux",
                b"celine.dupont1|tilleul7|BZNZ57DM")  # fmt: skip


def _environments() -> Iterator[bytes]:
    yield (
        b"portal_url=https://x.fr\nsmtp_host=mail.x.fr\nmail_from=a@x.fr\nsms_gateway=https\n"
        b'sms_url=https://sms.x.fr\nsms_body={"to":"{to}","m":"{text}"}\nsms_method=POST\n'
        b"franceconnect_issuer=https://fc.fr/api\nfranceconnect_client_id=x\n"
        b"franceconnect_client_secret_file=/s\ntrusted_proxies=10.0.0.0/8,::1\nworkers=2\n"
        b"smtp_user=u\nsmtp_password_file=/p\nsmtp_security=none\nsms_an_hour=10"
    )
    yield b"sms_gateway=https\nsms_url=http://127.0.0.1\nsms_body=to={to}&m={text}"


def _of(*texts: bytes) -> Callable[[], Iterator[bytes]]:
    return lambda: iter(texts)


_DATES = (b"janvier", "février".encode(), b"1er", b"29/02/", b"/", b"-", b".", b"00:00:00", b"T")
WORDS = (
    Target(name="cells", what="names, dates, phones, INE, e-mail, levels, kinship, headings …",
           seeds=_cells, open=_reader(_cell),
           words=(*_DATES, b"+33", b"+262", b"@", b".fr", b"xn--", b"1e5", "né(e)".encode())),
    Target(name="uai", what="numbers of schools", seeds=_of(b"0140070A", b" 014 0070 a "),
           open=_reader(_uai), refusals=(InvalidUAI,)),
    Target(name="encodings", what="bytes to text", open=_reader(_decoded), refusals=(Unreadable,),
           seeds=_of("élève;Né".encode("cp1252"), "élève".encode("utf-16"), "é".encode("utf-32"),
                     "élève".encode("mac-roman"), "élève".encode("utf-8-sig"))),
    Target(name="forms", what="dates, searches, passwords and markup as typed on pages",
           seeds=_forms, open=_reader(_form), words=(*_DATES, b"|", b"**", b"# ", b"- ", b"%eth0")),
    Target(name="typed", what="searches and paths as typed on the command line",
           seeds=_of(b"/tmp/a\\ b.csv '/tmp/c d.csv'", b"file:///tmp/%C3%A9.csv", b"~alice/x.csv",
                     b"06 12 34 56 78", b"dupont celine", b"a@b.fr"),
           open=_reader(_typed), words=(b"file://[", b"~", b"~root/", b"'", b'"', b"\\ ")),
    Target(name="addresses", what="addresses of databases", open=_reader(_database),
           seeds=_of(b"office.sqlite", b"~/office.sqlite", b"sqlite:///a.sqlite",
                     b"postgresql://u:p@h:5432/db?sslmode=require&host=/s"),
           refusals=(BadDatabaseAddress,), words=(b"://", b"?", b"@[", b"]:", b"~x", b":memory:")),
    Target(name="settings", what="the environment", seeds=_environments, open=_reader(_settings),
           refusals=(ValidationError,),
           words=(*(f"\n{name}=".encode() for name in Settings.model_fields), b"http://[", b"{to}",
                  b"{text}", b"xn--", b"0.0.0.0/0", b"localhost", b"://")),
    Target(name="replies", what="what mail servers answer", open=_reader(_reply),
           seeds=_of(b"250 OK", b"550 5.1.1 unknown", b"smtp.550.5.1.1", b"421 4.7.0 later")),
)  # fmt: skip
