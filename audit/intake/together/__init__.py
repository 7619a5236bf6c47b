"""Small text files of one layout in, their rows read in one pass out; a file that is in any way unusual is to be read alone."""
