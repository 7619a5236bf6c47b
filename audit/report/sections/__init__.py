"""A stored run in, one section of the report out, as records of the view."""
