"""Who is at work: the program and the DuckDB of a machine. Machines that differ in either would not give one answer."""

import hashlib
from functools import cache
from pathlib import Path

import duckdb

import audit
from audit import assets


@cache
def identity() -> dict[str, str]:
    """The program's version, what its code and SQL hash to, and DuckDB's version."""
    package = Path(audit.__file__).parent
    files = [("audit", package, "*.py"), ("queries", assets.queries(), "*.sql"), ("data", assets.reference_data(), "*.csv")]
    told = hashlib.sha256()
    for room, folder, pattern in files:
        for path in sorted(folder.rglob(pattern)):
            told.update(f"{room}/{path.relative_to(folder).as_posix()}\n".encode())
            told.update(hashlib.sha256(path.read_bytes()).digest())
    return {"claims-audit": audit.__version__, "code": told.hexdigest()[:12], "duckdb": duckdb.__version__}
