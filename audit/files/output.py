"""What a run leaves in its folder: each file's name, and what it holds in the words that help, README and docs share."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Output:
    """A file of the run folder; `what` is a phrase of Markdown. In a `name` stand <npi> for a provider, <rule> and <page>."""

    name: str
    what: str
