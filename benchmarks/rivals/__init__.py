"""The core rules by hand in other libraries: what an analyst would write in an afternoon, and how fast that is.

Each takes an export of `benchmarks.chain` and writes Parquet: rule_id, line (the row's place in the file, from 0; of a visit
its first) and amount (dollars at risk of a finding about a line, none of one about a visit). `agree.py` asks whether they
find what the program finds.
"""
