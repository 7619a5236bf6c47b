"""`python -m audit` is the command `claims-audit`."""

from audit.cli.front_door import main

main()
