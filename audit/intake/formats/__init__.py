"""A plain file in, an opened export out: its headers, its first rows, and a table that DuckDB can scan."""
