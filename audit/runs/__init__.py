"""A run's results in, files on the disk out, and back: the run folder, its manifest, its totals, runs over time."""
