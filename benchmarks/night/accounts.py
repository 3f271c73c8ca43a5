"""Accounts of all schools, one after the other: `python -m benchmarks.night.accounts`.

By the function behind `accounts generate`, a transaction a school; a line of JSON for each.
"""

import json
import time
from collections.abc import Sequence

from sqlalchemy import select

from educonnect_admin.domain.schools import School
from educonnect_admin.edge import Services, clock
from educonnect_admin.office.generate_accounts import generate_accounts
from educonnect_admin.opening import open_services
from educonnect_admin.settings import Settings


def main() -> None:
    """Open them, and tell of each school."""
    services = open_services(Settings())
    for uai in _uais(services):
        start = time.perf_counter()
        created = _open(services, uai)
        seconds = time.perf_counter() - start
        print(json.dumps({"uai": uai, "seconds": seconds, "number": created}), flush=True)
    services.close()


def _uais(services: Services) -> Sequence[str]:
    with services.reading() as session:
        return session.scalars(select(School.uai).order_by(School.uai)).all()


def _open(services: Services, uai: str) -> int:
    author = services.author(clock())
    with services.transaction() as session:
        school = session.scalars(select(School).where(School.uai == uai)).one()
        return generate_accounts(
            session, school, stem_digest=services.keyring.stem_digest, author=author
        ).created


if __name__ == "__main__":
    main()
