"""What a run tells while it works. The command line decides how it is shown; nothing here prints."""

from typing import Protocol


class Progress(Protocol):
    """Told of a run's steps as they happen."""

    def step(self, text: str) -> None:
        """A new stage of the run begins."""

    def bytes_read(self, file: str, done: int, of: int) -> None:
        """So many bytes of a file are read."""

    def rule_done(self, rule_id: str, done: int, of: int) -> None:
        """One more rule has run."""


class Silent:
    """A Progress that tells nobody."""

    def step(self, text: str) -> None:
        """Say nothing."""

    def bytes_read(self, file: str, done: int, of: int) -> None:
        """Say nothing."""

    def rule_done(self, rule_id: str, done: int, of: int) -> None:
        """Say nothing."""
