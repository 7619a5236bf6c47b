"""index.html over all runs of a folder, or of the folders of several jobs: what is there, and what failed."""

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa

from audit.errors import AuditError, InputError
from audit.files.door import write_text
from audit.machine.troubles import pass_on
from audit.report.outputs.page import render_index
from audit.report.outputs.run_index import Group, Row, group
from audit.runs.ledgers import attempts, losses
from audit.runs.timeline import digest, history
from audit.runs.timeline.history import PastRun

NAME = "index.html"


def write(out: Path, jobs: Sequence[tuple[str, Path]]) -> Path | None:
    """Write the page into the folder of runs; `jobs` are names and folders, none where the folder holds the runs itself."""
    if not out.is_dir():
        return None
    if (out / NAME).is_dir():
        raise AuditError(f"{out / NAME} is a folder.", "Move it away; the next run writes the page.")
    groups = [_group(name, folder, out) for name, folder in (jobs or [("", out)])]
    return write_text(out / NAME, render_index(groups))


def _group(name: str, folder: Path, out: Path) -> Group:
    past = history.look(folder)
    rows, unread = [], [*past.unread, *losses.told(folder), *attempts.damage(folder)]
    aside = history.kept(folder)
    for run in past.runs:
        earlier = history.kept_beside(run, aside)
        try:
            beside = tuple((_link(one, out), one.label, one.created_at.date()) for one in earlier)
            rows.append(Row(digest.digest(run.folder), _link(run, out), beside))
        except (InputError, OSError, pa.ArrowException) as error:
            pass_on(error)
            unread.append(f"{run.label} cannot be read.")
    failed = attempts.failed_since(folder, [run.label for run in past.runs])
    return group(name, rows, unread, [(one.at, one.period or "", one.code, one.said) for one in failed])


def _link(run: PastRun, out: Path) -> str:
    """Where a run's report lies as seen from the page."""
    return quote(os.path.relpath(run.folder / "report.html", out).replace(os.sep, "/"))
