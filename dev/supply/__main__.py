"""`python -m dev.supply`: write docs/licences.md and docs/sbom.cdx.json anew, from what is here."""

import json

from dev.supply.bom import bill
from dev.supply.licences import page, rows_of
from dev.supply.pins import ROOT

LICENCES = ROOT / "docs" / "licences.md"
BILL = ROOT / "docs" / "sbom.cdx.json"


def licences() -> str:
    """Return the page of licences as it should be."""
    return page(rows_of(LICENCES.read_text(encoding="utf-8")) if LICENCES.is_file() else {})


def bill_of_materials() -> str:
    """Return the bill of materials as it should be."""
    return bill(json.loads(BILL.read_text(encoding="utf-8")) if BILL.is_file() else {})


if __name__ == "__main__":
    LICENCES.write_text(licences(), encoding="utf-8")
    BILL.write_text(bill_of_materials(), encoding="utf-8")
