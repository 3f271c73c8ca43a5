"""`python -m dev.franceconnect`: a FranceConnect for whoever works on the portal."""

import argparse
import os
import sys
import threading
import time
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
    parser.add_argument("--with-parent", action="store_true", help="end when it ends")
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
    config = uvicorn.Config(
        provider.application(), host="127.0.0.1", port=told.port, log_level="warning"
    )
    server = uvicorn.Server(config)
    if told.with_parent:
        threading.Thread(target=_leave_with_parent, args=(server,), daemon=True).start()
    server.run()


def _leave_with_parent(server: uvicorn.Server) -> None:
    """Stop once whoever has started us is gone: `make portal` leaves nothing behind."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)
    server.should_exit = True


if __name__ == "__main__":
    main()
