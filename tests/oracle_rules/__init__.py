"""A second reading of the rules in plain Python, made from their written meaning alone, to hold the SQL against.

Claim lines of a contract-named CSV and the payers of an audit.toml come in; findings with their lines and cents come out.
Nothing here reads the SQL or imports from `audit`: where both readings differ, one of them is wrong.
`python -m tests.oracle_rules --lines 20000 --seed 1` writes random exports, runs the program on them and prints what differs.
"""
