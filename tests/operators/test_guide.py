"""`guide` under an operator: his schools and no other, or a refusal that says whose it is."""

from pathlib import Path

import pytest

from educonnect_admin.cli.desk import Desk
from educonnect_admin.cli.guide import lead
from educonnect_admin.domain.operator_errors import NotYourRole
from educonnect_admin.edge import Services
from tests.operators.test_commands import as_operator, bureau, run
from tests.support.guided import Answer, Reader, write_rosters
from tests.support.two_schools import HERE, THERE

__all__ = ["as_operator", "bureau", "run"]


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A person's computer, with the exports of a school and no window."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_CONFIG_HOME", "XDG_DOCUMENTS_DIR"):
        monkeypatch.delenv(name, raising=False)
    write_rosters(tmp_path / "Téléchargements")
    return tmp_path


def guided_as(name: str, office: Services, *answers: Answer) -> tuple[int, Reader]:
    """Be led under an operator's name: on PostgreSQL by a login of his own."""
    url, reader = office.engine.url, Reader(answers)
    desk = Desk(database=None, operator=name, quiet=False, command="guide")
    if url.get_backend_name() == "postgresql":
        own = url.set(drivername="postgresql", username=name).render_as_string(hide_password=False)
        desk = Desk(database=own, operator=None, quiet=False, command="guide")
    return lead(desk, reader), reader


@pytest.mark.usefixtures("run")
def test_a_director_is_led_to_the_letters_of_his_own_school(bureau: Services, home: Path) -> None:
    """The other one is not in his list; its number is answered as one that nobody bears."""
    code, reader = guided_as(
        "dora", bureau, "", "n", THERE, "0750001U", HERE, "", "o", "o", "toutes", "", "o"
    )

    said = [line for line in reader.lines if "n'est pas dans votre périmètre" in line]
    assert [line.replace(THERE, "?") for line in said[:1]] == [
        line.replace("0750001U", "?") for line in said[1:]
    ]
    assert code == 0, reader.told
    assert list((home / "Documents").rglob("*-courriers.pdf"))


@pytest.mark.usefixtures("run")
def test_another_role_is_told_whose_it_is(bureau: Services) -> None:
    """Before the first question of the work."""
    with pytest.raises(NotYourRole):
        guided_as("hugo", bureau, "")
