"""Content in, files out: the one door for writing. Whole or not at all, its owner's alone, on the disk, and inert."""
