"""Writes what is generated from the program.

docs/rules/, the tables in README.md, docs/intake.md and docs/configuration.md, truth-tables, claim-line.

`python docs/generate.py` writes; with `--check` it only compares, names each file that drifted and returns 1.
"""

import argparse
import sys
from pathlib import Path

import claim_line
import truth_tables

from audit import rules
from audit.intake.files.sources import PACKED_SUFFIXES
from audit.intake.formats.readers import READERS
from audit.pipeline import outputs
from audit.reference import named_payers
from audit.rules import rule_page

ROOT = Path(__file__).resolve().parent.parent
PAGES = Path("docs/rules")
README = Path("README.md")
INTAKE = Path("docs/intake.md")
CONFIGURATION = Path("docs/configuration.md")
MARKS = "<!-- {0}:begin, written by `make docs` -->", "<!-- {0}:end -->"

_INDEX = """# Rules

One page a rule, written from its SQL file by `make docs`; change the SQL, not the page. `over` puts dollars at risk,
`under` is revenue missed, `coding` and `none` carry no dollars.

"""


def _filled(page: Path, tables: dict[str, str]) -> str:
    """A page with fresh tables, each between its two markers. Raises SystemExit where a marker is missing."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for name, table in tables.items():
        first, last = (mark.format(name) for mark in MARKS)
        before, begin, rest = text.partition(first)
        _, end, after = rest.partition(last)
        if not begin or not end:
            raise SystemExit(f"{page} has lost its markers; the table of {name} goes between {first!r} and {last!r}.")
        text = f"{before}{begin}\n{table}{end}{after}"
    return text


def _formats() -> str:
    listed = [f"- {reader.title}: `{' '.join(reader.suffixes)}`\n" for reader in READERS]
    packed = " or ".join(f"`{suffix}`" for suffix in PACKED_SUFFIXES)
    return "".join([*listed, f"- one of these in {packed}\n"])


def _named_payers() -> str:
    head = "| payer | publishes that it | setting | since | until | certainty | source |\n|---|---|---|---|---|---|---|\n"
    return head + "".join(
        f"| {fact.payer} | {fact.says} | {f'`{fact.setting}`' if fact.setting else '-'} | {fact.effective_from or '-'} "
        f"| {fact.effective_to or '-'} | {fact.certainty} | {fact.source} |\n"
        for fact in named_payers.table()
    )


def wanted() -> dict[Path, str]:
    """Every generated file, as path below the checkout's root, with the text that it ought to hold."""
    catalogue = rules.load()
    files = {PAGES / f"{rule.id}.md": rule_page.page(rule).rstrip("\n") + "\n" for rule in catalogue}
    files[PAGES / "README.md"] = _INDEX + rule_page.index(catalogue, "{}.md")
    files[README] = _filled(
        README, {"outputs": outputs.as_markdown(), "rules": rule_page.index(catalogue, f"{PAGES.as_posix()}/{{}}.md")}
    )
    files[INTAKE] = _filled(INTAKE, {"formats": _formats()})
    files[CONFIGURATION] = _filled(CONFIGURATION, {"named payers": _named_payers()})
    files[truth_tables.PAGE] = truth_tables.text()
    files[claim_line.PAGE] = claim_line.text()
    return files


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def drifted() -> list[Path]:
    """Generated files that are missing, stale, or left behind by a rule that is gone."""
    files = wanted()
    stale = [path for path, text in files.items() if _text(ROOT / path) != text]
    orphans = [path.relative_to(ROOT) for path in (ROOT / PAGES).glob("*.md") if path.relative_to(ROOT) not in files]
    return sorted(stale + orphans)


def _write() -> list[Path]:
    changed, files = drifted(), wanted()
    (ROOT / PAGES).mkdir(parents=True, exist_ok=True)
    for path in changed:
        if path in files:
            (ROOT / path).write_text(files[path], encoding="utf-8", newline="\n")
        else:
            (ROOT / path).unlink()
    return changed


def main() -> int:
    """Write or, with --check, compare; the exit code is 1 only where a check found drift."""
    parser = argparse.ArgumentParser(description="Write the pages that are generated from the rules.")
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 and name what drifted")
    if not parser.parse_args().check:
        for path in _write():
            print(f"wrote {path}")
        return 0
    changed = drifted()
    for path in changed:
        print(f"{path} does not say what the rules say; run `make docs`", file=sys.stderr)
    return int(bool(changed))


if __name__ == "__main__":
    sys.exit(main())
