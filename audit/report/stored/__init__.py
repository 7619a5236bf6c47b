"""A run folder in, its manifest and findings as the report reads them out."""
