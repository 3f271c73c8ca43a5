"""`python -m dev.franceconnect`: a FranceConnect for whoever works on the portal."""

import argparse
import sys
from pathlib import Path

import uvicorn

from dev.franceconnect.people import sample_people
from dev.franceconnect.provider import Provider
from educonnect_admin.gateways.chance import SystemChance
from educonnect_admin.parents.sign_in_with_franceconnect import CALLBACK, FAREWELL

CLIENT_ID = "educonnect-admin-dev"
_WARNING = (
    "ATTENTION : FranceConnect de développement. N'importe qui y est n'importe qui ; "
    "jamais avec de vraies personnes."
)


def main() -> None:
    """Write the client's secret to a file and serve, on this machine alone."""
    parser = argparse.ArgumentParser(prog="python -m dev.franceconnect")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--portal", default="http://localhost:8000")
    parser.add_argument("--secret-file", type=Path, required=True)
    told = parser.parse_args()
    secret = SystemChance().token()
    told.secret_file.parent.mkdir(parents=True, exist_ok=True)
    told.secret_file.touch(0o600)
    told.secret_file.write_text(secret, encoding="ascii")
    portal = told.portal.rstrip("/")
    provider = Provider(
        origin=f"http://127.0.0.1:{told.port}",
        client_id=CLIENT_ID,
        client_secret=secret,
        back=[portal + CALLBACK, portal + FAREWELL],
        people=sample_people(),
    )
    print(_WARNING, file=sys.stderr)
    print(f"EDUCONNECT_FRANCECONNECT_ISSUER={provider.issuer}")
    print(f"EDUCONNECT_FRANCECONNECT_CLIENT_ID={CLIENT_ID}")
    print(f"EDUCONNECT_FRANCECONNECT_CLIENT_SECRET_FILE={told.secret_file}", flush=True)
    uvicorn.run(provider.application(), host="127.0.0.1", port=told.port, log_level="warning")


if __name__ == "__main__":
    main()
