"""Dated reference tables: codes, edits, modifiers, payers, and the importers for CMS's quarterly files."""
