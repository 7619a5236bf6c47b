"""Signals that ask the program to stop: noted as they come, raised where that is safe, and lost nowhere.

A signal raises KeyboardInterrupt, but what is running then may turn it into an error of its own (DuckDB does: a
RuntimeError inside a query, an InvalidInputException inside a function) or drop it. So the note decides and not the
exception: whoever goes on after an error asks `check` first, and the command line asks `was_asked`.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")  # the last is none of Windows


@dataclass
class _State:
    """`held` counts the blocks that must not be broken off; `raised` and `over` say that no signal raises any more."""

    asked: bool = False
    raised: bool = False
    over: bool = False
    held: int = 0


_state = _State()
# Those that `done` has set to be ignored.
_silenced: list[int] = []


def listen() -> None:
    """Note signals from here on. One that the caller's shell has set to be ignored stays ignored."""
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _note)


def was_asked() -> bool:
    """Whether the program was asked to stop before it was done."""
    return _state.asked


def check() -> None:
    """Raise KeyboardInterrupt if the program was asked to stop."""
    if _state.asked:
        _state.raised = True
        raise KeyboardInterrupt


@contextmanager
def held() -> Iterator[None]:
    """A block that no signal breaks off; one that came meanwhile is raised at its end."""
    _state.held += 1
    try:
        yield
    finally:
        _state.held -= 1
    if not _state.held and not _state.raised:
        check()


def done() -> None:
    """From here on the work counts as done: a signal that comes now, or while Python ends, changes nothing."""
    _state.over = True
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        # Python would put a handler of its own back to the default as it ends; "ignored" it leaves.
        if number is not None and signal.getsignal(number) is _note:
            signal.signal(number, signal.SIG_IGN)
            _silenced.append(number)


def go_on() -> None:
    """More work begins after some that was done: signals are heard again."""
    _state.over = False
    for number in _silenced:
        signal.signal(number, _note)
    _silenced.clear()


def _note(signum: int, frame: FrameType | None) -> None:
    if _state.over:
        return
    _state.asked = True
    # Once raised, a second one would only break off the cleaning up.
    if not _state.held and not _state.raised:
        _state.raised = True
        raise KeyboardInterrupt
