"""The files that schools bring: rosters of every format, lists of schools, columns."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

from educonnect_admin.domain.errors import UnreadableFile, UnusableColumns
from educonnect_admin.rosters.columns_file import read_columns
from educonnect_admin.rosters.problems import UnreadableReason
from educonnect_admin.rosters.read import read_data
from educonnect_admin.rosters.school_lists import read_list
from educonnect_admin.rosters.schools import read_schools
from tests.fuzz.target import Read, Target
from tests.rosters import siecle
from tests.rosters.files import (
    GUARDIANS,
    PUPILS,
    SAMPLES,
    TODAY,
    guardian,
    is_whole,
    ods,
    ods_row,
    pupil,
    text,
    xlsx,
)

_DATA = Path(__file__).parents[2] / "rosters" / "data"
_HEADINGS = tuple(word.encode() for word in {*PUPILS.split(";"), *GUARDIANS.split(";")})
_ENOUGH = 3_000
_CELLS = (
    b"DURAND", "Zoé".encode(), b"03/09/2018", b"2018-09-03", b"03/09/18", b"31/02/2014", b"43346",
    b"CE1 B", b"M.", b"Mme", b"0612345678", b"+33 6 12 34 56 78", b"a@example.fr",
    b"123456789AB", b"0140070A", b"Total", b"Radiation", b"#REF!", "Né(e) le".encode(), b"Classe",
    "Père".encode(), "Tél. mère".encode(), b"Nom;Prenom", b"sep=;\n", b"UAI", b"ULIS",
)  # fmt: skip
_XML = (
    b"<ELEVE ELEVE_ID='1'>", b"</ELEVE>", b"<BEE_ELEVES>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"&b;", b"&#0;", b"<![CDATA[", b"]]>", b"<?xml version='1.0' encoding='UTF-16'?>", b"<!--",
    b"<c r='XFD1048576'/>", b"<row r='1048576'/>", b"t='s'", b"<v>", b"<si><t>",
    b"table:number-columns-repeated='16384'", b"table:number-rows-repeated='1048576'",
    b"<PERSONNE PERSONNE_ID='1'>", b"<RESPONSABLE_ELEVE>", b"<STRUCTURE>", b"xmlns='a'",
)  # fmt: skip


@contextmanager
def _rosters() -> Iterator[Read]:
    """Whatever the bytes: people, each row in exactly one heap, or a refusal."""

    def read(data: bytes) -> None:
        try:
            readings = read_data(Path("any"), data, today=TODAY)
        except UnreadableFile as refusal:
            UnreadableReason(refusal.reason)
            return
        assert readings
        assert all(map(is_whole, readings))

    yield read


def _by_path(reader: Callable[[Path], object]) -> Callable[[], AbstractContextManager[Read]]:
    """Give a reader that opens a file by itself."""

    @contextmanager
    def opened() -> Iterator[Read]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "file"

            def read(data: bytes) -> None:
                path.write_bytes(data)
                reader(path)

            yield read

    return opened


def _samples(*patterns: str) -> Iterator[bytes]:
    """Yield the samples; of a long text its beginning: short cases are many cases."""
    for pattern in patterns:
        for path in sorted(SAMPLES.glob(pattern)):
            data = path.read_bytes()
            yield data[:_ENOUGH] if path.suffix in {".csv", ".xml"} else data


def _csv() -> Iterator[bytes]:
    yield text(PUPILS, pupil(), pupil(given="Zoé")).encode("cp1252")
    yield text(GUARDIANS, guardian()).encode("utf-16")
    yield "Nom;Prénom;Né(e) le;Classe;Père;Tél. mère\nA;B;03/09/2018;CP;C D;0612345678\n".encode()
    yield from _samples("*/*.csv")


def _xlsx() -> Iterator[bytes]:
    for rows in ([PUPILS, pupil()], [GUARDIANS, guardian()]):
        yield xlsx([row.split(";") for row in rows], before=["Lisez-moi"])
    yield from _samples("fichiers-fautifs/*.xlsx")


def _ods() -> Iterator[bytes]:
    rows = [row.split(";") for row in (PUPILS, pupil(), pupil(given="Zoé"))]
    yield ods([ods_row(*row) for row in rows])
    yield (_DATA / "ecole.ods").read_bytes()


def _xls() -> Iterator[bytes]:
    yield (_DATA / "ecole.xls").read_bytes()
    yield from _samples("fichiers-fautifs/*.xls")


def _siecle() -> Iterator[bytes]:
    yield siecle.pupils(siecle.eleve(), structures=siecle.in_class("101", "6A", groups=("G1",)))
    homes, links = siecle.adresse(), siecle.link()
    yield siecle.guardians(siecle.personne(), links=links, homes=homes)
    yield siecle.structures(("6A", "10010012110"))
    yield siecle.nomenclature(("10010012110", "6EME"))
    yield from _samples("college-simone-veil/*.xml")


def _zip() -> Iterator[bytes]:
    yield siecle.zipped({"ElevesSansAdresses.xml": siecle.pupils(siecle.eleve())})
    yield from _samples("*/*.zip", "fichiers-fautifs/*.docx")


def _lists() -> Iterator[bytes]:
    yield b"UAI;Nom;Ville;Courriel\n0140070A;Charlemagne;Caen;e@example.fr\n0752387M;Curie;Paris;\n"
    yield b"# Ce soir\n0140070A\n0752387M\n"
    yield from _samples("ecoles.csv")


def _columns() -> Iterator[bytes]:
    yield '# dit\n[colonnes]\n"Mél." = "courriel"\n"Né le" = "date de naissance"\n'.encode()


def _read_both_lists(path: Path) -> None:
    for reader in (read_list, read_schools):
        try:
            reader(path)
        except UnreadableFile:
            continue


_ROSTER = partial(Target, open=_rosters)
FILES = (
    _ROSTER(name="csv", what="rosters as text (ONDE, spreadsheets, families)", seeds=_csv,
            words=(*_HEADINGS, *_CELLS)),
    _ROSTER(name="xlsx", what="rosters in .xlsx", seeds=_xlsx, is_archive=True,
            words=(*_XML, *_HEADINGS, *_CELLS)),
    _ROSTER(name="ods", what="rosters in .ods", seeds=_ods, is_archive=True,
            words=(*_XML, *_HEADINGS, *_CELLS)),
    _ROSTER(name="xls", what="rosters in .xls", seeds=_xls,
            words=(b"\x09\x08\x10\x00", b"\xfc\x00", b"\x3c\x00", b"\xff\xff\xff\xfe", *_CELLS)),
    _ROSTER(name="siecle", what="exports of SIECLE", seeds=_siecle, words=(*_XML, *_CELLS)),
    _ROSTER(name="zip", what="archives of SIECLE", seeds=_zip, is_archive=True,
            words=(b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", *_XML)),
    Target(name="school-lists", what="lists of schools", seeds=_lists, words=_CELLS,
           open=_by_path(_read_both_lists)),
    Target(name="columns", what="what was said of columns (TOML)", seeds=_columns,
           open=_by_path(read_columns), refusals=(UnusableColumns,),
           words=(b"[colonnes]", b'"""', b"= ", b"[[a]]", b"1979-05-27T07:32:00Z", b"0x", b"inf")),
)  # fmt: skip
