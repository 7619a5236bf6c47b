"""A run among the runs before it: what is new, known, back again, gone, and each run's figures."""
