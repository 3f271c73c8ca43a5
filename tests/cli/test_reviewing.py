"""`roster review` and `roster review resolve`: what a person reads, and what their answer does."""

from io import StringIO
from pathlib import Path
from shutil import copytree

import pytest

from educonnect_admin.cli.evidence_words import EVIDENCE
from educonnect_admin.office.merging.evidence import Code
from tests.cli.running import Answer, Terminal

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
CHARLEMAGNE, MARIE_CURIE = "0599901S", "0599902T"
WHY = ("--reason", "vu avec la famille")
RESOLVE = ("roster", "review", "resolve")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the office of these tests is kept: importing takes longer than any of them."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def bureau(run: Terminal, environment: Path, kept: Path) -> Terminal:
    """An office with the two schools of the samples and their families."""
    if any(kept.iterdir()):
        copytree(kept, environment / "office")
        return run
    assert run("init").code == 0
    assert run("schools", "import", str(SAMPLES / "ecoles.csv")).code == 0
    for folder, uai in (("ecole-charlemagne", CHARLEMAGNE), ("ecole-marie-curie", MARIE_CURIE)):
        assert take(run, folder, uai).code == 0
    copytree(environment / "office", kept, dirs_exist_ok=True)
    return run


def take(run: Terminal, folder: str, uai: str) -> Answer:
    """Import the two files of a school of the samples."""
    files = [
        str(SAMPLES / folder / f"CSVExtraction-{name}.csv") for name in ("eleves", "responsables")
    ]
    return run("roster", "import", *files, "--school", uai)


def numbers(run: Terminal, *options: str) -> list[int]:
    """Return the numbers of the questions that wait."""
    return [item["id"] for item in run("roster", "review", *options, "--json").json["items"]]


def number_of(run: Terminal, kind: str) -> int:
    """Return the number of the first question of a kind."""
    return numbers(run, "--kind", kind)[0]


def test_a_proposal_is_told_with_its_reasons_and_its_answers(bureau: Terminal) -> None:
    """Both records, what speaks for and against, the points, the very commands."""
    said = bureau("roster", "review", "--kind", "merge_proposal").out

    number = number_of(bureau, "merge_proposal")
    assert f"n° {number} ({CHARLEMAGNE}) une seule personne ? 70 points sur 100" in said
    assert "M. Jean DUPONT, École élémentaire Charlemagne (Théo DUPONT (CM1)), sans compte" in said
    assert "pour : même prénom ; même nom de famille ; un enfant en commun" in said
    assert "contre : l'école les inscrit à part" in said
    assert "nom de famille d'une fiche, nom d'usage de l'autre : KLEIN, KLEIN (né(e) JOLY)" in said
    assert f"educonnect-admin roster review resolve {number} --different --reason MOTIF" in said


def test_no_contact_is_shown(bureau: Terminal) -> None:
    """Whether a mobile is the same is told, not the mobile."""
    for answer in (bureau("roster", "review"), bureau("roster", "review", "--json")):
        assert "@" not in answer.all
        assert "+33" not in answer.all


def test_an_ambiguous_child_is_told_apart(bureau: Terminal) -> None:
    """Class, birth date, who answers for each; and the command with the first of them."""
    said = bureau("roster", "review", "--kind", "ambiguous_link").out

    assert "possible : Emma MARTIN, CP A, né(e) le 14/03/2018 (n° " in said
    assert " --pupil " in said
    assert "une seule personne ?" not in said


def test_one_school_sees_the_proposals_about_its_records(bureau: Terminal) -> None:
    """Whichever of the two schools asked."""
    here = numbers(bureau, "--school", CHARLEMAGNE, "--kind", "merge_proposal")
    there = numbers(bureau, "--school", MARIE_CURIE, "--kind", "merge_proposal")

    assert (len(here), len(there)) == (2, 1)
    assert there[0] in here


def test_the_child_chosen_is_linked_and_stays(bureau: Terminal) -> None:
    """Told in a sentence; the same file again asks nothing of it."""
    link = bureau("roster", "review", "--kind", "ambiguous_link", "--json").json["items"][0]
    emma = link["candidates"][0]["id"]

    rehearsed = bureau(*RESOLVE, str(link["id"]), "--pupil", str(emma), *WHY, "--dry-run")
    done = bureau(*RESOLVE, str(link["id"]), "--pupil", str(emma), *WHY)
    take(bureau, "ecole-charlemagne", CHARLEMAGNE)

    assert "Essai : rien n'a été écrit." in rehearsed.out
    assert "Emma MARTIN sera rattaché(e) à " in rehearsed.out
    assert done.code == 0
    assert "Emma MARTIN est rattaché(e) à " in done.out
    assert link["id"] not in numbers(bureau)
    assert "question de la file répondue (réponse cet élève, enfant ambigu" in (
        bureau("audit", "trail", "--school", CHARLEMAGNE).out.replace("\n", " ")
    )


def test_one_answer_for_several(bureau: Terminal) -> None:
    """Two children of other schools, one command."""
    lost = numbers(bureau, "--kind", "no_child")

    done = bureau(*RESOLVE, *map(str, lost), "--none", *WHY, "--json")

    assert done.json["changed"] is True
    assert [item["resolution"] for item in done.json["items"]] == ["nobody"] * len(lost)
    assert numbers(bureau, "--kind", "no_child") == []


def test_two_accounts_become_one_and_it_can_be_undone(bureau: Terminal) -> None:
    """The sentence tells how; undone, the proposal is back."""
    for uai in (CHARLEMAGNE, MARIE_CURIE):
        assert bureau("accounts", "generate", "--school", uai).code == 0
    number = numbers(bureau, "--school", MARIE_CURIE, "--kind", "merge_proposal")[0]

    done = bureau(*RESOLVE, str(number), "--same", "--keep", "sabrina.klein1", *WHY)

    assert "sabrina.klein ne sera plus utilisable" in done.out
    assert "undo-regroup sabrina.klein --reason MOTIF" in done.out
    assert bureau("accounts", "undo-regroup", "sabrina.klein", *WHY).code == 0
    assert number in numbers(bureau)


def test_two_people_stay_two(bureau: Terminal) -> None:
    """Father and son: answered once."""
    number = number_of(bureau, "merge_proposal")

    done = bureau(*RESOLVE, str(number), "--different", *WHY)
    take(bureau, "ecole-charlemagne", CHARLEMAGNE)

    assert "deux personnes" in done.out
    assert number not in numbers(bureau)


def test_an_answer_given_too_fast_is_taken_back(bureau: Terminal) -> None:
    """The wrong number was typed: the question waits again."""
    number = number_of(bureau, "merge_proposal")
    bureau(*RESOLVE, str(number), "--different", *WHY)

    done = bureau(*RESOLVE, str(number), "--reopen", *WHY, "--json")

    assert done.json["items"][0]["resolution"] is None
    assert number in numbers(bureau)
    assert "il n'y a rien à retirer" in bureau(*RESOLVE, str(number), "--reopen", *WHY).err


def test_without_accounts_the_answer_waits_for_them(bureau: Terminal) -> None:
    """Said so, in as many words."""
    number = str(number_of(bureau, "merge_proposal"))

    done = bureau(*RESOLVE, number, "--same", *WHY)

    assert "accounts generate ouvrira un seul compte pour les deux fiches" in done.out


def test_somebody_at_the_terminal_sees_it_first(
    bureau: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A "no" at the keyboard changes nothing."""

    class Keyboard(StringIO):
        def isatty(self) -> bool:
            return True

    number = number_of(bureau, "no_child")
    monkeypatch.setattr("sys.stdin", Keyboard("n\n"))

    refused = bureau(*RESOLVE, str(number), "--none", *WHY)

    assert refused.code == 3
    assert f"n° {number} : l'enfant n'est aucun élève de l'école" in refused.all
    assert number in numbers(bureau)


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ((), 2, "Il manque la réponse"),
        (("--none", "--same"), 2, "ne vont pas ensemble"),
        (("--none", "--keep", "a.b"), 2, "ne vont pas ensemble"),
        (("--pupil", " "), 2, "--pupil"),
        (("--record", "0"), 3, "il faut --pupil ELEVE ou --none"),
        (("--same",), 3, "il faut --pupil ELEVE ou --none"),
        (("--record", "1"), 3, "il faut --pupil ELEVE ou --none"),
        (("--pupil", "999999"), 3, "Aucun élève ne porte"),
        (("--pupil", "136"), 3, "n'est pas inscrit dans l'école de la question"),
    ],
)
def test_what_can_not_be_answered_so_is_refused(
    bureau: Terminal, options: tuple[str, ...], code: int, words: str
) -> None:
    """A French sentence, nothing done."""
    number = number_of(bureau, "no_child")

    refused = bureau(*RESOLVE, str(number), *options, *WHY)

    assert (refused.code, refused.out) == (code, "")
    assert words in refused.err
    assert number in numbers(bureau)


def test_a_question_that_is_not_there_or_no_longer_waits(bureau: Terminal) -> None:
    """Unknown, out of range, answered: three sentences."""
    number = str(number_of(bureau, "no_child"))
    bureau(*RESOLVE, number, "--none", *WHY)

    answered = bureau(*RESOLVE, number, "--none", *WHY)
    unknown = bureau(*RESOLVE, "9999", "--none", *WHY)
    huge = bureau(*RESOLVE, "9" * 30, "--none", *WHY)

    assert (answered.code, unknown.code, huge.code) == (3, 3, 3)
    assert "a déjà sa réponse : l'enfant n'est aucun élève" in answered.err
    assert "Aucune question ne porte le numéro 9999" in unknown.err
    assert "Aucune question ne porte le numéro 99999" in huge.err


def test_every_piece_of_evidence_has_words() -> None:
    """And no words are for a code that does not exist."""
    assert set(EVIDENCE) == set(Code)
    assert len(set(EVIDENCE.values())) == len(EVIDENCE)
