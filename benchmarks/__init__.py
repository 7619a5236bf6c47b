"""Measures an audit against the least that reading its export can cost."""
