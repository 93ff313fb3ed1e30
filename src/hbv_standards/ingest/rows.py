"""Rows of the flat tables while a chunk is decoded: tuples now, columns at the end of the chunk."""

from __future__ import annotations

from typing import TypeAlias

Cell: TypeAlias = str | bool | int | None
Row: TypeAlias = tuple[Cell, ...]

# Where a node sits: the resource (its number in the chunk), the id if it is contained, its path.
# A bare tuple: one is made for every resource.
Place: TypeAlias = tuple[int, str | None, str]


class Rows(dict[str, list[Row]]):
    """Table → rows; the first three cells of a row are its ``Place``."""

    def __missing__(self, table: str) -> list[Row]:
        rows: list[Row] = []
        self[table] = rows
        return rows

    def drop(self, source: int) -> None:
        """Take back the rows of the resource that is being decoded: they are the last of each table."""
        for rows in self.values():
            while rows and rows[-1][0] == source:
                rows.pop()
