"""The licence of each package, as it declares it, in the spelling of SPDX."""

import re
from importlib.metadata import Distribution

from dev.supply.pins import Pin, canonical, installed, our_pins, run_time

FREE = frozenset(
    {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0",
     "MIT-CMU", "PSF-2.0", "Unlicense", "Zlib"}
)  # fmt: skip
"""They ask for their text to be kept, at most."""
COPYLEFT = frozenset({"LGPL-3.0-only", "MPL-2.0"})
"""They ask for the source of the package itself, changed or not; never for ours."""
COPYLEFT_TAKEN = frozenset(
    {
        "axe-playwright-python",  # carries axe-core; development only
        "certifi",  # a list of authorities, used as it is
        "fpdf2",  # a peer in the benchmark; development only
        "hypothesis",  # development only
        "pathspec",  # of the build tool; development only
        "psycopg",  # a library beside us, used as it is: decision 0002
        "psycopg-binary",
    }
)

_READ = {
    "axe-playwright-python": "MIT AND MPL-2.0",
    "jinja2": "BSD-3-Clause",
    "ovh": "BSD-3-Clause",
    "partd": "BSD-3-Clause",
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",
    "reportlab": "BSD-3-Clause",
    "segno": "BSD-3-Clause",
    "zict": "BSD-3-Clause",
}
"""Read in the licence file itself: what these packages declare is no name of a licence."""
_SPELLINGS = {
    "apache 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd 2-clause license": "BSD-2-Clause",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "psfl": "PSF-2.0",
}
_IDENTIFIER = re.compile(r"[A-Za-z0-9.+-]+")


def licence_of(package: Distribution) -> str:
    """Return the licence of a package as an SPDX expression; empty where it can't be told."""
    name = canonical(package.name)
    if name in _READ:
        return _READ[name]
    told = package.metadata
    if "License-Expression" in told:
        return told["License-Expression"]
    free_text = [line.strip() for one in told.get_all("License") or [] for line in one.split("\n")]
    classified = [
        one.rpartition(" :: ")[2]
        for one in told.get_all("Classifier") or []
        if one.startswith("License :: ")
    ]
    for one in map(str, (*free_text[:1], *classified)):
        spelt = _SPELLINGS.get(one.lower(), one)
        if spelt in FREE | COPYLEFT:
            return spelt
    return ""


def identifiers(expression: str) -> frozenset[str]:
    """Return the licences that an expression names."""
    return frozenset(_IDENTIFIER.findall(expression)) - {"AND", "OR", "WITH"}


def is_known(name: str, expression: str) -> bool:
    """Tell whether a package of this licence may be taken."""
    allowed = FREE | (COPYLEFT if name in COPYLEFT_TAKEN else frozenset())
    choices = [identifiers(choice) for choice in expression.split(" OR ")]
    return any(choice and choice <= allowed for choice in choices)


def page(known: dict[str, str]) -> str:
    """Return the page of licences.

    Args:
        known: what the last page said, for packages that this Python does not install.
    """
    with_us = run_time()
    rows = [_row(pin, known, with_us) for pin in our_pins()]
    here = [row for row in rows if row.endswith("| run time |")]
    return "\n".join(
        [
            "# Licences",
            "",
            "What the product is installed with, and what it is developed with, each at its pin"
            " (`constraints.txt`).",
            "Written by `make supply` from what the packages declare; a test refuses an unknown"
            " licence and a",
            "copyleft that [decision 0002](decisions/0002-dependencies.md) does not name. The fonts"
            " in the wheel are under the",
            "OFL-1.1, whose text lies beside them. The product itself: MIT.",
            "",
            f"{len(rows)} packages, {len(here)} of them at run time.",
            "",
            "| package | version | licence | for |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _row(pin: Pin, known: dict[str, str], with_us: dict[str, frozenset[str]]) -> str:
    package = installed(pin.name)
    if package is None or package.version != pin.version:
        return known[pin.name]
    use = "run time" if pin.name in with_us else "development"
    return f"| {pin.name} | {pin.version} | {licence_of(package)} | {use} |"


def rows_of(text: str) -> dict[str, str]:
    """Return the rows of a page that was written, by the name of the package."""
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    return {row.split(" | ")[0].removeprefix("| "): row for row in rows[1:]}
