"""One of these ids, as one parameter whatever their number.

`IN (…)` with a parameter for each id is another statement for each number of ids: the driver
translates it, the server plans it anew every time. An array on PostgreSQL and a JSON list on
SQLite leave the statement as it is, so that it is prepared once.
"""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Boolean, Dialect, String, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Ids(TypeDecorator[Iterable[int]]):
    """Integers that travel together."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(BigInteger))
        return dialect.type_descriptor(String())

    def process_bind_param(self, value: Iterable[int] | None, dialect: Dialect) -> Any:
        ids = list(value or ())
        return ids if dialect.name == "postgresql" else json.dumps(ids)


class _Among(FunctionElement[bool]):
    """The test itself: a column, then the parameter."""

    type = Boolean()
    inherit_cache = True


@compiles(_Among)
def _in_json(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - both compiled


@compiles(_Among, "postgresql")
def _any_of_array(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY ({ids})"


def among(column: Any, ids: str | Iterable[int]) -> ColumnElement[bool]:
    """Return the test whether a column is one of some ids.

    Args:
        column: An integer column.
        ids: The ids, or the name of the parameter that will bring them.
    """
    bound = (
        bindparam(ids, type_=_Ids())
        if isinstance(ids, str)
        else bindparam(None, list(ids), type_=_Ids())
    )
    return _Among(column, bound)
