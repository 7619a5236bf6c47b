"""claims-audit: a batch auditor for exported therapy billing data."""

__version__ = "0.1.0"
