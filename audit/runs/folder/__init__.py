"""A run's files in, a folder published whole or not at all out, and whether it is still as it was written."""
