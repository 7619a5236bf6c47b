"""Sources as the user named them in, plain files on the disk out, with their fingerprints."""
