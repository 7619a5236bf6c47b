"""What is known of an export's columns beforehand: what the user says, and the folders in which a file lies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from audit.intake.columns.names import Names, known, with_given


@dataclass(frozen=True, slots=True)
class Given:
    """What holds for every file of a run.

    `columns` maps contract column to the header that fills it, and wins over every guess; `constants` gives a contract
    column one value on every row; `names` are the names that headers are known by. `folders` are those of the file in hand.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    names: Names = field(default_factory=known)
    folders: Sequence[str] = ()

    def with_columns(self, more: Mapping[str, str]) -> "Given":
        """The same, with further headers named."""
        return replace(self, columns={**self.columns, **more})

    def within(self, folders: Sequence[str]) -> "Given":
        """The same, for a file that lies in these folders."""
        return replace(self, folders=folders)


def given(
    columns: Mapping[str, str] = {}, constants: Mapping[str, str] = {}, header_names: Mapping[str, Sequence[str]] = {}
) -> Given:
    """From audit.toml's tables. ConfigError where a name is given to two columns."""
    return Given(columns, constants, with_given(header_names))


NOTHING = Given()
