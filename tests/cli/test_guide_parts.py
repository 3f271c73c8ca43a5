"""What the guide is made of: the walk, the answers, the paths, the search, the commands shown."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from educonnect_admin.cli.guide.candidates import Candidate, read_found
from educonnect_admin.cli.guide.command_line import command_lines, quoted
from educonnect_admin.cli.guide.finding import files_in
from educonnect_admin.cli.guide.pairing import children_shared, proposal
from educonnect_admin.cli.guide.person import WantsBack, WantsOut, choose, confirm
from educonnect_admin.cli.guide.places import Place, near, usual_places
from educonnect_admin.cli.guide.typed_paths import typed_path, typed_paths
from educonnect_admin.cli.guide.walk import Walk
from educonnect_admin.domain.errors import UnknownSchool
from educonnect_admin.rosters.problems import UnreadableReason
from tests.conftest import NOW
from tests.support.guided import Reader, write_rosters, write_siecle

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
TODAY = NOW.date()

Letters = str
Step = Callable[[Letters], Letters]


def asking(reader: Reader, name: str) -> Step:
    """Return a step that asks one thing and keeps the answer."""
    return lambda so_far: so_far + reader.ask(name)


def walk(reader: Reader, *steps: Step, done: list[str] | None = None) -> Letters:
    """Walk through steps from nothing."""
    return Walk(steps, reader, [] if done is None else done).run("")


def test_a_walk_keeps_the_answers_in_order() -> None:
    """Every step sees what the ones before it were told."""
    reader = Reader(["a", "b", "c"])

    assert walk(reader, *(asking(reader, name) for name in "123")) == "abc"


def test_going_back_forgets_the_answer_and_skips_what_asked_nothing() -> None:
    """From the third question to the first, over a step that had nothing to ask."""
    reader = Reader(["a", "b", "r", "r", "x", "y", "z"])

    def silent(so_far: Letters) -> Letters:
        return so_far + "-"

    end = walk(reader, asking(reader, "1"), silent, asking(reader, "2"), asking(reader, "3"))

    assert end == "x-yz"
    assert reader.questions == ["1", "2", "3", "2", "1", "2", "3"]


def test_nobody_goes_back_behind_what_is_done() -> None:
    """A step that did something is a wall, whether it asked or not."""
    done: list[str] = []
    reader = Reader(["a", "b", "r", "c"])

    def act(so_far: Letters) -> Letters:
        done.append("it")
        return so_far + reader.ask("2")

    end = walk(reader, asking(reader, "1"), act, asking(reader, "3"), done=done)

    assert (end, reader.questions) == ("abc", ["1", "2", "3", "3"])
    assert "Ce qui précède est déjà fait" in reader.told


def test_a_refusal_is_told_and_asked_again() -> None:
    """A step that asked is taken again; one that asked nothing leads to the question before."""
    reader = Reader(["a", "b", "c"])

    def asks(so_far: Letters) -> Letters:
        answer = reader.ask("1")
        if answer == "a":
            raise UnknownSchool("0752387M")
        return so_far + answer

    def acts(so_far: Letters) -> Letters:
        if so_far == "b":
            raise UnknownSchool("0140070A")
        return so_far

    assert walk(reader, asks, acts) == "c"
    assert "Aucune école ne porte le numéro 0752387M." in reader.told
    assert "Aucune école ne porte le numéro 0140070A." in reader.told


def test_a_refusal_before_any_question_goes_its_way() -> None:
    """Nobody could answer anything else: the command ends as any other would."""

    def refuses(so_far: Letters) -> Letters:
        raise UnknownSchool("0752387M")

    with pytest.raises(UnknownSchool):
        walk(Reader([]), refuses)


@pytest.mark.parametrize("typed", ["r", "R", " revenir ", "Retour"])
def test_the_words_for_back(typed: str) -> None:
    """A letter or the word, in any case."""
    with pytest.raises(WantsBack):
        Reader([typed]).ask("?")


@pytest.mark.parametrize("typed", ["q", "Q", "quitter", "arrêter", "ARRETER", "stop"])
def test_the_words_for_out(typed: str) -> None:
    """A letter or the word, with its accent or without."""
    with pytest.raises(WantsOut):
        Reader([typed]).ask("?")


def test_a_choice_by_letter_or_word() -> None:
    """Enter takes what is proposed; anything else is asked again."""
    words = {"o": "oui", "d": "voir le détail"}

    assert choose(Reader(["", "x"]), "?", words, default="d") == "d"
    assert choose(Reader(["VOIR LE DETAIL"]), "?", words, default="o") == "d"
    assert choose(Reader(["peut-être", "O"]), "?", words, default="d") == "o"
    assert confirm(Reader(["Oui"]), "?", default=False)
    assert not confirm(Reader([""]), "?", default=False)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("/a/b.csv", ["/a/b.csv"]),
        ("  /a/b.csv  ", ["/a/b.csv"]),
        ("'/a/b c.csv' ", ["/a/b c.csv"]),
        ('"/a/b c.csv" /d.csv', ["/a/b c.csv", "/d.csv"]),
        ("/a/b\\ c.csv", ["/a/b c.csv"]),
        ("'/a/l'\\''école.csv'", ["/a/l'école.csv"]),
        ("/a/l'école.csv", ["/a/l'école.csv"]),
        ("file:///a/b%20c.csv", ["/a/b c.csv"]),
        ("file://localhost/a/%C3%A9.csv", ["/a/é.csv"]),
        ("file://[a/b.csv", ["file:/[a/b.csv"]),
        ("~/x.csv", ["$HOME/x.csv"]),
        ("'~/mes fichiers/x.csv'", ["$HOME/mes fichiers/x.csv"]),
        ("~personne-de-ce-nom/x", ["~personne-de-ce-nom/x"]),
    ],
)
def test_a_path_however_it_comes(typed: str, names: list[str]) -> None:
    """Typed, pasted, dragged: what the shells and file managers make of it."""
    home = str(Path.home())

    found = typed_paths(typed, windows=False)
    assert [str(path) for path in found] == [name.replace("$HOME", home) for name in names]


def test_a_path_with_spaces_needs_no_quotes_if_it_is_there(tmp_path: Path) -> None:
    """As it stands on the screen of a file manager; for a folder to make, always."""
    path = tmp_path / "l'extraction du jour.csv"
    path.touch()

    assert typed_paths(str(path), windows=False) == [path]
    assert typed_path(f"{tmp_path}/à faire ici", windows=False) == tmp_path / "à faire ici"
    assert typed_path(f"'{tmp_path}/à faire'", windows=False) == tmp_path / "à faire"


def test_paths_of_windows_keep_their_backslashes() -> None:
    """A backslash separates there."""
    typed = r'"C:\Mes documents\a.csv" D:\b.csv'

    assert [str(path) for path in typed_paths(typed, windows=True)] == [
        r"C:\Mes documents\a.csv", r"D:\b.csv",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "word",
    ["abc", "CP A", "l'école", 'dit "Jules"', "5 $", "a`b`", "a\\b", "fin!", "--school", "é.csv",
     "a;b", "a*b", "~x", "#x", "(a)", "a|b", "a\u00a0b"],
)  # fmt: skip
def test_a_shown_word_is_one_word_for_a_shell(word: str) -> None:
    """A real shell takes it for what it was."""
    done = subprocess.run(
        ["sh", "-c", f"printf %s {quoted(word, windows=False)}"], capture_output=True, check=True
    )

    assert done.stdout.decode() == word


def test_a_path_under_home_is_shown_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shell finds the home again, quotes or not."""
    monkeypatch.setenv("HOME", "/home/jo dupont")

    for word in ("/home/jo dupont/x.csv", "/home/jo dupont/mes fichiers/l'é.csv"):
        shown = quoted(word, windows=False)
        assert shown.startswith("~/")
        done = subprocess.run(["bash", "-c", f"printf %s {shown}"], capture_output=True, check=True)
        assert done.stdout.decode() == word
    assert near(Path("/home/jo dupont/x.csv")) == "~/x.csv"
    assert near(Path("/srv/x.csv")) == "/srv/x.csv"


def test_a_long_command_is_folded_so_that_it_can_be_copied() -> None:
    """Each line fits; joined again by a shell it is the same; a long word stays whole."""
    words = ["prog", *(f"mot {n}" for n in range(30)), "x" * 100]

    lines = command_lines(words, 80, windows=False)

    assert all(len(line) <= 80 for line in lines[:-1])
    shell = ["sh", "-c", "printf '%s\\n' " + "\n".join(lines)]
    assert subprocess.run(shell, capture_output=True, check=True).stdout.decode() == (
        "".join(f"{word}\n" for word in words)
    )


def test_the_search_is_bounded_and_newest_first(tmp_path: Path) -> None:
    """Hidden files, open documents' locks, other endings and deep folders are not looked at."""
    for at, name in enumerate(["a.csv", "b.XLSX", "sub/c.zip", "sub/sub/d.xml"]):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (at, at))
    for name in (".caché.csv", "~$b.xlsx", "lettre.pdf", "sub/sub/sub/e.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "dossier.csv").mkdir()
    (tmp_path / "lien.csv").symlink_to("nulle-part")

    deep = files_in([Place(tmp_path, 2), Place(tmp_path, 0)])
    shallow = files_in([Place(tmp_path, 0)])

    assert [one.path.name for one in deep] == ["d.xml", "c.zip", "b.XLSX", "a.csv"]
    assert [one.path.name for one in shallow] == ["b.XLSX", "a.csv"]


def test_only_so_many_files_are_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest ones; what is too large is counted, not read."""
    from educonnect_admin.cli.guide import candidates

    monkeypatch.setattr(candidates, "MOST_READ", 3)
    monkeypatch.setattr(candidates, "MOST_BYTES", 1000)
    write_rosters(tmp_path, 3)
    (tmp_path / "gros.csv").write_text("x" * 2000)
    for n in range(4):
        (tmp_path / f"notes-{n}.csv").write_text("a;b\n1;2\n")
        os.utime(tmp_path / f"notes-{n}.csv", (n, n))

    search = read_found(files_in([Place(tmp_path, 0)]), TODAY)

    assert sorted(one.path.name for one in search.candidates) == ["eleves.csv", "responsables.csv"]
    assert search.unopened == 5


def test_what_is_no_roster_is_left_out(tmp_path: Path) -> None:
    """Bad files of every kind: none stops the search; those that nearly are rosters are named."""
    search = read_found(files_in([Place(SAMPLES / "fichiers-fautifs", 0)]), TODAY)

    assert {error.reason for error in search.almost} >= {
        UnreadableReason.TEACHERS_FILE, UnreadableReason.HEADINGS_ONLY,
    }  # fmt: skip
    assert all(one.readings for one in search.candidates)


def test_a_copy_is_listed_once(tmp_path: Path) -> None:
    """`CSVExtraction(1).csv` with the same content is the same file."""
    path = write_rosters(tmp_path)[0]
    (tmp_path / "eleves(1).csv").write_bytes(path.read_bytes())

    search = read_found(files_in([Place(tmp_path, 0)]), TODAY)

    assert len(search.candidates) == 2


def found_in(folder: Path) -> list[Candidate]:
    """Return the rosters of a folder."""
    return list(read_found(files_in([Place(folder, 2)]), TODAY).candidates)


def test_pupils_go_with_the_guardians_who_name_them() -> None:
    """The exports of two schools lie in one folder: none is mixed up with the other's."""
    charlemagne = found_in(SAMPLES / "ecole-charlemagne")
    curie = found_in(SAMPLES / "ecole-marie-curie")
    pupils, guardians = sorted(charlemagne, key=lambda one: one.path.name)
    others = sorted(curie, key=lambda one: one.path.name)

    assert proposal([*charlemagne, *curie], "0599901S") == (pupils, guardians)
    assert proposal([others[1], *charlemagne, others[0]], "0599901S") == tuple(others)
    assert children_shared(pupils, guardians) > 0.95
    assert children_shared(pupils, others[1]) < 0.2


def test_a_newer_file_alone_does_not_displace_a_pair(tmp_path: Path) -> None:
    """Some list of pupils was downloaded since: the exports that go together are proposed."""
    pair = found_in(SAMPLES / "ecole-charlemagne")
    write_rosters(tmp_path, 3)
    newest = next(one for one in found_in(tmp_path) if one.path.name == "eleves.csv")

    assert set(map(str, (one.path for one in proposal([newest, *pair], "")))) == {
        str(one.path) for one in pair
    }


def test_siecle_is_paired_by_its_numbers(tmp_path: Path) -> None:
    """Guardians there name no child, only its number; another school's files are not proposed."""
    write_siecle(tmp_path)
    candidates = found_in(tmp_path)

    assert [one.path.name for one in proposal(candidates, "0599902T")] == [
        "ElevesSansAdresses.xml", "ResponsablesAvecAdresses.xml",
    ]  # fmt: skip
    assert proposal(candidates, "0599901S") == ()


def test_guardians_without_their_pupils_stand_alone(tmp_path: Path) -> None:
    """Pupils of other families are no fellows."""
    write_rosters(tmp_path / "a", 3)
    write_rosters(tmp_path / "b", 3, start=5)
    pupils = next(one for one in found_in(tmp_path / "a") if one.path.name == "eleves.csv")
    guardians = next(one for one in found_in(tmp_path / "b") if one.path.name != "eleves.csv")

    assert proposal([guardians, pupils], "") == (guardians,)
    assert proposal([pupils, guardians], "") == (pupils,)


def test_a_file_is_old_after_thirty_days(tmp_path: Path) -> None:
    """Thirty days still do."""
    write_rosters(tmp_path)
    one = found_in(tmp_path)[0]

    assert not replace(one, saved_on=TODAY.replace(day=1, month=11)).is_old(TODAY)
    assert replace(one, saved_on=TODAY.replace(day=23, month=10)).is_old(TODAY)


def test_the_folders_are_those_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `user-dirs.dirs` says, and the usual names in French and English; only what is there."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_DOWNLOAD_DIR", "XDG_DESKTOP_DIR", "XDG_DOCUMENTS_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name in (".config", "Reçus", "Downloads", "Bureau"):
        (tmp_path / name).mkdir()
    (tmp_path / ".config" / "user-dirs.dirs").write_text('XDG_DOWNLOAD_DIR="$HOME/Reçus"\n')
    monkeypatch.chdir(tmp_path / "Bureau")

    places = usual_places()

    assert [(place.path.name, place.depth) for place in places] == [
        ("Reçus", 2), ("Downloads", 2), ("Bureau", 2), (tmp_path.name, 0),
    ]  # fmt: skip
