"""The tests to run while working: those of what changed first, then the short ones, for a minute at most.

    make quick        or        .venv/bin/python -m tests.quick [SECONDS]

What changed is told by git: against main, and what is not committed. Of the rules' cases those of changed rules run whole,
of every other rule the first. Tests that the time does not reach are skipped and counted: `make test` runs all.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.checkout import ROOT

_SECONDS = "38"  # of tests; starting and collecting takes the rest of the minute, also on two busy cores
# Rooms whose tests take milliseconds, in the order in which they are worth it.
_SHORT = ("files", "runs", "engine", "cli", "docs", "report", "staging", "columns")
_CASES = "tests/rules/test_cases.py"
# Whole runs and browsers: of these, too, what changed is run, but last.
_LONG = ("tests/end_to_end/", "tests/browser/", "tests/intake/test_damage", "tests/intake/test_tables", "tests/house/test_wheel")


def changed() -> list[str]:
    """Files that differ from main or are not committed, as paths below the checkout."""
    base = _git("merge-base", "HEAD", "main").strip() or "HEAD"
    if base == _git("rev-parse", "HEAD").strip():
        base = "HEAD"
    names = _git("diff", "--name-only", base) + _git("ls-files", "--others", "--exclude-standard")
    return sorted({name for name in names.splitlines() if (ROOT / name).is_file()})


def targets(files: list[str]) -> list[str]:
    """Test files and folders for pytest, those of the changed files first."""
    wanted = [name for name in files if re.fullmatch(r"tests/.*/test_\w+\.py", name)]
    for name in files:
        parts = Path(name).parts
        if parts[0] == "audit" and len(parts) > 2:
            wanted += [f"tests/{room}" for room in reversed(parts[1:-1])]
        elif parts[:2] in (("queries", "staging"), ("queries", "macros")):
            wanted += ["tests/staging"]
    wanted += [_CASES, *(f"tests/{room}" for room in _SHORT)]
    found = [target for target in dict.fromkeys(wanted) if (ROOT / target).exists()]
    return sorted(found, key=lambda target: target.startswith(_LONG))


def rule_ids(files: list[str]) -> list[str]:
    """Ids of rules whose SQL or cases changed."""
    found = (re.match(r"(?:queries/rules/\w+/|tests/rules/)([A-Z]+\d+)[_.]", name) for name in files)
    return sorted({match[1] for match in found if match})


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout


def main() -> int:
    """Run them; pytest's exit code."""
    files = changed()
    seconds = sys.argv[1] if len(sys.argv) > 1 else _SECONDS
    options = [
        "-n",
        "auto",
        "--dist",
        "load",
        "-q",
        "-r",
        "fE",
        f"--seconds={seconds}",
        f"--cases-of={','.join(rule_ids(files))}",
    ]
    return int(pytest.main([*options, *targets(files)]))


if __name__ == "__main__":
    sys.exit(main())
