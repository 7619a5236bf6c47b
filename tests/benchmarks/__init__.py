"""Tests of benchmarks/: the generator, and the rivals that must find what the program finds."""
