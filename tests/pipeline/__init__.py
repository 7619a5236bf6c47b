"""The run as a whole, without the command line."""
