"""What a run leaves in its folder: each file's name, and what it holds in the words that help, README and docs share."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Output:
    """A file of the run folder. In a `name` <npi> stands for a provider; `what` is a phrase of Markdown."""

    name: str
    what: str
