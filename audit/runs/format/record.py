"""What every record of a stored run is: frozen, and read from a file only where the file holds its keys and no other."""

from typing import Annotated

import msgspec

Count = Annotated[int, msgspec.Meta(ge=0)]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the manifest: nothing can be changed in it, and the file may hold no other key."""
