"""The files of the collège, as SIECLE exports them: ISO-8859-15, an element a line."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from sample_college import CLASSES, FORMATIONS, LEGAL, College, Tie
from sample_people import Adult, Child

_ENCODING = "iso-8859-15"
_LABELS = {
    "10010012110": "6EME", "10110001110": "5EME", "10210001110": "4EME", "10310019110": "3EME",
    "10699999110": "3EME PREPA-METIERS",
}  # fmt: skip
_MOMENT = (1980, 1, 1, 0, 0, 0)
Facts = dict[str, str]


def write_college(college: College, uai: str, folder: Path) -> None:
    """Write four exports of today, and the guardians as they were exported before 2018."""
    files = _Files(college, uai)
    people = files.pupils()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ExportXML_ElevesSansAdresses.zip").write_bytes(
        _zipped("ElevesSansAdresses.xml", people)
    )
    (folder / "ResponsablesAvecAdresses.xml").write_bytes(files.guardians())
    (folder / "Structures.xml").write_bytes(files.structures())
    (folder / "Nomenclature.xml").write_bytes(files.nomenclature())
    before = folder / "avant-2018"
    before.mkdir(exist_ok=True)
    (before / "ResponsablesAvecAdresses.xml").write_bytes(files.guardians(old=True))


def _zipped(name: str, data: bytes) -> bytes:
    """Return an archive of the same bytes everywhere: not packed, of no particular day."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        member = zipfile.ZipInfo(name, _MOMENT)
        member.create_system = 3
        archive.writestr(member, data)
    return file.getvalue()


class _Files:
    """Numbers everybody, then writes them."""

    def __init__(self, college: College, uai: str) -> None:
        self._college = college
        self._uai = uai
        self._pupils = {id(one): str(610301 + at) for at, one in enumerate(college.pupils)}
        self._adults = {id(one): str(209401 + at) for at, one in enumerate(college.adults)}
        homes = dict.fromkeys(map(_home, college.adults))
        self._homes = {home: str(189301 + at) for at, home in enumerate(homes)}

    def pupils(self) -> bytes:
        """Return BEE_ELEVES: pupils, then their divisions and groups."""
        college = self._college
        sections = [
            *_section("ELEVES", (self._pupil(one) for one in college.pupils)),
            *_section("STRUCTURES", (self._structures(one) for one in college.pupils)),
            "    <BOURSES />",
        ]
        return self._document("BEE_ELEVES", "3.0", sections)

    def guardians(self, *, old: bool = False) -> bytes:
        """Return BEE_RESPONSABLES: persons, links and addresses."""
        college = self._college
        sections = [
            *_section("PERSONNES", (self._person(one, old=old) for one in college.adults)),
            *_section("RESPONSABLES", (self._link(tie, old=old) for tie in college.ties)),
            *_section("ADRESSES", map(self._address, self._homes)),
        ]
        return self._document("BEE_RESPONSABLES", "2.1", sections)

    def structures(self) -> bytes:
        """Return BEE_STRUCTURES: the divisions and their formations."""
        divisions = (
            _element(
                "DIVISION",
                {"CODE_STRUCTURE": label},
                {"LIBELLE_LONG": f"{_LABELS[FORMATIONS[label]]} {label[-1]}"},
                [
                    "        <MEFS_APPARTENANCE>",
                    "          <MEF_APPARTENANCE>",
                    f"            <CODE_MEF>{FORMATIONS[label]}</CODE_MEF>",
                    "          </MEF_APPARTENANCE>",
                    "        </MEFS_APPARTENANCE>",
                ],
            )
            for label in CLASSES
        )
        return self._document("BEE_STRUCTURES", "2.0", _section("DIVISIONS", divisions))

    def nomenclature(self) -> bytes:
        """Return BEE_NOMENCLATURES: the formations and their labels."""
        formations = (
            _element(
                "MEF",
                {"CODE_MEF": code},
                {"FORMATION": f"{label[0]}G", "LIBELLE_LONG": label},
            )
            for code, label in _LABELS.items()
        )
        return self._document("BEE_NOMENCLATURES", "3.1", _section("MEFS", formations))

    def _pupil(self, child: Child) -> list[str]:
        names = child.family, child.given
        left = self._college.left.get(names)
        formation = self._college.formations.get(names, FORMATIONS.get(child.label, ""))
        return _element(
            "ELEVE",
            {"ELEVE_ID": self._pupils[id(child)], "ELENOET": self._pupils[id(child)][-4:]},
            {
                "ID_NATIONAL": child.ine,
                "INE_RNIE": child.ine,
                "NOM_DE_FAMILLE": child.family,
                "NOM_USAGE": child.usage,
                "PRENOM": child.given,
                "DATE_NAISS": f"{child.birth:%d/%m/%Y}",
                "DOUBLEMENT": "0",
                "DATE_SORTIE": f"{left:%d/%m/%Y}" if left else "",
                "CODE_REGIME": "24",
                "CODE_SEXE": "1" if child.sex == "M" else "2",
                "CODE_MEF": formation,
            },
        )

    def _structures(self, child: Child) -> list[str]:
        parts = [(child.label, "D"), (f"{child.label}GR1"[:8], "G")]
        inside = [
            line
            for code, kind in parts
            for line in (
                "        <STRUCTURE>",
                f"          <CODE_STRUCTURE>{code}</CODE_STRUCTURE>",
                f"          <TYPE_STRUCTURE>{kind}</TYPE_STRUCTURE>",
                "        </STRUCTURE>",
            )
        ]
        return _element("STRUCTURES_ELEVE", {"ELEVE_ID": self._pupils[id(child)]}, {}, inside)

    def _person(self, adult: Adult, *, old: bool) -> list[str]:
        is_man = adult.civility == "M."
        return _element(
            "PERSONNE",
            {"PERSONNE_ID": self._adults[id(adult)]},
            {
                "LC_CIVILITE": "M." if is_man else "MME",
                "LL_CIVILITE": "MONSIEUR" if is_man else "MADAME",
                "NOM" if old else "NOM_DE_FAMILLE": adult.family,
                "NOM_USAGE": adult.usage,
                "PRENOM": adult.given,
                "TEL_PERSONNEL": adult.home,
                "TEL_PORTABLE": adult.mobile,
                "MEL": adult.email,
                "ADRESSE_ID": self._homes[_home(adult)],
            },
        )

    def _link(self, tie: Tie, *, old: bool) -> list[str]:
        ends = {
            "ELEVE_ID": self._pupils[id(tie.child)],
            "PERSONNE_ID": self._adults[id(tie.adult)],
        }
        if old:
            more = {"RESP_LEGAL": tie.rank, "CODE_PARENTE": "1", "PERS_CONTACT": "1"}
        else:
            is_legal = tie.level == LEGAL
            more = {
                "NIVEAU_RESPONSABILITE": tie.level,
                "CODE_PARENTE": tie.kinship,
                "PAIE_FRAIS_SCOLAIRES": "1" if is_legal else "0",
                "HEBERGE_ELEVE": "true" if is_legal else "false",
            }
        return _element("RESPONSABLE_ELEVE", {}, ends | more)

    def _address(self, home: tuple[str, str, str]) -> list[str]:
        street, postcode, city = home
        return _element(
            "ADRESSE",
            {"ADRESSE_ID": self._homes[home]},
            {
                "LIGNE1_ADRESSE": street,
                "CODE_POSTAL": postcode,
                "CODE_PAYS": "100",
                "LL_PAYS": "FRANCE",
                "LIBELLE_POSTAL": city.upper(),
            },
        )

    def _document(self, root: str, version: str, lines: Iterable[str]) -> bytes:
        head = [
            '<?xml version="1.0" encoding="ISO-8859-15"?>',
            f'<{root} VERSION="{version}">',
            "  <PARAMETRES>",
            f"    <UAJ>{self._uai}</UAJ>",
            "    <ANNEE_SCOLAIRE>2024</ANNEE_SCOLAIRE>",
            "    <DATE_EXPORT>25/11/2024</DATE_EXPORT>",
            "    <HORODATAGE>25/11/2024 09:45:58</HORODATAGE>",
            "  </PARAMETRES>",
            "  <DONNEES>",
        ]
        text = "\n".join([*head, *lines, "  </DONNEES>", f"</{root}>", ""])
        return text.encode(_ENCODING, "replace")


def _home(adult: Adult) -> tuple[str, str, str]:
    return adult.street, adult.postcode, adult.city


def _section(tag: str, elements: Iterable[list[str]]) -> Iterator[str]:
    yield f"    <{tag}>"
    for element in elements:
        yield from element
    yield f"    </{tag}>"


def _element(tag: str, attributes: Facts, facts: Facts, inside: Iterable[str] = ()) -> list[str]:
    """Return the lines of an element; what is empty has no tag, as when a base holds nothing."""
    told = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return [
        f"      <{tag}{told}>",
        *(f"        <{name}>{escape(text)}</{name}>" for name, text in facts.items() if text),
        *inside,
        f"      </{tag}>",
    ]
