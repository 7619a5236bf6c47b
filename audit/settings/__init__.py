"""Flags, variables of the environment and audit.toml in, one configuration out."""
