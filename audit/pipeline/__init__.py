"""A configuration in, a finished run or a preview out: the steps of an audit, readable top to bottom."""
