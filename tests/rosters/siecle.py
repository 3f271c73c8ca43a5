"""Small exports of SIECLE, written where a test wants them."""

import zipfile
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from educonnect_admin.rosters.read import read_data
from educonnect_admin.rosters.rows import Reading
from tests.rosters.files import TODAY

UAI = "0140070A"
ENCODING = "ISO-8859-15"


def tags(**facts: str) -> str:
    """Elements in the order given; a trailing underscore is dropped."""
    return "".join(f"<{tag}>{escape(text)}</{tag}>\n" for tag, text in facts.items())


def eleve(number: str = "101", /, **facts: str) -> str:
    """A pupil; what is empty has no tag at all."""
    told = {
        "INE_RNIE": "",
        "NOM_DE_FAMILLE": "DURAND",
        "PRENOM": "Alice",
        "DATE_NAISS": "03/09/2014",
        "CODE_MEF": "10010012110",
        **facts,
    }
    kept = {tag: text for tag, text in told.items() if text}
    return f"<ELEVE ELEVE_ID={quoteattr(number)} ELENOET='1'>\n{tags(**kept)}</ELEVE>\n"


def in_class(number: str, *codes: str, groups: tuple[str, ...] = ()) -> str:
    """The structures of a pupil: divisions, then groups."""
    told = [(code, "D") for code in codes] + [(code, "G") for code in groups]
    inside = "".join(
        f"<STRUCTURE>\n{tags(CODE_STRUCTURE=code, TYPE_STRUCTURE=kind)}</STRUCTURE>\n"
        for code, kind in told
    )
    return f"<STRUCTURES_ELEVE ELEVE_ID={quoteattr(number)}>\n{inside}</STRUCTURES_ELEVE>\n"


def personne(number: str = "901", /, **facts: str) -> str:
    """A guardian; what is empty has no tag at all."""
    told = {"LC_CIVILITE": "MME", "NOM_DE_FAMILLE": "DURAND", "PRENOM": "Carole", **facts}
    kept = {tag: text for tag, text in told.items() if text}
    return f"<PERSONNE PERSONNE_ID={quoteattr(number)}>\n{tags(**kept)}</PERSONNE>\n"


def link(
    person: str = "901", child: str = "101", *, level: str = "1", kinship: str = "10", **more: str
) -> str:
    """A link of after 2018."""
    facts = tags(
        ELEVE_ID=child,
        PERSONNE_ID=person,
        NIVEAU_RESPONSABILITE=level,
        CODE_PARENTE=kinship,
        **more,
    )
    return f"<RESPONSABLE_ELEVE>\n{facts}</RESPONSABLE_ELEVE>\n"


def old_link(
    person: str = "901", child: str = "101", *, rank: str = "1", kinship: str = "1"
) -> str:
    """A link of before 2018."""
    facts = tags(ELEVE_ID=child, PERSONNE_ID=person, RESP_LEGAL=rank, CODE_PARENTE=kinship)
    return f"<RESPONSABLE_ELEVE>\n{facts}</RESPONSABLE_ELEVE>\n"


def adresse(number: str = "501", /, **facts: str) -> str:
    """An address."""
    told = {
        "LIGNE1_ADRESSE": "18 RUE DES HOMMETS",
        "CODE_POSTAL": "14270",
        "LL_PAYS": "FRANCE",
        "LIBELLE_POSTAL": "MEZIDON VALLEE D AUGE",
        **facts,
    }
    return f"<ADRESSE ADRESSE_ID={quoteattr(number)}>\n{tags(**told)}</ADRESSE>\n"


def document(root: str, data: str, *, uai: str = UAI, encoding: str = ENCODING) -> bytes:
    """A whole file."""
    header = f"<PARAMETRES>\n{tags(UAJ=uai, ANNEE_SCOLAIRE='2026')}</PARAMETRES>\n"
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<{root} VERSION="3.0">\n'
        f"{header}<DONNEES>\n{data}</DONNEES>\n</{root}>\n"
    )
    return text.encode(encoding, "replace")


def pupils(*eleves: str, structures: str = "", **more: str) -> bytes:
    """BEE_ELEVES."""
    data = f"<ELEVES>\n{''.join(eleves)}</ELEVES>\n<STRUCTURES>\n{structures}</STRUCTURES>\n"
    return document("BEE_ELEVES", data, **more)


def guardians(*persons: str, links: str = "", homes: str = "", **more: str) -> bytes:
    """BEE_RESPONSABLES."""
    data = (
        f"<PERSONNES>\n{''.join(persons)}</PERSONNES>\n<RESPONSABLES>\n{links}</RESPONSABLES>\n"
        f"<ADRESSES>\n{homes}</ADRESSES>\n"
    )
    return document("BEE_RESPONSABLES", data, **more)


def structures(*divisions: tuple[str, str], **more: str) -> bytes:
    """BEE_STRUCTURES: the code of each division and of its formation."""
    inside = "".join(
        f"<DIVISION CODE_STRUCTURE={quoteattr(code)}>\n<LIBELLE_LONG>LONGUE</LIBELLE_LONG>\n"
        f"<MEFS_APPARTENANCE>\n<MEF_APPARTENANCE>\n{tags(CODE_MEF=formation)}"
        "</MEF_APPARTENANCE>\n</MEFS_APPARTENANCE>\n</DIVISION>\n"
        for code, formation in divisions
    )
    return document("BEE_STRUCTURES", f"<DIVISIONS>\n{inside}</DIVISIONS>\n", **more)


def nomenclature(*formations: tuple[str, str], **more: str) -> bytes:
    """BEE_NOMENCLATURES: the code of each formation and its label."""
    inside = "".join(
        f"<MEF CODE_MEF={quoteattr(code)}>\n{tags(FORMATION='X', LIBELLE_LONG=label)}</MEF>\n"
        for code, label in formations
    )
    return document("BEE_NOMENCLATURES", f"<MEFS>\n{inside}</MEFS>\n", **more)


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def read(data: bytes) -> Reading:
    """Read one document; it has one part."""
    (reading,) = read_data(Path("any.name"), data, today=TODAY)
    return reading
