"""What the terminal shows of a run while it works: bars for a person, a line a stage for cron and logs."""

import sys
from types import TracebackType
from typing import Any, Self

_MEGABYTE = 1024 * 1024


class LineProgress:
    """Progress as plain lines on stderr, for cron and logs: one line a stage."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        pass

    def step(self, text: str) -> None:
        """Print the stage that begins."""
        if not self._quiet:
            print(text, file=sys.stderr, flush=True)

    def bytes_read(self, file: str, done: int, of: int) -> None:
        """Say nothing: a log wants stages, not percentages."""

    def rule_done(self, rule_id: str, done: int, of: int) -> None:
        """Say nothing."""


class BarProgress:
    """Progress as bars on a terminal."""

    def __init__(self, quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=quiet,
        )
        self._tasks: dict[str, Any] = {}
        self._stage: Any = None

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bars.stop()

    def step(self, text: str) -> None:
        """Begin a bar for the stage; the one before is finished."""
        if self._stage is not None:
            self._bars.update(self._stage, total=1, completed=1)
        self._stage = self._bars.add_task(text, total=None)

    def bytes_read(self, file: str, done: int, of: int) -> None:
        """Move the file's own bar."""
        if file not in self._tasks:
            self._tasks[file] = self._bars.add_task(f"  {file} ({of / _MEGABYTE:.1f} MB)", total=of)
        self._bars.update(self._tasks[file], completed=done)

    def rule_done(self, rule_id: str, done: int, of: int) -> None:
        """Move the bar of the rules."""
        self._bars.update(self._stage, total=of, completed=done, description=f"Running rules: {rule_id}")


def progress(quiet: bool) -> LineProgress | BarProgress:
    """Bars on a terminal, lines elsewhere; nothing where `quiet` is wanted."""
    return BarProgress(quiet) if sys.stderr.isatty() else LineProgress(quiet)
