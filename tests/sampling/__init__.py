"""Samples: the generator, the estimators, and the two verbs."""
