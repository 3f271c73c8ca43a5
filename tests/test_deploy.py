"""The files for cron and systemd run commands that exist, and say so in the documents."""

import os
import re
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from configparser import ConfigParser
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import select

from educonnect_admin.cli.roles import ROLES
from educonnect_admin.domain.setbacks import TryCount, TryKind
from educonnect_admin.edge import Services, clock
from educonnect_admin.portal.requests import LONGEST_BODY
from educonnect_admin.portal.serving import PATIENCE
from tests.cli.running import leaves
from tests.portal.serving import free_port, served
from tests.support.house import ROOT

DEPLOY = ROOT / "deploy"
TASKS = {
    path.name: path.read_text(encoding="utf-8").splitlines()[0].removeprefix("TASK=").split()
    for path in (DEPLOY / "tasks").iterdir()
}


def _unit(name: str) -> ConfigParser:
    parser = ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / "systemd" / name, encoding="utf-8")
    return parser


def _assert_runs(words: list[str]) -> None:
    options = {word for word in words if word.startswith("-")}
    path = tuple(word for word in words if not word.startswith("-"))
    found = [node for node in leaves() if node.path == path]
    assert found, f"no command {path}"
    assert options <= found[0].takes


@pytest.mark.parametrize("task", sorted(TASKS))
def test_every_task_runs_a_command_and_has_its_timer(task: str) -> None:
    """The command exists with its options; a timer starts the service of this task."""
    _assert_runs(TASKS[task])

    timer = _unit(f"educonnect-{task}.timer")

    assert timer["Timer"]["Unit"] == f"educonnect@{task}.service"
    assert timer["Timer"]["OnCalendar"]
    assert timer["Install"]["WantedBy"] == "timers.target"


def test_the_service_protects_what_it_works_with() -> None:
    """Files for their owner alone, no core dump, nothing of the system to write to."""
    service = _unit("educonnect@.service")["Service"]

    assert service["ExecStart"].endswith("educonnect-admin --quiet $TASK")
    assert (service["UMask"], service["LimitCORE"]) == ("0077", "0")
    assert (service["ProtectSystem"], service["NoNewPrivileges"]) == ("strict", "yes")


def test_cron_runs_the_same_tasks() -> None:
    """The crontab and the tasks of systemd are the same commands."""
    lines = (DEPLOY / "crontab").read_text(encoding="utf-8").splitlines()
    commands = [line.partition("educonnect-admin --quiet ")[2] for line in lines]

    assert sorted(filter(None, commands)) == sorted(" ".join(words) for words in TASKS.values())


def test_a_task_runs_under_a_name_that_may_run_it() -> None:
    """`cron`, as the settings say; the owner's own name for what no operator may do."""
    crontab = (DEPLOY / "crontab").read_text(encoding="utf-8")
    nobody = "EDUCONNECT_OPERATOR="

    for task, words in TASKS.items():
        lines = (DEPLOY / "tasks" / task).read_text(encoding="utf-8").splitlines()
        is_cron = "cron" in ROLES[" ".join(words)]
        assert (nobody in lines) is not is_cron
        assert (f"{nobody} educonnect-admin --quiet {' '.join(words)}\n" in crontab) is not is_cron


def test_settings_of_the_example_exist() -> None:
    """The environment files set only variables that the product reads."""
    from educonnect_admin.settings import Settings

    text = "\n".join(path.read_text(encoding="utf-8") for path in DEPLOY.glob("*.env"))
    named = set(re.findall(r"^#?EDUCONNECT_(\w+)=", text, re.MULTILINE))

    assert named <= {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize(
    ("unit", "file", "role"),
    [
        ("educonnect@.service", "cron.env", "cron"),
        ("educonnect-portal.service", "portal.env", "portal"),
    ],
)
def test_each_service_works_under_its_own_name(unit: str, file: str, role: str) -> None:
    """What is shared says no name; the file that is read next does, with its login and role."""
    shared = (DEPLOY / "educonnect.env").read_text(encoding="utf-8")
    own = (DEPLOY / file).read_text(encoding="utf-8")
    read = re.findall(
        r"^EnvironmentFile=/etc/educonnect/(\S+)$",
        (DEPLOY / "systemd" / unit).read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    name = re.findall(r"^EDUCONNECT_OPERATOR=(\S+)$", own, re.MULTILINE)

    assert read[:2] == ["educonnect.env", file]
    assert "EDUCONNECT_OPERATOR=" not in shared
    assert f"operators add {name[0]} --role {role} --everything" in own
    assert f"postgresql://{name[0]}@" in own


def test_the_portal_of_a_server_has_an_account_of_its_own() -> None:
    """By the name of its login, which `peer` asks for; nothing of the owner's is its own."""
    own = ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    own.read(DEPLOY / "postgresql" / "portail.conf", encoding="utf-8")
    service = _unit("educonnect-portal.service")["Service"]
    guide = (ROOT / "docs" / "operators.fr.md").read_text(encoding="utf-8")

    assert own["Service"]["User"] == "portail" != service["User"]
    assert own["Service"]["SupplementaryGroups"] == service["Group"]
    assert own["Service"]["StateDirectory"] != service["StateDirectory"]
    assert "local educonnect portail peer`" in guide
    assert "educonnect educonnect portail" not in guide


def test_cron_reads_the_name_of_its_operator() -> None:
    """Each line of the crontab reads the shared settings, then those of cron; not the owner's."""
    lines = (DEPLOY / "crontab").read_text(encoding="utf-8").splitlines()
    for task, words in TASKS.items():
        [line] = [one for one in lines if one.endswith(f"--quiet {' '.join(words)}")]
        read = re.findall(r"\. /etc/educonnect/(\S+);", line)
        is_cron = "cron" in ROLES[" ".join(words)]
        assert read == ["educonnect.env", *(["cron.env"] if is_cron else [])], task


def test_the_document_tells_every_task() -> None:
    """`docs/cron.fr.md` has a row for each task with its command."""
    text = (ROOT / "docs" / "cron.fr.md").read_text(encoding="utf-8")

    told = dict(re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", text, re.MULTILINE))
    assert told == {task: " ".join(words) for task, words in TASKS.items()}


NGINX = DEPLOY / "nginx" / "educonnect.conf"


def test_the_portal_is_opened_by_a_command_that_exists() -> None:
    """As its unit says: the command and its options, nothing it could write to but its own."""
    unit = _unit("educonnect-portal.service")
    service = unit["Service"]
    program, _, words = service["ExecStart"].partition(" ")

    assert program.endswith("/educonnect-admin")
    _assert_runs([word for word in words.split() if not word[0].isdigit()])
    assert (service["UMask"], service["LimitCORE"]) == ("0077", "0")
    assert (service["ProtectSystem"], service["NoNewPrivileges"]) == ("strict", "yes")
    assert service["CapabilityBoundingSet"] == ""
    assert int(service["TimeoutStopSec"]) > PATIENCE
    assert unit["Install"]["WantedBy"] == "multi-user.target"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    """No unknown word, no option in the wrong place."""
    for unit in (DEPLOY / "systemd").iterdir():
        text = unit.read_text(encoding="utf-8")
        text = re.sub(r"^(ExecStart=)\S+", rf"\1{sys.executable}", text, flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    units = sorted(str(path) for path in tmp_path.glob("educonnect-*.*"))

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True,
        check=False, env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )  # fmt: skip

    assert [line for line in done.stderr.splitlines() if "educonnect" in line] == []


@pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx here")
def test_nginx_stands_before_the_portal(sqlite_services: Services, tmp_path: Path) -> None:
    """The example as it is: real TLS, who asks is told and can't be forged, no secret is logged."""
    with served(sqlite_services.settings, EDUCONNECT_TRUSTED_PROXIES="127.0.0.1") as portal:
        port, plain = free_port(), free_port()
        with _nginx(tmp_path, portal.url, port, plain) as ask:
            health = ask("/sante")
            page = ask("/confirmation/s3cret?mot=s3cret", Referer="https://x.test/s3cret")
            large = ask("/connexion", body=b"a" * 40_000)
            wrong = ask(
                "/connexion", body=b"identifiant=x.y&mot_de_passe=zzzzzzz9",
                **{"X-Forwarded-For": "203.0.113.9", "Sec-Fetch-Site": "same-origin",
                   "Content-Type": "application/x-www-form-urlencoded"},
            )  # fmt: skip
            moved = httpx.get(
                f"http://127.0.0.1:{plain}/connexion", headers={"Host": "evil.example"}
            )
        portal.stop()

    assert health.status_code == 200
    assert page.status_code in {200, 404, 410}
    assert "server" not in page.headers or "/" not in page.headers["server"]
    assert large.status_code == 413
    assert wrong.status_code == 422
    assert moved.headers["location"] == "https://portail.exemple.fr/connexion"
    logs = "".join(path.read_text(encoding="utf-8") for path in tmp_path.glob("*.log"))
    assert '"GET /confirmation/-" 404' in logs or '"GET /confirmation/-" 410' in logs
    assert "s3cret" not in logs + portal.log
    digests = sqlite_services.means(clock()).digests
    with sqlite_services.reading() as session:
        counted = set(session.scalars(select(TryCount.subject).filter_by(kind=TryKind.ADDRESS)))
    assert counted == {digests.lasting("log-in-address", "127.0.0.1")}


@contextmanager
def _nginx(folder: Path, portal: str, port: int, plain: int) -> Iterator[Callable[..., Any]]:
    """Run nginx with the example, its addresses and files alone replaced; give what asks it."""
    text = NGINX.read_text(encoding="utf-8")
    for theirs, ours in (
        ("127.0.0.1:8000", portal.removeprefix("http://")),
        ("/etc/ssl/educonnect/portail", str(folder / "portail")),
        ("/var/log/nginx", str(folder)),
        ("listen [::]:443 ssl http2;", ""),
        ("listen [::]:80;", ""),
        ("listen 443", f"listen 127.0.0.1:{port}"),
        ("listen 80", f"listen 127.0.0.1:{plain}"),
    ):
        assert theirs in text
        text = text.replace(theirs, ours)
    _certificate(folder / "portail")
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/nginx.pid; user root; events {{}}\nhttp {{\n{text}\n}}\n",
        encoding="utf-8",
    )
    nginx = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    tried = subprocess.run([*nginx, "-t"], capture_output=True, text=True, check=False)
    assert "test is successful" in tried.stderr, tried.stderr
    trust = ssl.create_default_context(cafile=folder / "portail.pem")
    with subprocess.Popen(nginx, stderr=subprocess.DEVNULL) as process:
        try:
            with httpx.Client(verify=trust, base_url=f"https://localhost:{port}") as client:
                yield partial(_asked, client)
        finally:
            process.terminate()


def _asked(client: httpx.Client, path: str, body: bytes | None = None, **headers: str) -> Any:
    method = "GET" if body is None else "POST"
    told = {"Host": "portail.exemple.fr", **headers}
    for _ in range(50):
        try:
            return client.request(method, path, content=body, headers=told)
        except httpx.ConnectError:
            time.sleep(0.1)  # it has not begun to listen yet
    raise AssertionError("nginx does not answer")


def _certificate(stem: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(clock() - timedelta(days=1))
        .not_valid_after(clock() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    stem.with_suffix(".pem").write_bytes(made.public_bytes(Encoding.PEM))
    stem.with_suffix(".key").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )


def test_the_example_says_what_the_document_promises() -> None:
    """`X-Forwarded-For` is replaced; no form larger than the portal reads."""
    text = NGINX.read_text(encoding="utf-8")

    assert set(re.findall(r"X-Forwarded-For (\S+);", text)) == {"$remote_addr"}
    assert "$proxy_add_x_forwarded_for" not in text
    assert f"client_max_body_size    {LONGEST_BODY // 1024}k;" in text
