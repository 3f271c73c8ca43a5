"""The whole `letters issue`: from a filled database to published files and slips."""

from sqlalchemy import select

from benchmarks.jobs import Order
from benchmarks.settings import settings_of
from educonnect_admin.domain.letters import Who
from educonnect_admin.domain.schools import School
from educonnect_admin.edge import clock
from educonnect_admin.office.issue_letters import issue_letters
from educonnect_admin.office.printing.target import LetterOrder
from educonnect_admin.opening import open_services


def run(order: Order) -> int:
    """Issue the letters of every school, one after the other, as a rectorate would."""
    services = open_services(settings_of(order))
    room = services.print_room(clock())
    with services.reading() as session:
        schools = session.scalars(select(School.uai).order_by(School.id)).all()
    letters = 0
    for uai in schools:
        wanted = LetterOrder(uai=uai, class_label=None, who=Who.NEW, output=order.folder / uai)
        letters += issue_letters(room, wanted).letters
    services.close()
    return letters
