"""The floor of an import: pandas reads both files, bare `executemany` writes their rows.

Into the tables of the product with their indexes, in one transaction; nobody is recognised,
nothing is checked, every cell is a string.
"""

import sqlite3

import pandas as pd

from benchmarks.jobs import Order

_TODAY = "2026-09-01"


def run(order: Order) -> int:
    """Read and write."""
    children, guardians = (
        pd.read_csv(path, sep=";", dtype=str, na_filter=False, encoding="utf-8-sig")
        for path in sorted(order.folder.glob("*.csv"))
    )
    base = sqlite3.connect(order.database, isolation_level=None)
    base.execute("PRAGMA journal_mode = WAL")
    base.execute("PRAGMA synchronous = FULL")
    base.execute("BEGIN IMMEDIATE")
    classes = _write_classes(base, children)
    pupils = _write_pupils(base, children, classes)
    _write_guardians(base, guardians, pupils)
    base.execute("COMMIT")
    base.close()
    return order.letters


def _write_classes(base: sqlite3.Connection, children: pd.DataFrame) -> dict[str, int]:
    labels = {label: at for at, label in enumerate(children["Libellé classe"].unique(), start=1)}
    base.executemany(
        "INSERT INTO school_classes (id, school_id, label) VALUES (?, 1, ?)",
        [(number, label) for label, number in labels.items()],
    )
    return labels


def _write_pupils(
    base: sqlite3.Connection, children: pd.DataFrame, classes: dict[str, int]
) -> dict[tuple[str, str, str], int]:
    columns = zip(
        children["Nom élève"],
        children["Prénom élève"],
        children["Date naissance"],
        children["Niveau"],
        children["Libellé classe"],
        strict=True,
    )
    rows = list(enumerate(columns, start=1))
    base.executemany(
        "INSERT INTO pupils (id, family_name, given_name, family_key, given_key, birth_date)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [(n, family, given, family.lower(), given.lower(), born)
         for n, (family, given, born, _, _) in rows],
    )  # fmt: skip
    base.executemany(
        "INSERT INTO enrolments (pupil_id, school_id, class_id, level, started_on)"
        " VALUES (?, 1, ?, ?, ?)",
        [(n, classes[label], level, _TODAY) for n, (_, _, _, level, label) in rows],
    )
    return {(family, given, label): n for n, (family, given, _, _, label) in rows}


def _write_guardians(
    base: sqlite3.Connection, guardians: pd.DataFrame, pupils: dict[tuple[str, str, str], int]
) -> None:
    names = [f"Nom de famille enfant{end}" for end in ("", ".1", ".2")]
    blocks = [
        zip(guardians[name], guardians[name.replace("Nom de famille", "Prénom")],
            guardians[name.replace("Nom de famille enfant", "Classes enfants")], strict=True)
        for name in names
    ]  # fmt: skip
    facts = [
        guardians[name]
        for name in ("Civilité Responsable", "Nom responsable", "Prénom responsable", "Courriel",
                     "Téléphone portable", "Adresse responsable", "CP responsable",
                     "Commune responsable", "Pays")
    ]  # fmt: skip
    base.executemany(
        "INSERT INTO guardians (id, school_id, civility, family_name, given_name, email, mobile,"
        " street, postcode, city, country, family_key, given_key)"
        " VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(n, *row, row[1].lower(), row[2].lower())
         for n, row in enumerate(zip(*facts, strict=True), start=1)],
    )  # fmt: skip
    base.executemany(
        "INSERT INTO guardianships (guardian_id, pupil_id, legal, started_on)"
        " VALUES (?, ?, 1, ?) ON CONFLICT DO NOTHING",
        [(n, pupils[child], _TODAY)
         for block in blocks for n, child in enumerate(block, start=1) if child in pupils],
    )  # fmt: skip
