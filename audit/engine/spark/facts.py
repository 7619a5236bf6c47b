"""What is known of the whole run and decided once, on the driver: every part is handed it and works out the rest itself."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import duckdb

from audit.engine import sql_files
from audit.engine.spark import pieces, staging
from audit.engine.spark.pieces import Piece

# Tables and variables of staging that no part of the rows can tell: the lexicon's day is the last of the run, a payer has the
# names that stand beside its ids anywhere, an NPI may be somebody else's elsewhere, a year begins with its first line, a mark of
# denial that is set nowhere says nothing.
OF_WHOLE_RUN = frozenset(
    {"export_column", "export_year", "money_basis", "note_lexicon", "payer_identity", "shared_npi", "status_reading"}
)


@dataclass(frozen=True)
class Facts:
    """Tables and variables that are the same in every part."""

    tables: tuple[Piece, ...]
    variables: Mapping[str, object]

    @property
    def given(self) -> frozenset[str]:
        """Names of the tables and variables."""
        return frozenset(piece.table for piece in self.tables) | self.variables.keys()

    def put(self, con: duckdb.DuckDBPyConnection) -> None:
        """Bring them into a session."""
        pieces.put(con, self.tables)
        for name, value in self.variables.items():
            con.execute(f"SET VARIABLE {name} = $value", {"value": value})


def gather(con: duckdb.DuckDBPyConnection, variables: Mapping[str, object], others: Collection[str]) -> Facts:
    """Work out the facts of the run in the driver's session, which holds its rows, its reference tables and its settings.

    `variables` are those that are set already; `others` are tables of the session that every part needs as they are.
    """
    leading = staging.leading_to(OF_WHOLE_RUN, ())
    sql_files.run(con, ((step.path, step.statement) for step in leading))
    settled = {
        step.makes: con.execute(f"SELECT getvariable('{step.makes}')").fetchall()[0][0]
        for step in leading
        if step.kind == "variable"
    }
    tables = (OF_WHOLE_RUN | set(others)) - settled.keys()
    return Facts(
        tuple(piece for name in sorted(tables) for piece in pieces.packed("facts", 0, name, pieces.taken(con, f"FROM {name}"))),
        {**variables, **settled},
    )
