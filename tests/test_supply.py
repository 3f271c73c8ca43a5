"""What the product is made of: pinned, with digests, under licences that we know, listed."""

import ast
import json
import re
import sys
from importlib.metadata import packages_distributions
from typing import Any

import pytest

from dev.supply.__main__ import BILL, LICENCES, bill_of_materials, licences
from dev.supply.licences import COPYLEFT_TAKEN, identifiers, is_known, rows_of
from dev.supply.pins import ROOT, Pin, canonical, locked, our_pins, run_time
from tests.support.house import sources

LOCKS = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in ("requirements.lock", "deploy/requirements.lock")
}
STALE = "make supply writes it anew"


def test_the_lock_holds_every_pin_with_the_digests_of_its_files() -> None:
    """And nothing else, but what other systems than ours need."""
    told = locked(LOCKS["requirements.lock"])

    assert set(our_pins()) <= set(told)
    assert all(one.digests for one in told.values())
    elsewhere = {told[pin].marker for pin in set(told) - set(our_pins())}
    assert all("win32" in marker or "emscripten" in marker for marker in elsewhere)
    compiled = told[next(pin for pin in told if pin.name == "cryptography")]
    assert len(compiled.digests) > 10, "one machine's file alone would not install elsewhere"


def test_the_lock_of_an_office_holds_what_runs_and_no_more() -> None:
    """No test tool is asked for on a server."""
    told = locked(LOCKS["deploy/requirements.lock"])
    everything = locked(LOCKS["requirements.lock"])

    here = {pin.name for pin, one in told.items() if "win32" not in one.marker}
    assert run_time().keys() <= here
    assert here.isdisjoint({"pytest", "hypothesis", "fpdf2", "ruff"})
    assert all(everything[pin].digests == one.digests for pin, one in told.items())


@pytest.mark.parametrize("name", ["constraints.txt", *LOCKS])
def test_no_address_stands_in_pins_and_locks(name: str) -> None:
    """They name what is to be installed; from where is its administrator's matter."""
    text = (ROOT / name).read_text(encoding="utf-8")

    assert "://" not in text
    assert "--index" not in text


def test_every_licence_is_known_and_may_be_taken() -> None:
    """The page is up to date; an unknown licence, or a copyleft nobody decided on, is refused."""
    rows = rows_of(LICENCES.read_text(encoding="utf-8"))
    cells = {name: row.strip("| ").split(" | ") for name, row in rows.items()}

    assert licences() == LICENCES.read_text(encoding="utf-8"), STALE
    assert [name for name, cell in cells.items() if not is_known(name, cell[2])] == []
    assert set(rows) == {pin.name for pin in our_pins()}
    assert set(rows) >= COPYLEFT_TAKEN


@pytest.mark.parametrize(
    ("name", "licence", "known"),
    [
        ("new", "MIT", True),
        ("new", "GPL-2.0-only OR MIT", True),
        ("new", "MIT AND GPL-3.0-only", False),
        ("new", "GPL-3.0-only", False),
        ("new", "LGPL-3.0-only", False),
        ("psycopg", "LGPL-3.0-only", True),
        ("psycopg", "AGPL-3.0-only", False),
        ("new", "Proprietary", False),
        ("new", "", False),
    ],
)
def test_a_licence_is_judged(name: str, licence: str, known: bool) -> None:
    """Of a choice one is enough; of several together each counts."""
    assert is_known(name, licence) is known


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    """The bill of materials as it was written."""
    told: dict[str, Any] = json.loads(BILL.read_text(encoding="utf-8"))
    return told


def test_the_bill_of_materials_is_that_of_the_pins(bill: dict[str, Any]) -> None:
    """Each of them once, and no other; what it says of them is what is installed."""
    listed = [Pin(one["name"], one["version"]) for one in bill["components"]]

    assert listed == our_pins()
    assert bill_of_materials() == BILL.read_text(encoding="utf-8"), STALE
    required = {one["name"] for one in bill["components"] if one["scope"] == "required"}
    assert required == set(run_time())


def test_the_bill_of_materials_is_cyclonedx(bill: dict[str, Any]) -> None:
    """The shape that CycloneDX 1.6 asks for, whose own schema is not at hand here."""
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bill["serialNumber"])
    ours = bill["metadata"]["component"]
    parts = [ours, *bill["components"]]
    references = [one["bom-ref"] for one in parts]
    assert len(set(references)) == len(references)
    for one in parts:
        assert one["type"] in {"application", "library"}
        assert one["purl"] == one["bom-ref"] == f"pkg:pypi/{one['name']}@{one['version']}"
        ((licence,),) = (tuple(each.values()) for each in one["licenses"])
        assert identifiers(licence)
    assert [one["ref"] for one in bill["dependencies"]] == references
    for one in bill["dependencies"]:
        assert set(one["dependsOn"]) <= set(references), one["ref"]


def test_what_the_product_imports_is_what_it_asks_for() -> None:
    """A library that only comes along with a development tool would be missed on a server."""
    owners = packages_distributions()
    found = set()
    for source in sources():
        for node in ast.walk(source.tree):
            match node:
                case ast.Import():
                    found |= {alias.name.partition(".")[0] for alias in node.names}
                case ast.ImportFrom(module=str(module)):
                    found.add(module.partition(".")[0])
    # The extra `dask` is imported with `--dask` alone.
    names = found - sys.stdlib_module_names - {"educonnect_admin", "distributed"}

    come_along = set(run_time())
    assert [name for name in names if come_along.isdisjoint(map(canonical, owners[name]))] == []
    assert len(names) > 15
