"""Formats of training data, a module each."""
