"""What fits into a sheet of an XLSX file."""

MOST_ROWS = 1_048_576
"""The header included (ECMA-376; Excel specifications and limits)."""
MOST_COLUMNS = 16_384


class TooManyRowsError(Exception):
    """The table does not fit into a sheet; the message says what does."""


def check_fits(rows: int, columns: int) -> None:
    """Raises TooManyRowsError when a table of so many rows, without its header, or columns fits into no sheet."""
    if rows >= MOST_ROWS:
        raise TooManyRowsError(
            f"{rows:,} rows: a sheet of XLSX has {MOST_ROWS:,} with the header; ask for a shorter range, "
            "for an aggregate, or for csv or parquet"
        )
    if columns > MOST_COLUMNS:
        raise TooManyRowsError(f"{columns:,} columns: a sheet of XLSX has {MOST_COLUMNS:,}; ask for fewer points")
