"""The one place that knows where queries, report templates and reference tables lie.

In a checkout `queries/` and `reports/` stand beside the package; in an installed wheel they stand inside it.
"""

from pathlib import Path

from audit.errors import AuditError

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    for candidate in (_PACKAGE / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise AuditError(
        f"The folder {name!r} that belongs to claims-audit is missing from this installation.",
        "Install claims-audit again.",
    )


def queries() -> Path:
    """Folder of the SQL files: macros/, staging/, rules/, findings/, summary/."""
    return _folder("queries")


def reports() -> Path:
    """Folder of the Jinja templates and the stylesheet."""
    return _folder("reports")


def reference_data() -> Path:
    """Folder of the shipped reference tables, one CSV each."""
    return _PACKAGE / "reference" / "data"
