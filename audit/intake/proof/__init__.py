"""Stored rows in, the proof that they tie out: totals, footers, claim totals, oddities, the gate."""
