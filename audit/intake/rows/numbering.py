"""How rows are numbered: a file's table, a row's number in its file, and a line's id over all files."""

# A line's id is its file's number and its row in that file, so that it is the same however the export is read.
ROWS_PER_FILE_BITS = 40
# In a wide file, where one row holds several lines, the line's place in its row stands behind the row's number.
PLACE_BITS = 10
# Of a batch of files the rows are numbered by file and row, as lines' ids are.
FILE_OF_ROW = f"source_row >> {ROWS_PER_FILE_BITS}"
# A row's number in its file, where the table of the file is read.
ROW_NUMBER = "coalesce(source_row, rowid + 1 + ahead)"


def table_of(file_no: int) -> str:
    """A file's table: typed columns, `<money>_raw`, left_out, unread, faults, place, source_row (NULL: rowid + 1 + ahead)."""
    return f"intake_file_{file_no}"


def rows_of(file_no: int) -> str:
    """SQL for a file's rows, to stand after FROM, each with its `row_number` in the export."""
    return f"(SELECT {ROW_NUMBER} AS row_number, * FROM {table_of(file_no)})"
