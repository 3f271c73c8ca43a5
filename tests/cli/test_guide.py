"""`guide`: a director led by questions, with answers written down beforehand."""

import re
import shlex
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from educonnect_admin.cli.failures import explain
from educonnect_admin.domain.errors import UnreadableFile
from educonnect_admin.rosters.read import read_parts
from educonnect_admin.settings import Settings
from tests.cli.rejecting import column
from tests.cli.running import Terminal
from tests.cli.test_faulty_samples import contents, files_of
from tests.conftest import NOW
from tests.support.guided import OTHER_UAI, UAI, Answer, Reader, guided, write_rosters, write_siecle
from tests.support.schema import copy_file

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
ENTER = ""
NEW_SCHOOL: list[Answer] = [ENTER, UAI, "École Charlemagne", "Lille"]
TO_THE_END: list[Answer] = [*NEW_SCHOOL, ENTER, "o", "toutes", ENTER, "o"]
QUESTIONS = [
    "Commencer ?", "Numéro UAI de l'école", "Nom de l'école",
    "Ville (Entrée seule : ne pas la dire)", "Quels fichiers ?", "Importer ?",
    "Quelles classes ?", "Dossier où les ranger", "Préparer ces 6 courriers ?",
]  # fmt: skip
IMPORT = QUESTIONS.index("Importer ?")


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_template: Path) -> Path:
    """A person's computer: no window, a home with the exports of a small school, no office."""
    home = tmp_path / "home"
    monkeypatch.setenv("HOME", str(home))
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_CONFIG_HOME", "XDG_DOCUMENTS_DIR"):
        monkeypatch.delenv(name, raising=False)
    write_rosters(home / "Téléchargements")
    # The schema alone: an office is made of it as of nothing, only sooner.
    copy_file(sqlite_template, Path(Settings().database_url))
    return home


@pytest.fixture
def letters(home: Path) -> Callable[[], list[Path]]:
    """What finds the letters, in the folder that the guide proposes."""
    return lambda: sorted((home / "Documents").rglob("*-courriers.pdf"))


def count(table: str) -> int:
    """Return how many rows a table of the office has."""
    with closing(sqlite3.connect(Settings().database_url)) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_from_nothing_to_the_letters(letters: Callable[[], list[Path]]) -> None:
    """Nine answers, most of them Enter; the letters lie in a folder that only their owner opens."""
    run = guided(*TO_THE_END)

    assert run.code == 0
    assert run.questions == QUESTIONS
    assert (count("schools"), count("pupils"), count("guardians")) == (1, 6, 6)
    assert [path.name for path in letters()] == [
        "lot-000001-01-CP-courriers.pdf", "lot-000001-02-CE1-courriers.pdf",
    ]  # fmt: skip
    assert letters()[0].parent.stat().st_mode & 0o777 == 0o700
    assert letters()[0].parent.parent.name == "Courriers EduConnect"
    assert "Fait : l'import (6 nouveaux élèves, 6 nouveaux responsables) ; 6 courriers dans ~/" in (
        run.told
    )


def test_every_answer_can_be_taken_back(letters: Callable[[], list[Path]]) -> None:
    """`r` at any question shows the one before; what is done stays done; the end is the same."""
    answers: list[Answer] = []
    asked: list[str] = []
    for at, (question, answer) in enumerate(zip(QUESTIONS, TO_THE_END, strict=True)):
        is_first = at in {0, IMPORT + 1}
        answers += ["r", answer] if is_first else ["r", TO_THE_END[at - 1], answer]
        asked += [question, question if is_first else QUESTIONS[at - 1]]
        asked += [] if is_first else [question]

    run = guided(*answers)

    assert run.questions == asked
    assert "C'est la première question : on ne peut pas revenir plus loin." in run.told
    assert "Ce qui précède est déjà fait : on ne peut pas revenir plus loin." in run.told
    assert run.code == 0
    assert (count("schools"), count("pupils"), len(letters())) == (1, 6, 2)


def test_all_answers_can_be_taken_back_one_after_the_other() -> None:
    """From the import back to the welcome, then another school is named, and only that is made."""
    back: list[Answer] = ["r"] * IMPORT
    run = guided(*NEW_SCHOOL, ENTER, *back, ENTER, OTHER_UAI, "École Curie", ENTER, ENTER, "o")

    assert run.questions[IMPORT + 1 : 2 * IMPORT + 1] == QUESTIONS[:IMPORT][::-1]
    with closing(sqlite3.connect(Settings().database_url)) as database:
        assert database.execute("SELECT uai, name, city FROM schools").fetchall() == [
            (OTHER_UAI, "École Curie", None)
        ]


@pytest.mark.parametrize("asked", [0, 2, IMPORT, IMPORT + 1, len(QUESTIONS) - 1])
def test_whoever_stops_leaves_nothing_half_done(
    asked: int, letters: Callable[[], list[Path]]
) -> None:
    """`q` or Ctrl-D at any question: before the import nothing is written, exit 3; after it 0."""
    run = guided(*TO_THE_END[:asked], "q")

    done = asked > IMPORT
    assert run.questions == QUESTIONS[: asked + 1]
    assert run.code == (0 if done else 3)
    assert (count("schools"), count("pupils")) == ((1, 6) if done else (0, 0))
    assert letters() == []
    assert "Pour reprendre, à tout moment : educonnect-admin guide" in run.told
    assert ("Fait : l'import" in run.told) is done


@pytest.mark.parametrize("asked", [0, IMPORT, IMPORT + 2])
def test_ctrl_c_says_what_was_done(asked: int) -> None:
    """The last words are said, then the interruption goes its way: exit 130."""
    reader = Reader([*TO_THE_END[:asked], KeyboardInterrupt])

    with pytest.raises(KeyboardInterrupt):
        lead_with(reader)

    assert "Vous avez arrêté le guide." in reader.told
    assert count("pupils") == (6 if asked > IMPORT else 0)


def lead_with(reader: Reader) -> int:
    """Lead a reader."""
    from educonnect_admin.cli.desk import Desk
    from educonnect_admin.cli.guide import lead

    return lead(Desk(database=None, operator=None, quiet=False), reader)


def test_the_second_time_prints_nothing_twice(letters: Callable[[], list[Path]]) -> None:
    """The school is known, its files change nothing, nobody gets a second letter."""
    guided(*TO_THE_END)
    before = letters()

    run = guided(ENTER, "o", ENTER)

    assert run.questions == ["Commencer ?", "Est-ce cette école ?", "Quels fichiers ?"]
    assert "Rien n'a changé depuis le dernier import" in run.told
    assert "Il n'y a aucun courrier à préparer" in run.told
    assert (run.code, letters()) == (0, before)


def test_letters_alone(letters: Callable[[], list[Path]]) -> None:
    """Who imported yesterday passes over the files."""
    guided(*TO_THE_END[:6])

    run = guided(ENTER, "o", "p", "CE1", ENTER, "o")

    assert run.code == 0
    assert [path.name for path in letters()] == ["lot-000001-02-CE1-courriers.pdf"]


def test_some_classes_by_their_numbers(letters: Callable[[], list[Path]]) -> None:
    """Each class is a batch of its own; what is not in the list is asked for again."""
    run = guided(*TO_THE_END[:6], "9", "CM2", "2, 1", ENTER, "o")

    assert run.questions.count("Quelles classes ?") == 3
    assert [path.name for path in letters()] == [
        "lot-000001-02-CE1-courriers.pdf", "lot-000002-01-CP-courriers.pdf",
    ]  # fmt: skip
    assert "--class CE1 --output" in run.told
    assert '--class "CP A" --output' in run.told


BAD_ANSWERS = [
    (0, "peut-être", "Je n'ai pas compris «peut-être». Tapez une de ces lettres : o, n."),
    (1, "0599901A", "la lettre de contrôle devrait être S"),
    (1, "Lille", "«Lille» n'est pas un numéro UAI : sept chiffres et une lettre"),
    (1, "", "Il faut ce numéro"),
    (2, "", "Il faut une réponse ici"),
    (2, "x" * 201, "C'est trop long : 200 signes au plus."),
    (3, "x" * 101, "C'est trop long : 100 signes au plus."),
    (3, "\x1b[D", "Je n'ai pas pu lire cette réponse."),
    (4, "3", "Il n'y a pas de fichier de ce numéro"),
    (4, "1 0", "Il n'y a pas de fichier de ce numéro"),
    (4, "absent.csv", "Le fichier «absent.csv» n'existe pas."),
    (4, "'jamais fermé", "Le fichier «'jamais fermé» n'existe pas."),
    (4, "y" * 5000, "ne peut pas être lu"),
    (4, "p", "Je n'ai pas compris «p»"),
    (4, "home", "Le fichier «home» est un dossier."),
    (5, "x", "Je n'ai pas compris «x»"),
    (6, "CM2", "Je n'ai pas compris «CM2»"),
    (7, "/dev/null/x", "Choisissez un autre dossier."),
    (8, "1", "Je n'ai pas compris «1»"),
]


def test_a_bad_answer_is_asked_again() -> None:
    """One sentence says what is wrong, the same question comes again, the run goes on."""
    answers: list[Answer] = []
    asked: list[str] = []
    for at, (question, answer) in enumerate(zip(QUESTIONS, TO_THE_END, strict=True)):
        bad = [typed for place, typed, _ in BAD_ANSWERS if place == at]
        answers += [*bad, answer]
        asked += [question] * (len(bad) + 1)

    run = guided(*answers)

    assert [told for _, _, told in BAD_ANSWERS if told not in run.told] == []
    assert run.questions == asked
    assert run.code == 0


def unreadable_files() -> dict[Path, str]:
    """Return the faulty files that can't be read at all, with what commands say of them."""
    found = {}
    for path in files_of("fichiers-fautifs"):
        try:
            read_parts(path, today=NOW.date())
        except UnreadableFile as refusal:
            found[path] = explain(refusal)[0]
    return found


def test_a_bad_file_is_told_as_commands_do() -> None:
    """The same sentence for each; another file may be given; nothing was made of any."""
    files = unreadable_files()

    run = guided(*NEW_SCHOOL, *map(str, files), "q")

    assert len(files) > 10
    assert [said for said in files.values() if said not in run.told] == []
    assert run.questions[4:] == ["Quels fichiers ?"] * (len(files) + 1)
    assert (run.code, count("schools")) == (3, 0)


def test_a_file_with_bad_rows_is_planned_and_told() -> None:
    """Each can be shown in detail, row by row, and left again."""
    files = [path for path in files_of("fichiers-fautifs") if path not in unreadable_files()]
    files = [path for path in files if path.name != "tout-refuse.csv"]
    answers: list[Answer] = [one for path in files for one in (str(path), "d", "r")]

    run = guided(*NEW_SCHOOL, *answers, "q")

    assert len(files) > 10
    for path in files:
        assert re.search(rf"  {path.name}, ligne \d+.* : .* → ", run.told), path.name
    assert run.questions[4:] == [
        "Quels fichiers ?",
        *["Importer ?", "Importer ?", "Quels fichiers ?"] * len(files),
    ]
    assert contents_of("pupils") == []


SANS_DATE = SAMPLES / "fichiers-fautifs" / "sans-date.csv"


def test_refused_rows_are_shown_and_make_the_code_four(home: Path) -> None:
    """The good rows go in, the bad one is told with line and remedy; it may stay unwritten."""
    run = guided(*NEW_SCHOOL, str(SANS_DATE), "o", "n", "q")

    assert (run.code, count("pupils")) == (4, 2)
    assert "sans-date.csv, ligne 3" in run.told
    assert " → complétez-la dans ONDE" in run.told
    assert list(home.rglob("*.xlsx")) == []


def test_refused_rows_come_back_as_a_workbook_and_go_in_corrected(home: Path) -> None:
    """A name that is no workbook's is asked again; corrected, it is found and taken as it is."""
    from openpyxl import load_workbook

    first = guided(*NEW_SCHOOL, str(SANS_DATE), "o", "x.csv", ENTER, "q")
    (path,) = (home / "Documents").glob("Lignes refusées *.xlsx")
    book = load_workbook(path)
    sheet = book.worksheets[0]
    sheet.cell(2, column(sheet, "Date naissance")).value = "14/03/2018"
    book.save(path)
    second = guided(ENTER, "o", str(path), "o", "q")

    assert "Le nom du classeur doit finir par .xlsx" in first.told
    assert "1 ligne à corriger dans ~/Documents/Lignes refusées" in first.told
    assert shown_commands(first.told)[-1][-2] == "--rejects"
    assert path.stat().st_mode & 0o777 == 0o600
    assert (first.code, second.code) == (4, 0)
    assert "Classeur à écrire" not in second.questions
    assert count("pupils") == 3


def test_when_every_row_is_refused_other_files_are_asked_for(home: Path) -> None:
    """Nothing to import: said, the rows are offered back, and back to the files."""
    path = SAMPLES / "fichiers-fautifs" / "tout-refuse.csv"

    run = guided(*NEW_SCHOOL, str(path), ENTER, "q")

    assert run.questions[-3:] == ["Quels fichiers ?", "Classeur à écrire", "Quels fichiers ?"]
    assert "Toutes les lignes sont refusées" in run.told
    assert (run.code, contents_of("pupils")) == (3, [])
    assert len(list((home / "Documents").glob("*.xlsx"))) == 1


def contents_of(table: str) -> list[str]:
    """Return the rows of a table, as text."""
    return [row for row in contents() if f'INTO "{table}"' in row]


def test_a_mass_departure_is_explained_and_asked_twice(home: Path) -> None:
    """No is proposed; yes, then no, writes nothing; yes twice does it, and shows its option."""
    guided(*TO_THE_END[:6])
    write_rosters(home / "Téléchargements", 6, start=6)

    run = guided(ENTER, "o", ENTER, "o", ENTER, "o", "r", ENTER, ENTER, "o", "o", "q")

    assert "ATTENTION : cet import ferait partir 6 élèves sur 6." in run.told
    sure = "Ces 6 élèves sont-ils vraiment partis ?"
    assert run.questions[2:] == [
        "Quels fichiers ?", "Importer ?", sure, "Importer ?", sure, "Importer ?",
        "Quels fichiers ?", "Importer ?", sure, "Quelles classes ?",
    ]  # fmt: skip
    assert "--accept-departures" in run.told
    assert count("enrolments") == 12


def test_classes_that_no_file_names_are_asked_about(home: Path) -> None:
    """No is proposed and touches nobody; yes makes them leave, and is in the command."""
    guided(*TO_THE_END[:6])
    eleves, responsables = write_rosters(home / "Téléchargements", 6)
    for path in (eleves, responsables):
        kept = [line for line in path.read_text().splitlines() if not line.endswith("CE1")]
        path.write_text("\n".join([*kept, ""]))
    asked = "Ces fichiers sont-ils ceux de toute l'école ?"

    one_class = guided(ENTER, "o", ENTER, ENTER, "q")
    whole = guided(ENTER, "o", ENTER, ENTER, "r", "o", "q")

    assert one_class.questions[2:] == ["Quels fichiers ?", asked, "Quelles classes ?"]
    assert "des élèves en «CE1», et vos fichiers n'en parlent pas" in one_class.told
    assert "Rien n'a changé depuis le dernier import" in one_class.told
    assert whole.questions[3:] == [asked, "Quelles classes ?", asked, "Importer ?"]
    assert "Partiraient : Zoé PETITB, Zoé PETITD, Zoé PETITF" in whole.told
    assert shown_commands(whole.told)[-1][-1] == "--whole-school"


def test_no_to_the_import_asks_for_other_files() -> None:
    """Nothing is written."""
    run = guided(*NEW_SCHOOL, ENTER, "n", "q")

    assert run.questions[-1] == "Quels fichiers ?"
    assert "Rien n'a été importé." in run.told
    assert count("schools") == 0


def test_the_detail_names_people_and_problems() -> None:
    """`d` shows them, then the same question comes again."""
    run = guided(*NEW_SCHOOL, str(SAMPLES / "ecole-charlemagne"), "d", "q")

    assert run.questions[-2:] == ["Importer ?", "Importer ?"]
    assert "INE douteux : «1111111111A»" in run.told
    assert "Olivier MARTIN" in run.told


def test_what_was_shown_is_what_is_done(run: Terminal, home: Path) -> None:
    """Somebody imports between the question and the answer: the plan is shown again."""
    rosters = write_rosters(home / "ailleurs", 5)
    guided(*TO_THE_END[:5], "o")

    def meanwhile() -> str:
        answer = run("roster", "import", *map(str, rosters), "--school", UAI)
        assert answer.code == 0, answer.all
        return "o"

    write_rosters(home / "Téléchargements", 7)
    led = guided(ENTER, "o", ENTER, meanwhile, "q")

    assert "La base vient de changer." in led.told
    assert led.questions[-2:] == ["Importer ?", "Importer ?"]


def test_a_file_of_another_school_is_not_taken(home: Path) -> None:
    """SIECLE writes whose it is: it may be typed, it can't be taken for this school."""
    pupils = write_siecle(home / "cle")[0]

    run = guided(*NEW_SCHOOL, str(pupils), "q")

    assert f"est un fichier de l'établissement {OTHER_UAI}, et non de {UAI}." in run.told
    assert run.questions[-2:] == ["Quels fichiers ?", "Quels fichiers ?"]


def test_the_files_of_siecle_say_whose_they_are(home: Path) -> None:
    """The number is proposed; what lists nobody is read beside them, and in the commands too."""
    for path in (home / "Téléchargements").iterdir():
        path.unlink()
    write_siecle(home / "Téléchargements")

    run = guided(ENTER, ENTER, "Collège Curie", ENTER, ENTER, "o", ENTER, ENTER, "o")

    assert f"Vos fichiers disent être ceux de l'école {OTHER_UAI}." in run.told
    assert run.code == 0
    assert (count("pupils"), count("guardians"), count("letters")) == (1, 1, 1)
    read = next(words for words in shown_commands(run.told) if words[:2] == ["roster", "import"])
    assert [Path(word).name for word in read[2:5]] == [
        "ElevesSansAdresses.xml", "ResponsablesAvecAdresses.xml", "Nomenclature.xml",
    ]  # fmt: skip


def test_each_shown_command_does_the_same_alone(run: Terminal, home: Path) -> None:
    """Copied one after the other into a terminal, they lead to the same office and letters."""
    led = guided(*TO_THE_END)
    people = contents_of("guardians")
    commands = shown_commands(led.told)
    Path(Settings().database_url).unlink()
    Path(f"{Settings().database_url}.key").unlink()
    assert run("init").code == 0

    for words in commands:
        output = [word.replace("2026", "encore-2026") for word in words]
        answer = run(*[str(Path(word).expanduser()) for word in output])
        assert answer.code == 0, answer.all

    assert [words[:2] for words in commands] == [
        ["schools", "add"], ["roster", "read"], ["schools", "add"], ["roster", "plan"],
        ["schools", "add"], ["roster", "import"], ["letters", "issue"],
    ]  # fmt: skip
    assert len(contents_of("guardians")) == len(people) == 6
    assert len(contents_of("letters")) == 6


def shown_commands(told: str) -> list[list[str]]:
    """Return the commands that the guide showed, as a shell takes them, without the last ones."""
    joined = re.sub(r" \\\n +", " ", told.partition("C'est fini")[0])
    lines = [line for line in joined.splitlines() if line.startswith("  educonnect-admin ")]
    return [shlex.split(line)[1:] for line in lines if "educonnect-admin guide" not in line]


def test_the_office_is_made_and_told_where_there_is_none(tmp_path: Path) -> None:
    """As `init` does; the key file is named, and the command shown. The next time, no word."""
    Path(Settings().database_url).unlink()

    first = guided(ENTER, "q")
    second = guided(ENTER, "q")

    assert f"{Settings().database_url}.key" in first.told
    assert "  educonnect-admin init" in first.told
    assert "Fait : le bureau est créé." in first.told
    assert first.code == second.code == 3
    assert "Votre bureau" not in second.told


def test_the_options_before_the_command_are_in_those_shown(tmp_path: Path) -> None:
    """A command copied from the guide works at the same office."""
    from educonnect_admin.cli.desk import Desk
    from educonnect_admin.cli.guide import lead

    reader = Reader([*NEW_SCHOOL])
    office = str(tmp_path / "autre bureau.sqlite")

    lead(Desk(database=office, operator="bob", quiet=False), reader)

    assert shown_commands(reader.told)[-1] == [
        "--database", office, "--operator", "bob",
        "schools", "add", UAI, "École Charlemagne", "--city", "Lille",
    ]  # fmt: skip


def test_a_folder_that_is_copied_elsewhere_is_asked_about(home: Path) -> None:
    """A synchronised one and one that everybody reads: no letter goes there by an Enter."""
    open_one = home / "ouvert"
    open_one.mkdir(mode=0o755)
    folders = ["~/OneDrive/Courriers", ENTER, str(open_one), ENTER, "~/Courriers"]

    run = guided(*NEW_SCHOOL, ENTER, "o", "toutes", *folders, "o")

    assert run.code == 0
    assert run.questions.count("Y ranger les courriers tout de même ?") == 2
    assert "(OneDrive) : les mots de passe seront copiés" in run.told
    assert "voit les noms des fichiers" in run.told
    assert [path.parent.name for path in home.rglob("*-CP-courriers.pdf")] == ["Courriers"]


def test_several_schools_are_numbered(run: Terminal) -> None:
    """By number, by UAI, or another one altogether."""
    assert run("init").code == 0
    assert run("schools", "import", str(SAMPLES / "ecoles.csv")).code == 0

    by_number = guided(ENTER, "2", "q")
    by_uai = guided(ENTER, "7", "0599902t", "q")
    other = guided(ENTER, "0", "0752387M", "École Neuve", "r", "r", "r", "1", "q")

    assert "  2. École élémentaire Marie Curie (0599902T, Lille)" in by_number.told
    assert by_number.questions[-1] == by_uai.questions[-1] == "Quels fichiers ?"
    assert "«7» n'est pas dans la liste." in by_uai.told
    assert other.questions[1:] == [
        "Numéro de votre école", "Numéro UAI de l'école", "Nom de l'école",
        "Ville (Entrée seule : ne pas la dire)", "Nom de l'école", "Numéro UAI de l'école",
        "Numéro de votre école", "Quels fichiers ?",
    ]  # fmt: skip


def test_no_to_the_known_school_asks_for_another(run: Terminal) -> None:
    """A director of two schools; the number of one that is known needs no name."""
    assert run("init").code == 0
    assert run("schools", "add", UAI, "École Charlemagne").code == 0

    led = guided(ENTER, "n", UAI, "q")

    assert led.questions[1:] == [
        "Est-ce cette école ?", "Numéro UAI de l'école", "Quels fichiers ?"
    ]  # fmt: skip


def test_an_old_export_is_warned_about(home: Path) -> None:
    """After thirty days the school is no longer what it says."""
    write_rosters(home / "Téléchargements", day=45)

    run = guided(*NEW_SCHOOL, "q")

    assert run.told.count("Attention : il a 45 jours.") == 2


def test_exports_that_arrive_while_the_guide_waits(home: Path) -> None:
    """None is found: Enter looks again; the person exports them, types `c`, they are there."""
    for path in (home / "Téléchargements").iterdir():
        path.unlink()

    def exported() -> str:
        write_rosters(home / "Téléchargements")
        return "c"

    run = guided(*NEW_SCHOOL, ENTER, exported, ENTER, "q")

    assert run.questions[4:] == ["Quels fichiers ?"] * 3 + ["Importer ?"]

    assert "Je n'ai trouvé aucun fichier d'élèves ni de responsables" in run.told
    assert "Listes et documents, puis Extractions" in run.told
    assert run.questions[-1] == "Importer ?"


@pytest.mark.parametrize(
    "form",
    ["{0} {1}", "'{0}' '{1}'", '"{0}" "{1}"', "file://{0} file://{1}", "{escaped}", "{folder}"],
)
def test_files_are_dragged_into_the_window(home: Path, form: str) -> None:
    """However the terminal writes them: bare, quoted, escaped, as addresses; a folder too."""
    paths = write_rosters(home / ("cle" if form == "{0} {1}" else "clé USB"), 3)
    escaped = " ".join(str(path).replace(" ", "\\ ") for path in paths)
    typed = form.format(*paths, escaped=escaped, folder=paths[0].parent)
    if form.startswith("file"):
        typed = typed.replace("é", "%C3%A9").replace("clé USB", "cl%C3%A9%20USB")
        typed = typed.replace(" USB", "%20USB")

    run = guided(*NEW_SCHOOL, typed, "q")

    assert run.told.count("Pris : ") == 2
    assert run.questions[-1] == "Importer ?"


def test_a_number_and_a_path_go_together(home: Path) -> None:
    """One file of the list, one from elsewhere."""
    other = write_rosters(home / "cle", 3)[1]

    run = guided(*NEW_SCHOOL, f"1 {other}", "q")

    assert "Pris : eleves.csv, élèves (6 lignes)" in run.told
    assert "Pris : responsables.csv, responsables (3 lignes)" in run.told


def test_the_folder_is_opened_where_there_are_windows(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Asked first; a setting stops it; a program that fails is no error: the path is told."""
    (tmp_path / "xdg-open").write_text(f'#!/bin/sh\necho "$1" >>{tmp_path}/opened\nexit $FAILS\n')
    (tmp_path / "xdg-open").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("FAILS", "0")
    asked = "Ouvrir le dossier maintenant ?"

    opened = guided(*TO_THE_END[:6], "1", ENTER, "o", "o")
    monkeypatch.setenv("FAILS", "3")
    failed = guided(ENTER, "o", "p", ENTER, ENTER, "o", "o")
    write_rosters(home / "Téléchargements", 8)
    monkeypatch.setenv("EDUCONNECT_OPEN_FOLDERS", "0")
    stopped = guided(ENTER, "o", ENTER, "o", ENTER, ENTER, "o")

    assert opened.questions[-1] == failed.questions[-1] == asked
    assert asked not in stopped.questions
    folder = (tmp_path / "opened").read_text().splitlines()
    assert folder[0].startswith(str(home / "Documents" / "Courriers EduConnect"))
    assert len(folder) == 2
    assert "Le dossier ne s'est pas ouvert. Il est ici : ~/Documents" in failed.told
    assert "Les courriers sont dans ce dossier : ~/Documents" in stopped.told


def test_a_refusal_of_the_disk_asks_the_same_again(
    home: Path, letters: Callable[[], list[Path]]
) -> None:
    """The folder turns out to be no folder: told, asked again, another is taken."""

    def in_the_way() -> str:
        (home / "pris").write_text("un fichier")
        return "o"

    run = guided(*TO_THE_END[:7], str(home / "pris" / "x"), in_the_way, "r", ENTER, "o")

    assert "Impossible d'écrire dans" in run.told
    assert run.questions[-4:] == [
        "Préparer ces 6 courriers ?", "Préparer ces 6 courriers ?", "Dossier où les ranger",
        "Préparer ces 6 courriers ?",
    ]  # fmt: skip
    assert len(letters()) == 2


def test_without_a_terminal_there_is_nobody_to_ask(run: Terminal) -> None:
    """Usage: exit 2, one French sentence."""
    answer = run("guide")

    assert (answer.code, answer.out) == (2, "")
    assert "il lui faut un terminal" in answer.err
    assert answer.err.count("\n") == 1
