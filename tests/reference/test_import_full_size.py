"""The whole practitioner PTP table, 2.6 million rows in CMS's own layout, within 2 GB of memory.

Needs a Parquet copy of that table (column_1, column_2, deletion_date, modifier_indicator, rationale), which is not part
of the project: name it in PTP_PARQUET.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from audit.reference.store import editions
from tests.reference.import_files import full_size

_PARQUET = Path(os.environ.get("PTP_PARQUET", ""))

pytestmark = pytest.mark.skipif(not _PARQUET.is_file(), reason="PTP_PARQUET names no Parquet copy of the practitioner PTP table")

# ru_maxrss of a child starts at its parent's size on Linux; /proc tells the child's own.
_IMPORT = """
import resource, sys
from pathlib import Path
from audit.reference.importer import import_files
import_files([Path(name) for name in sys.argv[2:]], Path(sys.argv[1]))
status = Path("/proc/self/status")
if status.is_file():
    print(int(status.read_text().split("VmHWM:")[1].split()[0]) // 1024)
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(peak // (1024 * 1024 if sys.platform == "darwin" else 1024))
"""


def test_full_size_in_two_gigabytes(tmp_path: Path) -> None:
    parts = full_size(_PARQUET, tmp_path)
    store = tmp_path / "reference"
    started = time.monotonic()
    command = [sys.executable, "-c", _IMPORT, str(store), *map(str, parts)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    seconds, megabytes = time.monotonic() - started, int(done.stdout)
    print(f"{seconds:.1f} s, {megabytes} MB")
    assert megabytes < 2000
    (edition,) = editions(store)
    assert edition.complete
    assert edition.has_manual_therapy
    assert edition.warnings == ()
    assert _difference(edition.files) == (0, 0)


def _difference(files: tuple[Path, ...]) -> tuple[int, int]:
    imported = f"""
        SELECT column_1, column_2, coalesce(strftime(effective_to, '%Y%m%d'), '*'), modifier_indicator::VARCHAR, rationale
        FROM read_parquet({[str(file) for file in files]})
        WHERE effective_from = DATE '1996-01-01'
    """
    given = f"SELECT column_1, column_2, deletion_date, modifier_indicator, rationale FROM read_parquet('{_PARQUET}')"
    one, other = (
        duckdb.execute(f"SELECT count(*) FROM ({a} EXCEPT ALL {b})").fetchall()[0][0]
        for a, b in ((imported, given), (given, imported))
    )
    return one, other
