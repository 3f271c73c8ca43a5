"""`schools …`: adding, importing and listing schools."""

from pathlib import Path

import pytest

from educonnect_admin.domain.uai import check_letter
from tests.cli.running import Terminal

HEADINGS = "UAI;Nom;Ville;Courriel;Téléphone;Type;Fuseau\n"


@pytest.fixture
def bureau(initiated: Terminal) -> Terminal:
    """An office without a school."""
    return initiated


def listed(path: Path, *rows: str, encoding: str = "utf-8") -> str:
    """Write a list of schools, and return its path."""
    path.write_text(HEADINGS + "".join(f"{row}\n" for row in rows), encoding=encoding)
    return str(path)


def test_a_school_is_added_once(bureau: Terminal) -> None:
    """Academy and time zone come from the number; the second time nothing changes."""
    first = bureau("schools", "add", "9741046u", "École Sarda Garriga", "--json").json
    again = bureau("schools", "add", "9741046U", "École Sarda Garriga", "--json").json

    assert (first["added"], again["added"], again["unchanged"]) == (1, 0, 1)
    assert first["schools"] == again["schools"]
    school = first["schools"][0]
    assert (school["academy"], school["time_zone"]) == ("28", "Indian/Reunion")


def test_other_facts_change_a_school_and_empty_ones_erase_nothing(bureau: Terminal) -> None:
    """A new name, an address kept."""
    bureau("schools", "add", "0140070A", "Charlemagne", "--email", "a@example.fr")

    changed = bureau("schools", "add", "0140070A", "Charles-le-Grand", "--city", "Caen", "--json")

    school = changed.json["schools"][0]
    assert changed.json["changed"] == 1
    assert (school["name"], school["city"], school["email"]) == (
        "Charles-le-Grand",
        "Caen",
        "a@example.fr",
    )


def test_a_bad_number_tells_the_letter_it_should_have(bureau: Terminal) -> None:
    """Exit 3, nothing written."""
    answer = bureau("schools", "add", "0140070B", "Charlemagne")

    assert answer.code == 3
    assert "la lettre de contrôle devrait être A" in answer.err
    assert bureau("schools", "list", "--json").json == {"schools": []}


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("--email", "pas-une-adresse", 2),
        ("--time-zone", "Europe/Lille", 3),
        ("--phone", "0" * 21, 2),
        ("--city", " ", 2),
    ],
)
def test_a_bad_option_writes_nothing(bureau: Terminal, option: str, value: str, code: int) -> None:
    """An address that is none is a usage error, a time zone nobody lives in a refusal."""
    assert bureau("schools", "add", "0140070A", "Charlemagne", option, value).code == code
    assert bureau("schools", "list", "--json").json == {"schools": []}


def test_a_dry_run_adds_nothing(bureau: Terminal) -> None:
    """What would be added is shown."""
    answer = bureau("schools", "add", "0140070A", "Charlemagne", "--dry-run")

    assert answer.code == 0
    assert "rien n'a été écrit" in answer.out
    assert "Aucune école" in bureau("schools", "list").out


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_list_goes_in_twice_the_same(bureau: Terminal, tmp_path: Path, encoding: str) -> None:
    """Accents arrive whole (pain 1); the second time all are known."""
    path = listed(
        tmp_path / "liste.csv",
        "0140070A;École Hélène-Bœuf;Caen;helene@example.fr;02 31 00 00 00;École;",
        "0752387M;École Zola;Paris;;;;",
        encoding=encoding,
    )

    first = bureau("schools", "import", path, "--json")
    again = bureau("schools", "import", path, "--json")

    assert (first.code, again.code) == (0, 0)
    assert (first.json["added"], again.json["unchanged"]) == (2, 2)
    assert [school["name"] for school in again.json["schools"]] == [
        "École Hélène-Bœuf",
        "École Zola",
    ]


def test_bad_rows_are_told_and_stop_nobody(bureau: Terminal, tmp_path: Path) -> None:
    """Exit 4; each refused row with its line, its reason, and the letter expected."""
    path = listed(
        tmp_path / "liste.csv",
        "0140070A;Charlemagne;Caen;pas-une-adresse;;;",
        "0752387X;Zola;;;;;",
        "0752387M;;;;;;",
        "9741046U;Garriga;;;;;Europe/Lille",
        "0140070A;Charlemagne bis;;;;;",
        "pas un numéro;Curie;;;;;",
        "",
    )

    answer = bureau("schools", "import", path, "--json")

    assert answer.code == 4
    assert (answer.json["added"], answer.json["refused"]) == (1, 5)
    for words in (
        "ligne 2 : adresse mail écartée",
        "ligne 3 : refusée : «0752387X» n'est pas un numéro UAI ; la lettre de contrôle devrait "
        "être M",
        "ligne 4 : refusée : le nom de l'école manque",
        "ligne 5 : refusée : «Europe/Lille»",
        "ligne 6 : refusée : l'école 0140070A est déjà plus haut",
        "ligne 7 : refusée",
    ):
        assert words in answer.err


def test_a_list_without_a_good_row_is_refused(bureau: Terminal, tmp_path: Path) -> None:
    """Exit 3, nothing written."""
    answer = bureau("schools", "import", listed(tmp_path / "liste.csv", "0752387X;Zola;;;;;"))

    assert answer.code == 3
    assert "ligne 2" in answer.err
    assert bureau("schools", "list", "--json").json == {"schools": []}


def test_a_list_without_numbers_is_refused(bureau: Terminal, tmp_path: Path) -> None:
    """The columns that a list must have are named."""
    path = tmp_path / "liste.csv"
    path.write_text("Nom;Ville;Courriel\nZola;Paris;\n", encoding="utf-8")

    answer = bureau("schools", "import", str(path))

    assert answer.code == 3
    assert "les colonnes UAI et Nom" in answer.err


def test_a_workbook_will_do(bureau: Terminal, tmp_path: Path) -> None:
    """The same list as XLSX."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["UAI", "Nom", "Ville"])
    sheet.append(["0752387M", "École Zola", "Paris"])
    book.save(tmp_path / "liste.xlsx")

    answer = bureau("schools", "import", str(tmp_path / "liste.xlsx"), "--json")

    assert (answer.code, answer.json["added"]) == (0, 1)


def test_the_list_tells_the_academy(bureau: Terminal) -> None:
    """A plain table in a pipe."""
    bureau("schools", "add", "0140070A", "Charlemagne")

    said = bureau("schools", "list").out

    assert "0140070A" in said
    assert "Normandie" in said


@pytest.mark.parametrize("separator", [";", ","])
def test_two_columns_are_enough(bureau: Terminal, tmp_path: Path, separator: str) -> None:
    """UAI and Nom, nothing else."""
    path = tmp_path / "liste.csv"
    rows = (("UAI", "Nom"), ("0752387M", "École Zola"))
    path.write_text("".join(f"{separator.join(row)}\n" for row in rows), encoding="utf-8")

    answer = bureau("schools", "import", str(path), "--json")

    assert (answer.code, answer.json["added"]) == (0, 1)


@pytest.mark.parametrize("headings", ["Nom;Ville", "UAI;Ville", "Ville;Téléphone;Courriel", "a;b"])
def test_a_list_without_its_columns_is_told_which(
    bureau: Terminal, tmp_path: Path, headings: str
) -> None:
    """In words of schools: no pupils, no ONDE."""
    path = tmp_path / "liste.csv"
    path.write_text(f"{headings}\nx;y\n", encoding="utf-8")

    answer = bureau("schools", "import", str(path))

    assert answer.code == 3
    assert "Il faut au moins les colonnes UAI et Nom" in answer.err
    assert "ONDE" not in answer.err


def test_a_list_all_refused_says_so_in_its_own_words(bureau: Terminal, tmp_path: Path) -> None:
    """It comes from no school's software."""
    answer = bureau("schools", "import", listed(tmp_path / "liste.csv", "0752387X;Zola;;;;;"))

    assert "Corrigez-les dans la liste" in answer.err


def test_none_and_one_are_singular(bureau: Terminal) -> None:
    """As French counts."""
    said = bureau("schools", "add", "0140070A", "Charlemagne").out

    assert "1 école ajoutée, 0 mise à jour, 0 déjà connue." in said


def test_of_a_list_only_what_is_new_is_shown_and_not_all_of_it(
    bureau: Terminal, tmp_path: Path
) -> None:
    """Thirty schools: twenty and how many more; again: none; one changed: that one."""
    digits = [f"059{number:04}" for number in range(30)]
    uais = [uai + check_letter(uai) for uai in digits]
    path = listed(tmp_path / "liste.csv", *(f"{uai};École;;;;;" for uai in uais))

    first, again = bureau("schools", "import", path), bureau("schools", "import", path)
    listed(tmp_path / "liste.csv", *(f"{uai};École;;;;;" for uai in uais[1:]), f"{uais[0]};É;;;;;")
    changed = bureau("schools", "import", path)

    assert [answer.out.count("Lille (09)") for answer in (first, again, changed)] == [20, 0, 1]
    assert "… et 10 autres" in first.out
    assert "roster import-all DOSSIER" in first.out


def test_the_directory_in_open_data_goes_in_as_it_is(bureau: Terminal, tmp_path: Path) -> None:
    """Its headings are known: number, name, town, kind, mail, telephone."""
    path = tmp_path / "annuaire.csv"
    path.write_text(
        "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Code_postal;"
        "Nom_commune;Code_academie;Telephone;Mail\n"
        "0140070A;Ecole Charlemagne;Ecole;14000;Caen;70;0231000000;ce@example.fr\n",
        encoding="utf-8-sig",
    )

    (school,) = bureau("schools", "import", str(path), "--json").json["schools"]

    told = [school[key] for key in ("uai", "name", "kind", "city", "email", "phone")]
    assert told == ["0140070A", "Ecole Charlemagne", "Ecole", "Caen", "ce@example.fr", "0231000000"]


@pytest.mark.parametrize("typed", ["70", "Normandie", "NORMANDIE"])
def test_an_academy_is_named_by_its_code_or_its_name(bureau: Terminal, typed: str) -> None:
    """As `schools list` shows both; an unknown one is answered by those that are."""
    bureau("schools", "add", "0140070A", "Charlemagne")

    told = bureau("audit", "activations", "--academy", typed, "--json").json
    unknown = bureau("audit", "activations", "--academy", "Neustrie")

    assert (told["academy"], told["by"]) == ("70", "school")
    assert unknown.code == 3
    assert "70 Normandie" in unknown.err
