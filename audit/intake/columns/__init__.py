"""Headers and sample values in, the mapping out: which column of the export fills which of the contract."""
