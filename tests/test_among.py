"""Ids that travel together, on both databases."""

from sqlalchemy import insert, select

from educonnect_admin.domain.schools import School
from educonnect_admin.edge import Services
from educonnect_admin.queries.among import among

FAR = 2**40


def test_ids_are_found_whatever_their_size_and_number(services: Services) -> None:
    """By a list or by the name of a parameter; beyond 32 bits is no error, none finds nobody."""
    rows = [
        {"id": id_, "uai": uai, "name": "École", "academy_code": "09", "time_zone": "Europe/Paris"}
        for id_, uai in ((7, "0599901S"), (9, "0599902T"))
    ]
    named = select(School.id).where(among(School.id, "wanted")).order_by(School.id)

    with services.transaction() as session:
        session.execute(insert(School), rows)

        assert session.scalars(named, {"wanted": [9, FAR, 7]}).all() == [7, 9]
        assert session.scalars(named, {"wanted": []}).all() == []
        assert session.scalars(select(School.id).where(among(School.id, {9, 8}))).all() == [9]
