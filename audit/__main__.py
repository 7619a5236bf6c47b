"""`python -m audit` is the command `claims-audit`."""

from audit.cli import main

main()
