"""A scanned table and its mapping in, typed contract rows and rejected rows out."""
