"""What is kept beside the runs and only ever added to: attempts, seals, decisions, suppressions; and the review read from it."""
