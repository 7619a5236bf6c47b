"""Delimited text in; its dialect, its records and a table of them out."""
