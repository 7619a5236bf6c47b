"""Words typed by a user in, exit codes out: one module a verb. Only this room prints or exits."""

from audit.cli.front_door import main

__all__ = ["main"]
