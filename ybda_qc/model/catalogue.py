"""The catalogue 目录 of a delivery, as it was read."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An entry of the catalogue.

    Attributes
    ----------
    sheet, row
        Where it stands: name of the table, row from 1.
    values
        What stands in its columns, by field, as it stands; empty ones are left out.
    """

    sheet: str
    row: int
    values: Mapping[str, str]

    @property
    def code(self) -> str:
        """Archival code 档号 as it stands, without blanks around; empty if there is none."""
        return self.values.get("code", "").strip()

    @property
    def place(self) -> str:
        """Where it stands, for a person; reports say it in the reader's language."""
        return f"row {self.row} of {self.sheet}" if self.sheet else f"row {self.row}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueTable:
    """A table of the catalogue: how it was understood.

    Attributes
    ----------
    sheet
        Its name; empty for text files.
    encoding
        Of text files; empty for spreadsheets.
    header_row
        From 1; None where no header was found and nothing was read.
    columns
        Name of the column that holds each field.
    unknown
        Names of columns that hold no known field.
    records
        Number of records.
    """

    sheet: str
    encoding: str
    header_row: int | None
    columns: Mapping[str, str]
    unknown: tuple[str, ...]
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueIdentity:
    """Which catalogue file was read, and how it was understood.

    Attributes
    ----------
    path
        Relative to the batch where it lies in it, else absolute.
    sha256
        Of the file.
    tables
        How each table was understood.
    """

    path: str
    sha256: str
    tables: tuple[CatalogueTable, ...]

    @property
    def records(self) -> int:
        """Number of records in all tables."""
        return sum(table.records for table in self.tables)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """A catalogue file and all its entries, in order."""

    identity: CatalogueIdentity
    records: tuple[Record, ...]
