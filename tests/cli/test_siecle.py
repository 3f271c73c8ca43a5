"""The collège of the samples from its exports to accounts, and what is said on the way."""

from pathlib import Path

import pytest

from tests.cli.running import Terminal

COLLEGE = Path(__file__).parents[2] / "data" / "samples" / "college-simone-veil"
DOSSIERSCO = Path(__file__).parents[1] / "rosters" / "dossiersco"
UAI = "0599903U"
FILES = [str(path) for path in sorted(COLLEGE.glob("*.*"))]
OLD = str(COLLEGE / "avant-2018" / "ResponsablesAvecAdresses.xml")


@pytest.fixture
def bureau(initiated: Terminal) -> Terminal:
    """An office that knows the collège."""
    assert initiated("schools", "add", UAI, "Collège Simone-Veil").code == 0
    return initiated


def test_reading_says_what_was_recognised(run: Terminal) -> None:
    """Format, encoding, tags, who is left out, and the files read along."""
    answer = run("roster", "read", *FILES)

    assert answer.code == 0
    assert "Format : SIECLE, fichier XML ; ISO-8859-15" in answer.out
    assert "48 lignes : 46 prises, 2 laissées de côté" in answer.out
    assert "Lu avec : Nomenclature.xml, Structures.xml" in answer.out
    assert "Colonnes lues : ELEVE_ID, ID_NATIONAL, INE_RNIE, NOM_DE_FAMILLE" in answer.out
    assert "dans SIECLE, puis exportez de nouveau" in answer.all
    assert "ONDE" not in answer.all


def test_reading_as_programs_do(run: Terminal) -> None:
    """The school that the files claim to be of, and what was read along."""
    pupils, guardians = run("roster", "read", *FILES, "--json").json["files"]

    assert (pupils["school"], guardians["school"]) == (UAI, UAI)
    assert pupils["along"] == ["Nomenclature.xml", "Structures.xml"]
    assert (pupils["format"], pupils["rows"], pupils["left_out"]) == ("siecle", 48, 2)
    assert pupils["headings"]["NOM_DE_FAMILLE"] == "family_name"


def test_the_college_goes_in_once_and_only_legal_guardians_get_accounts(bureau: Terminal) -> None:
    """46 pupils, their guardians, legal or not; then again; then as exported before 2018."""
    first = bureau("roster", "import", *FILES, "--school", UAI, "--json")
    assert (first.code, first.json["refused"]) == (0, 0)
    assert first.json["new"] == {"pupils": 46, "guardians": 78, "links": 85}

    for files in (FILES, [FILES[0], OLD]):
        again = bureau("roster", "import", *files, "--school", UAI, "--json").json
        assert again["new"] == again["changed"] == again["departed"]
        assert set(again["new"].values()) == {0}

    assert bureau("accounts", "generate", "--school", UAI, "--json").json["created"] == 76
    found = {
        name: bureau("accounts", "find", name, "--json").json["accounts"]
        for name in ("Odette Vasseur", "Sabine Lacombe", "Diane Rochette", "Yves Cordier")
    }
    assert [bool(one[0]["identifier"]) for one in found.values()] == [False, True, True, True]


def test_the_desk_sees_who_is_no_legal_guardian(bureau: Terminal) -> None:
    """A grandmother to be reached has no account; a father is legal for one child of two."""
    assert bureau("roster", "import", *FILES, "--school", UAI).code == 0

    grandmother = bureau("accounts", "find", "Odette Vasseur").out
    father = bureau("accounts", "find", "Yves Cordier", "--json").json["accounts"][0]

    assert "N'est responsable légal d'aucun élève inscrit : pas de compte." in grandmother
    assert "accounts generate" not in grandmother
    legal = {child["given_name"]: child["legal"] for child in father["children"]}
    assert legal == {"Abel": True, "Inès": False}


def test_the_exports_of_another_school_are_refused(bureau: Terminal) -> None:
    """The number in the file is that of the collège."""
    assert bureau("schools", "add", "0599901S", "École Charlemagne").code == 0
    answer = bureau("roster", "import", *FILES, "--school", "0599901S")

    assert answer.code == 3
    assert UAI in answer.err


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "eleves_avec_adresse_simple.xml",
            "n'est pas du XML bien formé : il a été modifié, ou abîmé (ligne 139).",
        ),
        (
            "nomenclature_simple.xml",
            "est un fichier de SIECLE où il n'y a personne. Donnez-le avec ElevesSansAdresses",
        ),
    ],
)
def test_what_can_not_be_read_is_refused_in_words(run: Terminal, name: str, said: str) -> None:
    """With the file, the line and what to do; nothing else."""
    answer = run("roster", "read", str(DOSSIERSCO / name))

    assert answer.code == 3
    assert f"Le fichier «{name}» {said}" in " ".join(answer.err.split())
