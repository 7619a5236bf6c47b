"""Lines of a drafted audit.toml: comments over as many lines as they take, and strings, whatever stands in them."""

import json
from collections.abc import Iterator

_WIDTH = 118


def wrapped(text: str, indent: str = "") -> Iterator[str]:
    """A comment over as many lines as it takes."""
    line = "#"
    for word in comment(text).split(" "):
        if len(line) + 1 + len(word) > _WIDTH and line.strip("# "):
            yield line
            line = f"#{indent}"
        line = f"{line} {word}"
    yield line


def comment(text: str) -> str:
    """Text that may stand in a comment: on one line, without control characters."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def string(value: str) -> str:
    """A TOML string. JSON's escapes are TOML's, but for the delete character, which TOML wants escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
