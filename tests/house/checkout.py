"""Where the checkout lies, and which of its files are the project's own."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_NOT_OURS = {
    ".git", ".venv", ".hypothesis", ".import_linter_cache", ".mypy_cache", ".pytest_cache", ".ruff_cache", "__pycache__",
    "build", "dist", "out",
}  # fmt: skip
_TEXT = {
    "", ".cfg", ".css", ".csv", ".html", ".j2", ".js", ".json", ".md", ".py", ".sh", ".sql", ".svg", ".toml", ".txt", ".yaml",
}  # fmt: skip


def files() -> Iterator[Path]:
    """Every file of the tree that a commit could hold."""
    pending = [ROOT]
    while pending:
        for path in pending.pop().iterdir():
            if path.name in _NOT_OURS or path.is_symlink():
                continue
            if path.is_dir():
                pending.append(path)
            else:
                yield path


def text_files() -> Iterator[tuple[Path, str]]:
    """Every text file of the tree, as path below the root and contents."""
    for path in files():
        if path.suffix in _TEXT:
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8", errors="replace")
