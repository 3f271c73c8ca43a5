"""Ids that travel together, on both databases."""

from sqlalchemy import insert, select

from educonnect_admin.domain.schools import School
from educonnect_admin.edge import Services
from educonnect_admin.queries.among import among

FAR = 2**40


def test_ids_are_found_whatever_their_size_and_number(services: Services) -> None:
    """Beyond 32 bits, by a list or by the name of a parameter; none finds nobody."""
    rows = [
        {"id": id_, "uai": uai, "name": "École", "academy_code": "09", "time_zone": "Europe/Paris"}
        for id_, uai in ((7, "0599901S"), (FAR, "0599902T"))
    ]
    named = select(School.id).where(among(School.id, "wanted")).order_by(School.id)

    with services.transaction() as session:
        session.execute(insert(School), rows)

        assert session.scalars(named, {"wanted": [FAR, 7, 8]}).all() == [7, FAR]
        assert session.scalars(named, {"wanted": []}).all() == []
        assert session.scalars(select(School.id).where(among(School.id, {FAR}))).all() == [FAR]
