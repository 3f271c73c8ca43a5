"""Run by the system's Python: merge a letter with a table in LibreOffice Writer, into one PDF.

The order comes on standard input as JSON: `soffice`, `profile`, `folder` (of `letters.csv`),
`template`, `target` (a folder).
"""

import json
import sys
from typing import Any

from tests.support.type_in_calc import connect, named

_TABLE, _FILE = 0, 2
_NAME = "letters"
_COLUMNS = (
    ("Extension", "csv"), ("CharSet", "UTF-8"), ("FieldDelimiter", ";"), ("StringDelimiter", '"'),
    ("HeaderLine", True),
)  # fmt: skip


def main(order: dict[str, Any]) -> None:
    """Do what was ordered; the office is gone in the end."""
    context, office = connect(order["soffice"], order["profile"])
    make = context.ServiceManager.createInstanceWithContext
    try:
        register(make("com.sun.star.sdb.DatabaseContext", context), order["folder"])
        merge = make("com.sun.star.text.MailMerge", context)
        for name, value in (
            ("DocumentURL", f"file://{order['template']}"),
            ("DataSourceName", _NAME),
            ("CommandType", _TABLE),
            ("Command", _NAME),
            ("OutputType", _FILE),
            ("OutputURL", f"file://{order['target']}"),
            ("FileNamePrefix", "merged"),
            ("SaveAsSingleFile", True),
            ("SaveFilter", "writer_pdf_Export"),
        ):
            merge.setPropertyValue(name, value)
        merge.execute(())
    finally:
        make("com.sun.star.frame.Desktop", context).terminate()
        office.wait(60)


def register(sources: Any, folder: str) -> None:
    """Make the table known to the office under a name, as its assistant does."""
    source = sources.createInstance()
    source.URL = f"sdbc:flat:file://{folder}"
    source.Info = tuple(named(name, value) for name, value in _COLUMNS)
    source.DatabaseDocument.storeAsURL(f"file://{folder}/{_NAME}.odb", ())
    sources.registerObject(_NAME, source)


if __name__ == "__main__":
    main(json.loads(sys.stdin.read()))
