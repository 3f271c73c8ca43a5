"""What an office may set: one frozen object, read once from the environment."""

from getpass import getuser
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from educonnect_admin.domain.sms_body import check_body, is_json


def _default_database(before: dict[str, Any]) -> str:
    file: Path | None = before.get("database_url_file")
    if file is not None:
        return file.read_text(encoding="utf-8").strip()
    return str(user_data_path("educonnect-admin") / "educonnect.sqlite")


def _default_operator() -> str:
    try:
        return getuser()
    except (KeyError, OSError):
        # A container may run under a number that no name belongs to.
        return "inconnu"


def is_loopback(host: str) -> bool:
    """Tell whether an address leads to this very machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


_ADDRESS = r"^[^\s@<>]+@[^\s@<>]+$"


class Settings(BaseSettings):
    """The settings of one command, each an `EDUCONNECT_…` variable of the environment.

    Attributes:
        database_url: a database URL, or the bare path of an SQLite file.
        database_url_file: a file that holds it; what is said outright wins.
        secret_key_file: where the key file lies; by default beside the SQLite file.
        operator: who acts, as the trail will tell it.
        templates_dir: the office's own letter templates.
        columns_dir: what was said of the columns of schools' files; by default beside the
            SQLite file, or in the user's settings.
        letters_passphrase_file: where nobody types it, the passphrase of `--encrypt`.
        portal_url: the address of the portal as letters print it.
        hashing: `owasp`, or `cheap-for-tests`, which protects nothing.
        backup_passphrase_file: what encrypted backups are closed and opened with, for cron.
        open_folders: whether `guide` offers to show the folder of letters in a window.
        workers: how many hashes are computed at the same time; 0: as many as cores.
        campaign_patience: how many seconds a campaign waits for a database or a cluster that has
            gone away.
        smtp_host: the mail server; without one, mails go to a folder.
        smtp_port: by default 587 (`starttls`), 465 (`tls`) or 25 (`none`).
        smtp_security: `none` only to this very machine.
        smtp_user, smtp_password_file: both or none.
        mail_from: the address mails come from; compulsory with a server.
        mail_reply_to: whom answers go to, if not to the sender.
        mail_folder: where mails and SMS go without a server; by default beside the SQLite file.
        mail_ca_file: the authority of the server's certificate, if the system does not know it.
        sms_gateway: what SMS leave by; the settings `sms_…` of the two real ones.
        sms_an_hour, sms_a_day: how many codes the whole service may pay for.
        codes_an_hour, codes_a_day, code_tries: for one mobile, for one code (R-6).
        log_in_…, log_ins_a_day, address_failures_an_hour, guesses_an_hour, birth_date_…: R-6.
        franceconnect_…: the provider; without an issuer the portal does not offer it.
        trusted_proxies: the addresses or networks, with commas, whose `X-Forwarded-For` counts.
        portal_development: show every message at an address of this machine; never in earnest.
        contact_…, legal_…: what the pages «Contact» and «Mentions légales» say.
    """

    model_config = SettingsConfigDict(
        env_prefix="EDUCONNECT_", frozen=True, extra="ignore", env_ignore_empty=True
    )

    database_url_file: Path | None = None
    database_url: str = Field(default_factory=_default_database, min_length=1, repr=False)
    secret_key_file: Path | None = None
    operator: str = Field(default_factory=_default_operator, min_length=1, max_length=100)
    templates_dir: Path | None = None
    columns_dir: Path | None = None
    letters_passphrase_file: Path | None = None
    portal_url: str = Field(
        default="https://educonnect.education.gouv.fr",
        pattern=r"^https?://[^\s/]+(/[^\s?#]*)?$",
        max_length=80,
    )
    hashing: Literal["owasp", "cheap-for-tests"] = "owasp"
    backup_passphrase_file: Path | None = None
    open_folders: bool = True
    workers: int = Field(default=0, ge=0, le=256)
    campaign_patience: int = Field(default=300, ge=0, le=86_400)
    smtp_host: str | None = Field(default=None, max_length=253, pattern=r"^[^\s/@]+$")
    smtp_port: int | None = Field(default=None, ge=1, le=65_535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str | None = Field(default=None, repr=False)
    smtp_password_file: Path | None = Field(default=None, validate_default=True)
    mail_from: str | None = Field(
        default=None, max_length=254, pattern=_ADDRESS, validate_default=True
    )
    mail_reply_to: str | None = Field(default=None, max_length=254, pattern=_ADDRESS)
    mail_folder: Path | None = None
    mail_ca_file: Path | None = None
    sms_gateway: Literal["folder", "https", "ovh"] = "folder"
    sms_sender: str | None = Field(default=None, pattern=r"^[A-Za-z0-9]{3,11}$")
    sms_url: str | None = Field(default=None, max_length=500, repr=False, validate_default=True)
    sms_method: Literal["POST", "PUT", "GET"] = "POST"
    sms_headers_file: Path | None = None
    sms_body: str | None = Field(default=None, max_length=2000, repr=False, validate_default=True)
    sms_ovh_service: str | None = Field(
        default=None, pattern=r"^[A-Za-z0-9-]{1,64}$", validate_default=True
    )
    sms_ovh_credentials_file: Path | None = Field(default=None, validate_default=True)
    sms_an_hour: int = Field(default=1000, ge=1)
    sms_a_day: int = Field(default=10_000, ge=1)
    codes_an_hour: int = Field(default=3, ge=1, le=10)
    codes_a_day: int = Field(default=10, ge=1, le=50)
    code_tries: int = Field(default=5, ge=1, le=10)
    log_in_delay_after: int = Field(default=5, ge=1, le=10)
    log_in_lock_after: int = Field(default=10, ge=1, le=10)
    log_in_lock_minutes: int = Field(default=60, ge=1, le=1440)
    log_ins_a_day: int = Field(default=20, ge=1, le=25)
    address_failures_an_hour: int = Field(default=100, ge=1)
    guesses_an_hour: int = Field(default=30, ge=1)
    birth_date_tries: int = Field(default=5, ge=1, le=10)
    birth_date_tries_a_day: int = Field(default=10, ge=1, le=10)
    franceconnect_issuer: str | None = Field(
        default=None, max_length=300, pattern=r"^https?://[!-~]+$"
    )
    franceconnect_client_id: str | None = Field(default=None, max_length=200)
    franceconnect_client_secret_file: Path | None = Field(default=None, validate_default=True)
    franceconnect_acr: str = Field(default="eidas1", max_length=40, pattern=r"^[!-~]+$")
    franceconnect_ca_file: Path | None = None
    trusted_proxies: str | None = Field(default=None, max_length=500)
    portal_development: bool = False
    contact_name: str = Field(default="L'assistance de votre académie", max_length=100)
    contact_phone: str | None = Field(default=None, max_length=40)
    contact_email: str | None = Field(default=None, max_length=254, pattern=_ADDRESS)
    contact_url: str | None = Field(default=None, max_length=300, pattern=r"^https?://\S+$")
    contact_hours: str | None = Field(default=None, max_length=200)
    legal_publisher: str | None = Field(default=None, max_length=300)
    legal_host: str | None = Field(default=None, max_length=300)
    legal_dpo: str | None = Field(default=None, max_length=300)

    @field_validator("database_url_file")
    @classmethod
    def _hold_an_address(cls, file: Path | None) -> Path | None:
        """Found out now, by the name of the setting: its content may be a password."""
        if file is not None:
            try:
                told = file.read_text(encoding="utf-8").strip()
            except OSError:
                told = ""
            if not told:
                raise ValueError("no address there")
        return file

    @field_validator("smtp_security")
    @classmethod
    def _keep_mails_secret(cls, security: str, others: ValidationInfo) -> str:
        """Letters hold passwords: in clear they go no further than this machine."""
        if security == "none" and not is_loopback(others.data.get("smtp_host") or "localhost"):
            raise ValueError("in clear")
        return security

    @field_validator("smtp_password_file")
    @classmethod
    def _pair_user_and_password(cls, file: Path | None, others: ValidationInfo) -> Path | None:
        if (file is None) != (others.data.get("smtp_user") is None):
            raise ValueError("user without password, or the other way round")
        return file

    @field_validator("sms_url", "sms_body", "sms_ovh_service", "sms_ovh_credentials_file")
    @classmethod
    def _gather_sms(cls, value: object, others: ValidationInfo) -> object:
        """Each gateway has what it needs: a code that can't leave is found out by a parent."""
        needing = "ovh" if (others.field_name or "").startswith("sms_ovh") else "https"
        if value is None and others.data.get("sms_gateway") == needing:
            raise ValueError("needed by this gateway")
        return value

    @field_validator("sms_url")
    @classmethod
    def _keep_codes_secret(cls, url: str | None) -> str | None:
        """Codes open accounts: in clear they go no further than this machine."""
        if url is not None:
            parts = urlsplit(url)
            in_clear = parts.scheme == "http" and is_loopback(parts.hostname or "")
            if not parts.hostname or parts.fragment or (parts.scheme != "https" and not in_clear):
                raise ValueError("in clear")
        return url

    @field_validator("sms_body")
    @classmethod
    def _know_the_places(cls, body: str | None, others: ValidationInfo) -> str | None:
        """A place that is none would reach the parent as it stands, braces and all."""
        if body is not None:
            check_body(body)
            if others.data.get("sms_method") == "GET" and is_json(body):
                raise ValueError("nothing of JSON fits behind a question mark")
        return body

    @field_validator("franceconnect_issuer")
    @classmethod
    def _check_who_identifies(cls, issuer: str | None) -> str | None:
        """Whoever stands between could pass for anybody: in clear only on this very machine."""
        if issuer is not None:
            parts = urlsplit(issuer)
            if parts.query or parts.fragment or parts.username is not None or not parts.hostname:
                raise ValueError("no issuer")
            in_clear = parts.scheme == "http" and is_loopback(parts.hostname)
            if parts.scheme != "https" and not in_clear:
                raise ValueError("in clear")
        return issuer

    @field_validator("franceconnect_client_secret_file")
    @classmethod
    def _gather_franceconnect(cls, file: Path | None, others: ValidationInfo) -> Path | None:
        names = ("franceconnect_issuer", "franceconnect_client_id")
        given = {others.data[name] is not None for name in names if name in others.data}
        if not given <= {file is not None}:
            raise ValueError("issuer, client and secret: all or none")
        return file

    @field_validator("mail_from", "mail_reply_to")
    @classmethod
    def _fit_a_header(cls, address: str | None) -> str | None:
        """An address that no mail can bear would make every letter fail, one by one."""
        if address is not None:
            if set(address) & set(',;:"()[]\\') or not address.isprintable():
                raise ValueError("signs that no header bears")
            address.rpartition("@")[2].encode("idna")  # its refusal is a ValueError
        return address

    @field_validator("trusted_proxies")
    @classmethod
    def _know_the_proxies(cls, proxies: str | None) -> str | None:
        for one in (proxies or "").split(","):
            if one.strip() and ip_network(one.strip()).prefixlen == 0:
                raise ValueError("everybody")
        return proxies

    @field_validator("mail_from")
    @classmethod
    def _know_the_sender(cls, address: str | None, others: ValidationInfo) -> str | None:
        if address is None and others.data.get("smtp_host") is not None:
            raise ValueError("no sender")
        return address
