"""Engines hold a run's rows and run the SQL over them. DuckDB, embedded, is the default."""
