"""The pins, and which of them a person gets who installs the product alone."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple, cast

from packaging.markers import default_environment
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
_LINUX = {
    **cast(dict[str, str], default_environment()),
    "os_name": "posix", "platform_machine": "x86_64", "platform_system": "Linux",
    "python_full_version": "3.11.0", "python_version": "3.11", "sys_platform": "linux",
}  # fmt: skip
"""What markers are asked on: the same answer on every machine."""
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[\w,-]+\])?==([^ ;]+)(?: ; (.+?))? \\$", re.MULTILINE)


class Pin(NamedTuple):
    """A package at a version, its name as the index spells it alike for everybody."""

    name: str
    version: str


class Locked(NamedTuple):
    """A pin of the lock: where it is installed (empty: everywhere), the digests of its files."""

    marker: str
    digests: Sequence[str]


def canonical(name: str) -> str:
    """Return a name as every spelling of it compares."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(text: str) -> list[Pin]:
    """Return the pins of a constraints file, in its order."""
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return [Pin(canonical(name), version) for name, version in pairs]


def our_pins() -> list[Pin]:
    """Return those of this release."""
    return pins((ROOT / "constraints.txt").read_text(encoding="utf-8"))


def locked(text: str) -> dict[Pin, Locked]:
    """Return what a lock holds."""
    found = list(_LOCKED.finditer(text))
    ends = [one.start() for one in found[1:]] + [len(text)]
    return {
        Pin(canonical(one[1]), one[2]): Locked(
            one[3] or "", re.findall(r"--hash=sha256:([0-9a-f]{64})", text[one.end() : end])
        )
        for one, end in zip(found, ends, strict=True)
    }


@cache
def installed(name: str) -> Distribution | None:
    """Return an installed distribution, if it is."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def declared() -> list[Requirement]:
    """Return what the product asks for, on the system that we tell of."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = map(Requirement, told["project"]["dependencies"])
    return [one for one in wanted if one.marker is None or one.marker.evaluate(_LINUX)]


def needed(name: str, extras: Iterable[str] = ()) -> Iterator[Requirement]:
    """Yield what an installed distribution asks for, with these extras, on Linux."""
    found = installed(name)
    environments = [{**_LINUX, "extra": extra} for extra in ("", *extras)]
    for text in (found.requires or []) if found else []:
        one = Requirement(text)
        if one.marker is None or any(map(one.marker.evaluate, environments)):
            yield one


def closure(wanted: Iterable[Requirement]) -> dict[str, frozenset[str]]:
    """Return all that comes along with some requirements: names, and what each asks for."""
    found: dict[str, frozenset[str]] = {}
    waiting = list(wanted)
    while waiting:
        one = waiting.pop()
        name = canonical(one.name)
        asks = list(needed(name, one.extras))
        known = found.get(name, frozenset())
        found[name] = known | {canonical(each.name) for each in asks}
        if found[name] != known:
            waiting += asks
    return found


@cache
def run_time() -> dict[str, frozenset[str]]:
    """Return what somebody gets who installs the product alone."""
    return closure(declared())
