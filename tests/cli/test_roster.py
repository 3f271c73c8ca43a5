"""`roster …`: reading, importing, what waits for a person."""

from pathlib import Path

import pytest

from tests.cli.running import Terminal

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
CHARLEMAGNE = "0599901S"
MARIE_CURIE = "0599902T"
PUPILS = "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;INE;Niveau;Libellé classe\n"
GUARDIANS = (
    "Civilité Responsable;Nom responsable;Prénom responsable;Courriel;Téléphone portable;"
    "Nom de famille enfant;Prénom enfant;Classes enfants\n"
)


@pytest.fixture
def bureau(initiated: Terminal) -> Terminal:
    """An office with the two schools of the samples."""
    assert initiated("schools", "import", str(SAMPLES / "ecoles.csv")).code == 0
    return initiated


def written(path: Path, headings: str, *rows: str) -> str:
    """Write a file, and return its path."""
    path.write_text(headings + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return str(path)


def sample(folder: str) -> list[str]:
    """Return the two files of a school of the samples."""
    return [
        str(SAMPLES / folder / f"CSVExtraction-{name}.csv") for name in ("eleves", "responsables")
    ]


def class_of(path: Path, size: int) -> str:
    """Write a class of so many pupils."""
    rows = (f"PETIT;;Enfant{chr(65 + n)};14/03/2018;;CP;CP A" for n in range(size))
    return written(path, PUPILS, *rows)


@pytest.mark.parametrize(
    ("folder", "uai", "pupils", "guardians"),
    [
        ("ecole-charlemagne", CHARLEMAGNE, 135, 225),
        ("ecole-marie-curie", MARIE_CURIE, 113, 212),
    ],
)
def test_the_samples_go_in_and_once_only(
    bureau: Terminal, folder: str, uai: str, pupils: int, guardians: int
) -> None:
    """Numbers as the samples tell them; the same files again change nothing."""
    first = bureau("roster", "import", *sample(folder), "--school", uai, "--json")
    again = bureau("roster", "import", *sample(folder), "--school", uai, "--json")

    assert (first.code, again.code) == (0, 0)
    assert (first.json["new"]["pupils"], first.json["new"]["guardians"]) == (pupils, guardians)
    assert again.json["unchanged"] == first.json["new"]
    nobody = {"pupils": 0, "guardians": 0, "links": 0}
    assert again.json["new"] == again.json["changed"] == again.json["departed"] == nobody
    assert again.json["ambiguous"] == first.json["ambiguous"]


def test_homonyms_of_one_class_wait_for_a_person(bureau: Terminal) -> None:
    """The two Emma MARTIN: asked once, listed with both, never linked."""
    bureau("roster", "import", *sample("ecole-charlemagne"), "--school", CHARLEMAGNE)
    bureau("roster", "import", *sample("ecole-charlemagne"), "--school", CHARLEMAGNE)

    items = bureau("roster", "review", "--school", CHARLEMAGNE, "--json").json["items"]

    kinds = [item["kind"] for item in items]
    assert sorted(kinds) == ["ambiguous_link", "ambiguous_link", "merge_proposal", "no_child"]
    emma = next(item for item in items if item["kind"] == "ambiguous_link")
    assert [one["given_name"] for one in emma["candidates"]] == ["Emma", "Emma"]
    said = bureau("roster", "review").out
    assert "possible : Emma MARTIN, CP A" in said
    assert "4 questions ouvertes" in said
    assert bureau("roster", "review", "--school", MARIE_CURIE, "--json").json == {"items": []}


def test_an_empty_queue_says_so(bureau: Terminal) -> None:
    """Nothing waits."""
    assert "Rien n'attend" in bureau("roster", "review").out


def test_reading_tells_what_was_recognised(bureau: Terminal) -> None:
    """Format, encoding, kind, rows and headings; no database is needed."""
    answer = bureau("roster", "read", *sample("ecole-charlemagne"), "--json")

    pupils, guardians = answer.json["files"]
    assert answer.code == 0
    assert (pupils["kind"], pupils["format"], pupils["encoding"], pupils["rows"]) == (
        "pupils", "onde-2017", "cp1252", 135,
    )  # fmt: skip
    assert pupils["headings"]["Nom élève"] == "family_name"
    assert guardians["kind"] == "guardians"
    said = bureau("roster", "read", *sample("ecole-charlemagne")).out
    assert "fichier des élèves" in said
    assert "ONDE, à partir de 2017" in said


def test_reading_needs_no_office(run: Terminal) -> None:
    """Not even an `init`."""
    assert run("roster", "read", *sample("ecole-marie-curie")).code == 0


def test_a_bad_row_is_refused_with_line_column_reason_and_remedy(
    bureau: Terminal, tmp_path: Path
) -> None:
    """Pains 5 and 6: exit 4, the others are in, the row is named with what to do."""
    path = written(
        tmp_path / "eleves.csv",
        PUPILS,
        "MARTIN;;Alice;14/03/2018;;CP;CP A",
        "MARTIN;;Bob;;;CP;CP A",
    )

    answer = bureau("roster", "import", path, "--school", CHARLEMAGNE)
    as_json = bureau("roster", "import", path, "--school", CHARLEMAGNE, "--json")

    assert answer.code == as_json.code == 4
    assert "eleves.csv, ligne 3, Bob MARTIN, colonne «Date naissance»" in answer.err
    assert "complétez-la dans ONDE" in answer.err
    assert (as_json.json["refused"], as_json.json["unchanged"]["pupils"]) == (1, 1)
    assert as_json.json["problems"][0]["line"] == 3
    assert bureau("roster", "read", path).code == 4


def test_nothing_but_bad_rows_writes_nothing(bureau: Terminal, tmp_path: Path) -> None:
    """Exit 3, and the rows are told all the same."""
    path = written(tmp_path / "eleves.csv", PUPILS, "MARTIN;;Bob;;;CP;CP A")

    answer = bureau("roster", "import", path, "--school", CHARLEMAGNE)

    assert answer.code == 3
    assert "ligne 2" in answer.err
    assert "rien n'a été écrit" in answer.err
    assert bureau("roster", "read", path).code == 3


def test_a_dry_run_tells_the_same_and_writes_nothing(bureau: Terminal) -> None:
    """The numbers to come, then the same numbers for good."""
    arguments = ("roster", "import", *sample("ecole-marie-curie"), "--school", MARIE_CURIE)

    dry = bureau(*arguments, "--dry-run", "--json").json
    real = bureau(*arguments, "--json").json

    assert (dry["dry_run"], real["dry_run"]) == (True, False)
    assert dry["new"] == real["new"]


def test_a_mass_departure_must_be_confirmed(bureau: Terminal, tmp_path: Path) -> None:
    """Pain 20: exit 3, who would leave is told, and how to say that it is true."""
    bureau("roster", "import", class_of(tmp_path / "a.csv", 8), "--school", CHARLEMAGNE)
    fewer = class_of(tmp_path / "b.csv", 3)

    refused = bureau("roster", "import", fewer, "--school", CHARLEMAGNE)
    accepted = bureau(
        "roster", "import", fewer, "--school", CHARLEMAGNE, "--accept-departures", "--json"
    )

    assert refused.code == 3
    assert "EnfantH PETIT" in refused.all
    assert "--accept-departures" in refused.err
    assert (accepted.code, accepted.json["departed"]["pupils"]) == (0, 5)


def test_the_whole_school_is_said(bureau: Terminal, tmp_path: Path) -> None:
    """A file of some classes speaks of those only, unless it is said to be everything."""
    both = written(
        tmp_path / "a.csv",
        PUPILS,
        "MARTIN;;Alice;14/03/2018;;CP;CP A",
        "ROUX;;Bob;14/03/2016;;CE2;CE2",
    )
    one = written(tmp_path / "b.csv", PUPILS, "MARTIN;;Alice;14/03/2018;;CP;CP A")
    bureau("roster", "import", both, "--school", CHARLEMAGNE)

    part = bureau("roster", "import", one, "--school", CHARLEMAGNE, "--json").json
    whole = bureau("roster", "import", one, "--school", CHARLEMAGNE, "--whole-school").out

    assert part["departed"]["pupils"] == 0
    assert "Bob ROUX (CE2)" in whole


def test_pupils_alone_then_guardians(bureau: Terminal, tmp_path: Path) -> None:
    """One file alone works and names what is missing; changes are told by field, not by value."""
    pupils = written(tmp_path / "a.csv", PUPILS, "MARTIN;;Alice;14/03/2018;;CP;CP A")
    first = "Mme;MARTIN;Jeanne;jeanne@example.fr;0612345678;MARTIN;Alice;CP A"
    second = "Mme;MARTIN;Jeanne;autre@example.fr;0612345678;MARTIN;Alice;CP A"

    alone = bureau("roster", "import", pupils, "--school", CHARLEMAGNE)
    guardians = written(tmp_path / "b.csv", GUARDIANS, first)
    bureau("roster", "import", guardians, "--school", CHARLEMAGNE)
    changed = bureau(
        "roster", "import", written(tmp_path / "b.csv", GUARDIANS, second), "--school", CHARLEMAGNE
    )

    assert "roster import RESPONSABLES" in alone.out
    assert "Jeanne MARTIN : adresse mail" in changed.out
    assert "autre@example.fr" not in changed.all


def test_remarks_of_one_kind_are_gathered(bureau: Terminal, tmp_path: Path) -> None:
    """Three in full, the lines of the others; remarks alone are no failure."""
    rows = [f"MARTIN;;Enfant{chr(65 + n)};14/03/2018;FAUX{n};CP;CP A" for n in range(6)]
    path = written(tmp_path / "a.csv", PUPILS, *rows)

    answer = bureau("roster", "import", path, "--school", CHARLEMAGNE)

    assert answer.code == 0
    assert "et 3 autres remarques du même genre, lignes 5, 6, 7." in answer.out


def test_an_unknown_school_is_told_how_to_add_it(bureau: Terminal) -> None:
    """Exit 3 with the next command."""
    answer = bureau("roster", "import", *sample("ecole-marie-curie"), "--school", "0752387M")

    assert answer.code == 3
    assert "schools add 0752387M" in answer.err


def test_a_file_that_is_not_there_writes_nothing(bureau: Terminal, tmp_path: Path) -> None:
    """One good file, one missing: neither goes in."""
    good, _ = sample("ecole-marie-curie")

    answer = bureau("roster", "import", good, str(tmp_path / "absent.csv"), "--school", MARIE_CURIE)

    assert answer.code == 3
    assert "n'existe pas" in answer.err
    schools = bureau("schools", "list", "--json").json["schools"]
    assert [school["pupils"] for school in schools] == [0, 0]


def test_a_footer_left_aside_is_told_on_import_too(bureau: Terminal, tmp_path: Path) -> None:
    """As `roster read` tells it: nothing is dropped in silence."""
    path = written(tmp_path / "eleves.csv", PUPILS, "MARTIN;;Bob;14/03/2018;;CP;CP A", "Total;1")

    for command in (("read", path), ("import", path, "--school", CHARLEMAGNE)):
        assert "Fin de fichier ignorée : ligne 3" in bureau("roster", *command).out


def test_one_file_given_twice_is_refused_in_a_sentence(bureau: Terminal) -> None:
    """Exit 3, from either command."""
    path = sample("ecole-charlemagne")[0]

    for command in (("read",), ("import", "--school", CHARLEMAGNE)):
        answer = bureau("roster", *command, path, path)
        assert answer.code == 3
        assert "le même fichier est donné deux fois" in answer.err
