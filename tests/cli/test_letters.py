"""Letters from the command line: what programs read of them, what stays undone in a dry run."""

import stat
from hashlib import sha256
from pathlib import Path
from socket import gethostname

import pytest
from sqlalchemy import text

from educonnect_admin.domain.letters import Batch, BatchFile, Who
from educonnect_admin.edge import Services
from tests.cli.running import Terminal
from tests.conftest import NOW
from tests.support.households import CHARLEMAGNE
from tests.support.pdf import letters_in, letters_under, pages_of

ISSUE = ("letters", "issue", "--school", CHARLEMAGNE, "--output", "out", "--json")
TABLES = (
    "accounts", "identifier_series", "letters", "batches", "batch_files", "trail_entries",
    "guardians",
)  # fmt: skip


def everything(office: Services) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows that accounts and letters write."""
    with office.reading() as session:
        return {
            table: [tuple(row) for row in session.execute(text(f"SELECT * FROM {table}"))]
            for table in TABLES
        }


def test_what_a_program_reads_of_letters_issued(
    run: Terminal, office: Services, tmp_path: Path
) -> None:
    """Batch, letters, last day, and for each file path, class, letters, pages, digest."""
    told = run(*ISSUE).json

    assert set(told) >= {"batch", "letters", "last_day", "files"}
    assert (told["batch"], told["letters"], told["accounts_created"]) == (1, 5, 5)
    assert len(told["last_day"]) == len("2027-02-23")
    assert {file["class"] for file in told["files"]} == {"CE1", "CM2"}
    for file in told["files"]:
        path = Path(file["path"])
        assert path.is_absolute()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert sha256(path.read_bytes()).hexdigest() == file["sha256"]
        assert len(letters_in(path)) == file["letters"] == file["pages"]
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    assert (told["unprintable"], told["to_reissue"]) == ([], [])


def test_a_password_stands_on_its_page_and_nowhere_else(
    run: Terminal, office: Services, tmp_path: Path
) -> None:
    """Neither what is said nor the names of the files hold one (R-5, R-66)."""
    issued = run("letters", "issue", "--school", CHARLEMAGNE, "--output", "out")

    pages = letters_under(tmp_path / "out")
    names = " ".join(path.name for path in (tmp_path / "out").iterdir())
    files = [path for path in (tmp_path / "office").glob("db.sqlite*") if path.is_file()]
    database = b"".join(path.read_bytes() for path in files)
    assert len(pages) == 5
    for page in pages:
        assert page.password not in issued.all + names
        assert page.password.encode() not in database
        assert page.identifier not in names


def test_issuing_again_makes_no_letter(run: Terminal, office: Services, tmp_path: Path) -> None:
    """The command may be repeated: no batch, no file, exit 0."""
    run(*ISSUE)
    before = sorted((tmp_path / "out").iterdir())

    again = run(*ISSUE)

    assert again.code == 0
    assert (again.json["batch"], again.json["letters"], again.json["files"]) == (None, 0, [])
    assert sorted((tmp_path / "out").iterdir()) == before


def test_one_class_by_its_label(run: Terminal, office: Services) -> None:
    """`--class` makes the letters of one class, carried by its own pupils."""
    told = run(*ISSUE, "--class", "CP A").json

    assert [file["class"] for file in told["files"]] == ["CP A"]


@pytest.mark.parametrize(
    "command",
    [("accounts", "generate", "--school", CHARLEMAGNE), ISSUE[:-1]],
    ids=["accounts generate", "letters issue"],
)
def test_a_dry_run_writes_nothing(
    run: Terminal, office: Services, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """Not a row, not a file, not a number of a series; and it tells what would be done."""
    before = everything(office)

    spoken = run(*command, "--dry-run")
    told = run(*command, "--dry-run", "--json").json

    assert everything(office) == before
    assert not (tmp_path / "out").exists()
    assert "rien n'a été écrit" in spoken.out
    assert told["dry_run"] is True


def test_a_dry_run_foresees_what_is_then_done(run: Terminal, office: Services) -> None:
    """The same code, rolled back: the same letters by class."""
    planned = run(*ISSUE, "--dry-run").json
    done = run(*ISSUE).json

    assert planned["letters"] == done["letters"]
    assert planned["last_day"] == done["last_day"]
    assert planned["batch"] is None
    assert [(f["class"], f["letters"]) for f in planned["files"]] == [
        (f["class"], f["letters"]) for f in done["files"]
    ]


def test_accounts_are_opened_once(run: Terminal, office: Services) -> None:
    """Five guardians, five accounts; the second run finds them there."""
    first = run("accounts", "generate", "--school", CHARLEMAGNE, "--json").json
    second = run("accounts", "generate", "--school", CHARLEMAGNE, "--json").json

    assert (first["created"], first["existing"]) == (5, 0)
    assert (second["created"], second["existing"]) == (0, 5)


def test_a_planned_file_of_a_killed_run_is_removed(
    run: Terminal, office: Services, tmp_path: Path
) -> None:
    """`letters recover` discards what was never accepted, and exits 0 (R-14)."""
    (tmp_path / "out").mkdir()
    part = tmp_path / "out" / "lot-1.pdf.part"
    part.write_bytes(b"half")
    with office.transaction() as session:
        batch = Batch(
            school_id=1, who=Who.NEW, operator="alice", started_at=NOW, host=gethostname(),
            folder=str(part.parent),
        )  # fmt: skip
        session.add(batch)
        session.flush()  # its number is needed for the file
        session.add(BatchFile(batch_id=batch.id, class_id=None, name="lot-1.pdf"))

    first, second = run("letters", "recover", "--json"), run("letters", "recover", "--json")

    assert (first.code, first.json["discarded"], first.json["voided"]) == (0, 1, 0)
    assert (second.code, second.json["discarded"]) == (0, 0)
    assert not part.exists()


def _as_if_killed_before_the_names(office: Services, folder: Path) -> None:
    """Put a published batch back to the instant between the commit and the names."""
    for path in folder.glob("*-courriers.pdf"):
        path.rename(path.with_name(path.name + ".part"))
    with office.transaction() as session:
        session.execute(text("UPDATE batches SET state = 'running'"))
        session.execute(text("UPDATE batch_files SET state = 'committed'"))


def test_accepted_files_of_a_killed_run_get_their_names(
    run: Terminal, office: Services, tmp_path: Path
) -> None:
    """What the database accepts is published: rolled forward, exit 0 (R-14)."""
    run(*ISSUE)
    _as_if_killed_before_the_names(office, tmp_path / "out")

    answer = run("letters", "recover", "--json")

    assert answer.code == 0
    assert answer.json["published"] == 2
    assert sorted(answer.json["files"]) == sorted(
        str(path) for path in (tmp_path / "out").glob("*-courriers.pdf")
    )
    assert len(letters_under(tmp_path / "out")) == 5


def test_a_lost_file_takes_its_letters_back(
    run: Terminal, office: Services, tmp_path: Path
) -> None:
    """Exit 4: the letters of a file that is gone are void, and whom to reissue is told."""
    run(*ISSUE)
    _as_if_killed_before_the_names(office, tmp_path / "out")
    (lost,) = (tmp_path / "out").glob("*-CE1-courriers.pdf.part")
    lost.unlink()

    answer = run("letters", "recover", "--json")

    assert (answer.code, answer.json["published"], answer.json["voided"]) == (4, 1, 1)
    assert answer.json["to_reissue"] == ["karim.moreau", "nadia.moreau"]
    assert "karim.moreau" in answer.err
    again = run(*ISSUE)
    assert (again.code, again.json["letters"]) == (0, 2)


def test_a_batch_of_another_machine_is_left_alone(
    run: Terminal, office: Services, tmp_path: Path
) -> None:
    """Its folder can't be seen from here: it is named, with the machine."""
    run(*ISSUE)
    _as_if_killed_before_the_names(office, tmp_path / "out")
    with office.transaction() as session:
        session.execute(text("UPDATE batches SET host = 'mairie'"))

    answer = run("letters", "recover", "--json")

    assert answer.json["elsewhere"] == [{"batch": 1, "host": "mairie"}]
    assert answer.json["published"] == 0
    assert "«mairie»" in answer.err


def test_specimens_can_be_looked_at(run: Terminal, tmp_path: Path) -> None:
    """`letters preview` needs no database, writes mode 600 and never replaces a file."""
    first, second = run("letters", "preview", "a.pdf", "--json"), run("letters", "preview", "a.pdf")

    assert (first.code, first.json["path"]) == (0, str(tmp_path / "a.pdf"))
    assert stat.S_IMODE((tmp_path / "a.pdf").stat().st_mode) == 0o600
    assert "SPECIMEN" in pages_of(tmp_path / "a.pdf")[0]
    assert (second.code, second.out) == (3, "")
    assert "ne sera pas remplacé" in second.err


def test_a_bad_template_is_told_by_file_and_line(run: Terminal, tmp_path: Path) -> None:
    """`letters check-templates` exits 3; nothing is printed with such a folder either."""
    folder = tmp_path / "mine" / "activation"
    folder.mkdir(parents=True)
    (folder / "title.j2").write_text("# Bonjour\n{{ nom_du_parent }}\n", encoding="utf-8")
    (folder / "tilte.j2").write_text("x", encoding="utf-8")

    answer = run("letters", "check-templates", "mine")
    told = run("letters", "check-templates", "mine", "--json")
    preview = run("letters", "preview", "b.pdf", "--templates", "mine")

    assert (answer.code, told.code, preview.code) == (3, 3, 3)
    assert "activation/title.j2, ligne 2 : " in answer.err
    assert "activation/tilte.j2 : ce fichier ne remplace aucune partie" in answer.err
    assert told.json["ok"] is False
    assert {(one["file"], one["line"], one["reason"]) for one in told.json["problems"]} == {
        ("activation/title.j2", 2, "unknown_variable"),
        ("activation/tilte.j2", None, "unknown_file"),
    }
    assert not (tmp_path / "b.pdf").exists()


def test_a_bad_template_of_a_message_is_told_too(run: Terminal, tmp_path: Path) -> None:
    """Mails and SMS are tried with the letters: file, line, what."""
    folder = tmp_path / "mine" / "mail" / "password_reset"
    folder.mkdir(parents=True)
    (folder / "text.j2").write_text("Bonjour\n{{ lien }}\n", encoding="utf-8")

    answer = run("letters", "check-templates", "mine")
    told = run("letters", "check-templates", "mine", "--json")

    assert (answer.code, told.code) == (3, 3)
    assert "mail/password_reset/text.j2, ligne 2 : une variable inconnue" in answer.err
    assert told.json["problems"] == [
        {"file": "mail/password_reset/text.j2", "line": 2, "reason": "unknown_variable",
         "what": None}
    ]  # fmt: skip


def test_letters_are_not_printed_with_a_bad_template(
    run: Terminal, office: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 3 before any password is drawn: not an account, not a batch."""
    (tmp_path / "mine" / "activation").mkdir(parents=True)
    (tmp_path / "mine" / "activation" / "title.j2").write_text("{{ x", encoding="utf-8")
    monkeypatch.setenv("EDUCONNECT_TEMPLATES_DIR", str(tmp_path / "mine"))
    before = everything(office)

    answer = run(*ISSUE)

    assert (answer.code, answer.out) == (3, "")
    assert "activation/title.j2, ligne 1" in answer.err
    assert everything(office) == before


def test_our_own_templates_are_good(run: Terminal) -> None:
    """Without a folder it is ours that are checked."""
    assert run("letters", "check-templates", "--json").json == {"ok": True, "problems": []}


def test_the_audit_counts_what_the_database_holds(
    run: Terminal, office: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Accounts by state and journey, letters, rate: the numbers of a plain GROUP BY (R-64)."""
    run(*ISSUE)
    with office.transaction() as session:
        session.execute(
            text(
                "UPDATE accounts SET state = 'active', journey = 'sms'"
                " WHERE identifier = 'thi.nguyen'"
            )
        )

    told = run("audit", "activations", "--json").json

    with office.reading() as session:
        rows = session.execute(text("SELECT state, count(*) FROM accounts GROUP BY state")).all()
        by_state = {str(state): int(number) for state, number in rows}
        letters = session.scalar(text("SELECT count(*) FROM letters WHERE ended_at IS NULL"))
    assert {state: n for state, n in told["by_state"].items() if n} == by_state
    assert told["by_journey"] == {"letter": 0, "sms": 1, "franceconnect": 0}
    assert (told["accounts"], told["letters"], told["rate"]) == (5, letters, 0.2)
    assert {row["class"]: row["accounts"] for row in told["rows"]} == {
        "CE1": 3, "CE2": 1, "CM2": 3, "CP A": 3,
    }  # fmt: skip


def test_the_audit_by_school_and_by_academy(run: Terminal, office: Services) -> None:
    """A narrower question gives the same numbers here, and the table names the school."""
    run(*ISSUE)

    one = run("audit", "activations", "--school", CHARLEMAGNE, "--by", "school", "--json").json
    other = run("audit", "activations", "--academy", "70", "--json").json
    empty = run("audit", "activations", "--academy", "04", "--json").json
    spoken = run("audit", "activations", "--by", "school")

    assert [(row["school"], row["class"], row["accounts"]) for row in one["rows"]] == [
        (CHARLEMAGNE, None, 5)
    ]
    assert (other["accounts"], empty["accounts"], empty["rows"]) == (5, 0, [])
    assert "École Charlemagne" in spoken.out
