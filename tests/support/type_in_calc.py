"""Run by the system's Python: open a workbook in LibreOffice, type into cells, save it.

The order comes on standard input as JSON: `soffice`, `profile`, `source`, `edits` (sheet, cell,
text), `target`, `filter`. Texts are entered as keys are, so that the cell's own format decides
what becomes of them; `null` deletes the row of the cell.
"""

import json
import os
import subprocess
import sys
import time
from typing import Any

import uno  # type: ignore[import-not-found]  # the system's, beside LibreOffice
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]

PATIENCE = 60.0


def connect(soffice: str, profile: str) -> tuple[Any, "subprocess.Popen[bytes]"]:
    """Start an office of our own and return its context."""
    pipe = f"educonnect-{os.getpid()}"
    office = subprocess.Popen(
        [
            soffice, "--headless", "--norestore", "--nologo", "--nodefault",
            f"-env:UserInstallation=file://{profile}", f"--accept=pipe,name={pipe};urp;",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    end = time.monotonic() + PATIENCE
    while True:
        try:
            url = f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"
            return resolver.resolve(url), office
        except Exception:
            if time.monotonic() > end or office.poll() is not None:
                office.kill()
                raise
            time.sleep(0.2)


def named(name: str, value: object) -> Any:
    """Return an argument as LibreOffice takes it."""
    return PropertyValue(name, 0, value, 0)


class Typist:
    """Sits before an open workbook."""

    def __init__(self, context: Any, document: Any) -> None:
        make = context.ServiceManager.createInstanceWithContext
        self._dispatch = make("com.sun.star.frame.DispatchHelper", context)
        self._document = document
        self._view = document.CurrentController

    def type(self, sheet: str, cell: str, text: str | None) -> None:
        """Go to a cell and enter a text, or delete the row of the cell."""
        self._view.setActiveSheet(self._document.Sheets.getByName(sheet))
        self._do(".uno:GoToCell", named("ToPoint", cell))
        if text is None:
            self._do(".uno:DeleteRows")
        else:
            self._do(".uno:EnterString", named("StringName", text))

    def _do(self, command: str, *arguments: Any) -> None:
        self._dispatch.executeDispatch(self._view.Frame, command, "", 0, arguments)


def main(order: dict[str, Any]) -> None:
    """Do what was ordered; the office is gone in the end."""
    context, office = connect(order["soffice"], order["profile"])
    try:
        desktop = context.ServiceManager.createInstanceWithContext(
            "com.sun.star.frame.Desktop", context
        )
        document = desktop.loadComponentFromURL(
            f"file://{order['source']}", "_blank", 0, (named("Hidden", value=True),)
        )
        typist = Typist(context, document)
        for sheet, cell, text in order["edits"]:
            typist.type(sheet, cell, text)
        document.storeToURL(f"file://{order['target']}", (named("FilterName", order["filter"]),))
    finally:
        office.kill()
        office.wait()


if __name__ == "__main__":
    main(json.load(sys.stdin))
