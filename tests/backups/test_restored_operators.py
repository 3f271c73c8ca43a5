"""An office that has operators is theirs elsewhere too, and put back by its owner alone (R-65)."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import ProgrammingError

from educonnect_admin.backups.make import back_up
from educonnect_admin.backups.read import ReadBackup
from educonnect_admin.backups.restore import foresee_restore, restore
from educonnect_admin.confining import owner_name
from educonnect_admin.domain.operator_errors import OwnerOnly, UnknownOperator
from educonnect_admin.domain.operators import Role
from educonnect_admin.domain.schools import School
from educonnect_admin.edge import Services
from educonnect_admin.office.manage_operators import Asked, remove_operator, set_operator
from educonnect_admin.opening import open_office, open_services
from educonnect_admin.settings import Settings
from tests.backups.places import elsewhere
from tests.backups.test_backup import never
from tests.backups.test_restore_refusals import is_empty
from tests.conftest import NOW
from tests.support.households import add_school
from tests.support.two_schools import HERE, THERE

ROSE = "rose-restored"
MADE_FIRST = "educonnect_admin.queries.server_rights._MY_SCHOOLS"


@pytest.fixture
def made(services: Services, tmp_path_factory: pytest.TempPathFactory) -> ReadBackup:
    """A backup of two schools and the director of one, whom the server then knows no more."""
    author = services.author(NOW)
    asked = Asked(ROSE, Role.DIRECTOR, (HERE,))
    with services.transaction() as session:
        for uai in (HERE, THERE):
            add_school(session, uai, f"École {uai}", author=author)
        set_operator(session, asked, owner=owner_name(), author=author)
    backup = back_up(services, tmp_path_factory.mktemp("b") / "b.edu", NOW)
    with services.transaction() as session:
        remove_operator(session, ROSE, author=author, reason="ailleurs")
    return backup


def _place(services: Services, made: ReadBackup, operator: str | None) -> Settings:
    settings = elsewhere(services, made.path.parent / "elsewhere")
    return settings.model_copy(update={"operator": operator})


def _schools_seen(settings: Settings) -> int | None:
    services = open_services(settings.model_copy(update={"operator": ROSE}))
    try:
        with services.reading() as session:
            return session.scalar(select(func.count()).select_from(School))
    finally:
        services.close()


@pytest.mark.parametrize(("name", "refusal"), [("bob", UnknownOperator), (ROSE, OwnerOnly)])
def test_nobody_but_the_owner_puts_operators_back(
    services: Services, made: ReadBackup, name: str, refusal: type[Exception]
) -> None:
    """Refused before anything has its name or is committed, not when it is opened afterwards.

    A dry run says so too.
    """
    settings = _place(services, made, name)
    with pytest.raises(refusal):
        foresee_restore(settings, made.path, never, NOW)
    with pytest.raises(refusal):
        restore(settings, made.path, never, NOW)

    assert is_empty(settings)


def test_operators_work_at_once_on_a_server_that_did_not_know_them(
    services: Services, made: ReadBackup
) -> None:
    """Their roles, policies and grants are the server's, and in no backup: they are made again."""
    settings = _place(services, made, owner_name())
    done = restore(settings, made.path, never, NOW)

    assert not done.shut_out
    assert _schools_seen(settings) == 1
    _forget_role(settings)


def test_a_server_that_makes_no_roles_keeps_the_rest(
    services: Services, made: ReadBackup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner can work; `database upgrade` lets the operators in once the server agrees.

    A dry run foresees it.
    """
    if services.engine.dialect.name == "sqlite":
        pytest.skip("a file has no roles")
    settings = _place(services, made, owner_name())
    with monkeypatch.context() as patch:
        patch.setattr(MADE_FIRST, "DO $$ BEGIN RAISE insufficient_privilege; END $$")
        assert foresee_restore(settings, made.path, never, NOW).shut_out
        assert is_empty(settings)
        done = restore(settings, made.path, never, NOW)
    assert done.shut_out
    open_office(settings, NOW, must_exist=True).close()

    assert _schools_seen(settings) == 1
    _forget_role(settings)


def test_a_fault_of_ours_is_no_refusal_of_the_server(
    services: Services, made: ReadBackup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fails for want of anything but a right is not passed over: nothing is restored."""
    if services.engine.dialect.name == "sqlite":
        pytest.skip("a file has no roles")
    settings = _place(services, made, owner_name())
    monkeypatch.setattr(MADE_FIRST, "CREATE NONSENSE")
    with pytest.raises(ProgrammingError):
        restore(settings, made.path, never, NOW)

    assert is_empty(settings)


def _forget_role(settings: Settings) -> None:
    office = open_office(settings, NOW)
    with office.transaction() as session:
        remove_operator(session, ROSE, author=office.author(NOW), reason="fin")
    office.close()
