"""The faulty files: one defect each, and the file is named after it."""

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

GOOD = (
    "VILLARD;;Lison;04/02/2014;F;;;;;;;;;;CYCLE II;CE1;CE1;;;;;",
    "ZIMMER;;Ulysse;23/09/2014;M;;;;;;;;;;CYCLE II;CE1;CE1;;;;;",
)
MOTHER = "MME;;VILLARD;Sabine;1 rue Pasteur;59000;Lille;FRANCE"
CHILD = ";VILLARD;Lison;CE1"


def write_faults(faulty: Path, doubtful: Path, pupils: str, guardians: str) -> None:
    """Write the files of which something is refused, and those that only earn a remark.

    Each folder gets a README that tells its files apart.
    """
    texts = {**_pupil_rows(pupils), **_guardian_rows(guardians), **_tables(pupils)}
    faults = {name: (*told, text.encode("cp1252")) for name, (*told, text) in texts.items()}
    faults |= _not_tables(pupils)
    refused = {name for name, (_, answer, _) in faults.items() if "refus" in answer}
    _write_folder(faulty, "Fichiers fautifs", _only(faults, refused))
    _write_folder(doubtful, "Fichiers à remarques", _only(faults, faults.keys() - refused))


def _only(
    faults: dict[str, tuple[str, str, bytes]], names: set[str]
) -> dict[str, tuple[str, str, bytes]]:
    return {name: fault for name, fault in sorted(faults.items()) if name in names}


def _write_folder(folder: Path, title: str, faults: dict[str, tuple[str, str, bytes]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, (_, _, data) in faults.items():
        (folder / name).write_bytes(data)
    (folder / "README.md").write_text(_readme(title, faults), encoding="utf-8")


def _pupil(  # noqa: PLR0917 (a row in its order)
    family: str = "ARNOUX", given: str = "Colas", birth: str = "12/05/2014", ine: str = "",
    label: str = "CE1", level: str = "CE1",
) -> str:  # fmt: skip
    return f"{family};;{given};{birth};M;{ine};;;;;;;;;CYCLE II;{level};{label};;;;;"


def _file(headings: str, *rows: str) -> str:
    return "".join(f"{row}\n" for row in (headings, *rows))


def _pupil_rows(headings: str) -> dict[str, tuple[str, str, str]]:
    """Return the files of which some row of a pupil is wrong: name → defect, answer, text."""
    refused = "ligne 3 refusée, les deux autres élèves sont pris"
    remark = "les trois élèves sont pris, une remarque à la ligne 3"
    bad = {
        "date-impossible.csv": ("un 31 février", refused, _pupil(birth="31/02/2014")),
        "annee-sur-deux-chiffres.csv": ("« 12/05/14 »", refused, _pupil(birth="12/05/14")),
        "date-future.csv": ("une naissance en 2087", refused, _pupil(birth="12/05/2087")),
        "sans-date.csv": ("pas de date de naissance", refused, _pupil(birth="")),
        "sans-nom.csv": ("pas de nom de famille", refused, _pupil(family="")),
        "sans-prenom.csv": ("pas de prénom", refused, _pupil(given="")),
        "nom-trop-long.csv": ("un nom de 120 signes", refused, _pupil(family="AB " * 40)),
        "eleve-en-double.csv": ("la même ligne deux fois", refused, GOOD[0]),
        "eleve-dans-deux-classes.csv": (
            "un élève dans deux classes",
            f"{refused} ; une remarque à la ligne 2",
            GOOD[0].replace(";CE1;CE1;", ";CE1;CE1-CE2;"),
        ),
        "age-improbable.csv": ("un élève né en 1984", remark, _pupil(birth="12/05/1984")),
        "ine-faux.csv": ("la clé de l'INE est fausse", remark, _pupil(ine="1111111111A")),
        "sans-classe.csv": ("un élève sans classe", remark, _pupil(label="")),
        "formule.csv": (
            "un nom qui est une formule",
            f"{remark} ; la formule reste un texte",
            _pupil(family="=1+1"),
        ),
        "cellules-en-trop.csv": (
            "un point-virgule de trop", remark, _pupil() + "suite;encore",
        ),
    }  # fmt: skip
    found = {
        name: (defect, answer, _file(headings, GOOD[0], row, GOOD[1]))
        for name, (defect, answer, row) in bad.items()
    }
    return {**found, **_pupil_files(headings)}


def _pupil_files(headings: str) -> dict[str, tuple[str, str, str]]:
    same = [_pupil(ine="123456789AB"), _pupil(birth="13/05/2014", ine="123456789AB")]
    states = [f"{GOOD[0]};Inscrit", f"{_pupil()};Radiation", f"{GOOD[1]};En attente"]
    return {
        "meme-ine-deux-dates.csv": (
            "un INE pour deux dates de naissance",
            "ligne 3 refusée, une remarque à la ligne 2",
            _file(headings, *same, GOOD[0]),
        ),
        "tout-refuse.csv": (
            "aucune ligne n'a de date",
            "toutes les lignes refusées, rien n'est écrit",
            _file(headings, _pupil(birth=""), _pupil(given="Léon", birth="")),
        ),
        "eleve-radie.csv": (
            "un élève radié, un autre en attente",
            "lignes 3 et 4 laissées de côté, la ligne 2 est prise",
            _file(f"{headings};Etat", *states),
        ),
    }


def _guardian_rows(headings: str) -> dict[str, tuple[str, str, str]]:
    """Return the files of which a row of a guardian is wrong."""
    dropped = "le responsable est pris sans elle, une remarque à la ligne 2"
    email = f"{MOTHER};sabine.villard;;;06 12 40 30 01;{CHILD}"
    phone = f"{MOTHER};;;;06 12 40;{CHILD}"
    fixed = f"{MOTHER};;;;03 20 99 00 03;{CHILD}"
    address = MOTHER.replace("59000", "59 OOO")
    good = f"{MOTHER};;;;06 12 40 30 01;{CHILD}"
    return {
        "courriel-faux.csv": ("une adresse sans arobase", dropped, _file(headings, email)),
        "telephone-faux.csv": ("un numéro trop court", dropped, _file(headings, phone)),
        "telephone-fixe.csv": ("un fixe parmi les mobiles", dropped, _file(headings, fixed)),
        "code-postal-faux.csv": (
            "un code postal en lettres",
            "le responsable est pris, une remarque à la ligne 2",
            _file(headings, f"{address};;;;06 12 40 30 01;{CHILD}"),
        ),
        "responsable-sans-enfant.csv": (
            "un responsable qui ne nomme aucun enfant",
            "il est pris, une remarque à la ligne 2",
            _file(headings, f"{MOTHER};;;;06 12 40 30 01"),
        ),
        "responsable-en-double.csv": (
            "la même ligne deux fois",
            "ligne 3 mise de côté, une remarque",
            _file(headings, good, good),
        ),
    }


def _tables(headings: str) -> dict[str, tuple[str, str, str]]:
    """Return the files that are text but no roster that can be read."""
    no = "fichier refusé"
    opened = _pupil(given='"Colas')
    late = [opened, *GOOD, _pupil(given='Jade"')]
    without_date = headings.replace("Date naissance;", "")
    twice = headings.replace("Sexe", "Date naissance")
    return {
        "guillemet-jamais-ferme.csv": (
            "un guillemet ouvert à la ligne 3",
            f"{no}, ligne 3",
            _file(headings, GOOD[0], opened, GOOD[1]),
        ),
        "guillemet-referme-trop-tard.csv": (
            "un guillemet ouvert à la ligne 2, refermé à la ligne 5",
            f"{no}, ligne 2 : deux élèves seraient avalés",
            _file(headings, *late),
        ),
        "colonne-manquante.csv": (
            "pas de colonne « Date naissance »",
            f"{no}, la colonne est nommée",
            _file(without_date, GOOD[0].replace("04/02/2014;", "")),
        ),
        "colonne-en-double.csv": (
            "deux colonnes « Date naissance »",
            f"{no}, la colonne est nommée",
            _file(twice, *GOOD),
        ),
        **_other_texts(headings),
    }


def _other_texts(headings: str) -> dict[str, tuple[str, str, str]]:
    """Return the texts that are something else than a list of a school's families."""
    no = "fichier refusé"
    teachers = (
        "Civilité;Nom usage;Nom;Prénom;Adresse;CP;Commune;Pays;Courriel;Téléphone domicile;"
        "Téléphone portable;Directeur;Classe"
    )
    return {
        "entetes-inconnus.csv": (
            "un tableau qui n'est pas une liste d'élèves",
            no,
            "Article;Prix;Quantité\nCahier;2,10;30\n",
        ),
        "sans-entetes.csv": ("la ligne d'en-têtes manque", no, _file(*GOOD)),
        "vide.csv": ("aucun octet", no, ""),
        "entetes-seuls.csv": ("des en-têtes, personne dessous", no, _file(headings)),
        "enseignants.csv": (
            "l'extraction des enseignants",
            no,
            _file(teachers, "MME;;BAILLEUL;Catherine;;;;;;;;non;CE1"),
        ),
        "page-web.csv": (
            "la page de connexion, enregistrée à la place du fichier",
            no,
            "<!DOCTYPE html>\n<html><title>Session expirée</title></html>\n",
        ),
    }


def _not_tables(headings: str) -> dict[str, tuple[str, str, bytes]]:
    """Return the files that are not text, or not the text they seem."""
    no = "fichier refusé"
    rows = [headings.split(";"), GOOD[0].split(";"), _pupil(birth="05/25/2014").split(";")]
    book = workbook([*rows, GOOD[1].replace("23/09", "09/09").split(";")])
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
    return {
        "date-jour-mois.xlsx": (
            "une date à l'américaine, « 05/25/2014 »",
            "ligne 3 refusée, et la ligne 2 qui se lit dans les deux sens",
            book,
        ),
        "binaire.csv": ("des octets qui ne sont pas du texte", no, bytes(range(256)) * 2),
        "encodage-inconnu.csv": (
            "des octets d'aucun encodage connu",
            f"{no}, ligne 2",
            f"{headings}\n".encode("cp1252") + b"VILL\x81RD;;L\x8fson\n",
        ),
        "classeur-abime.xlsx": ("un classeur coupé en deux", no, book[: len(book) // 2]),
        "classeur-protege.xlsx": (
            "un classeur protégé par mot de passe",
            no,
            ole + "EncryptedPackage".encode("utf-16-le"),
        ),
        "classeur-ancien.xls": (
            "un classeur d'avant 2007, dont il ne reste rien",
            no,
            ole + "Workbook".encode("utf-16-le"),
        ),
        "bombe.xlsx": (
            "un classeur minuscule qui en déplie 20 millions d'octets", no, _bomb(),
        ),
        "trop-de-cellules.xlsx": (
            "une cellule dans le dernier coin de la feuille",
            no,
            workbook(rows, last="XFD1048576"),
        ),
        **_other_documents(headings),
    }  # fmt: skip


def _other_documents(headings: str) -> dict[str, tuple[str, str, bytes]]:
    """Return the documents that are no table at all."""
    no = "fichier refusé"
    return {
        "archive.zip": ("une archive", no, _zip({"CSVExtraction.csv": _file(headings, *GOOD)})),
        "document-word.docx": ("un document de texte", no, _zip({"word/document.xml": "<w/>"})),
        "pdf-renomme.csv": ("un PDF renommé", no, b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
    }  # fmt: skip


def workbook(rows: list[list[str]], last: str = "") -> bytes:
    """Return a workbook of one sheet of texts, and a lone cell at `last` if one is named."""
    lines = [
        "<row>"
        + "".join(f'<c t="inlineStr"><is><t>{escape(c)}</t></is></c>' for c in row)
        + "</row>"
        for row in rows
    ]
    if last:
        number = "".join(sign for sign in last if sign.isdigit())
        lines.append(f'<row r="{number}"><c r="{last}"><v>1</v></c></row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return _zip({
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
        "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1"'
        f' Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Feuil1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}'
        "</sheetData></worksheet>",
    })  # fmt: skip


def _bomb() -> bytes:
    return _zip({"xl/workbook.xml": "0" * 20_000_000}, zipfile.ZIP_DEFLATED)


def _zip(parts: dict[str, str], method: int = zipfile.ZIP_STORED) -> bytes:
    """Return an archive whose bytes depend on its parts alone: no clock, no machine."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name, (2021, 10, 4, 8, 0, 0))
            info.compress_type, info.create_system = method, 3
            archive.writestr(info, text)
    return file.getvalue()


def _readme(title: str, faults: dict[str, tuple[str, str, bytes]]) -> str:
    lines = [
        f"# {title}",
        "",
        "Un défaut par fichier. Tout y est inventé ; `python data/make_samples.py` les refait.",
        "",
        "| fichier | défaut | réponse |",
        "|---|---|---|",
        *(f"| `{name}` | {defect} | {answer} |" for name, (defect, answer, _) in faults.items()),
    ]
    return "\n".join(lines) + "\n"
