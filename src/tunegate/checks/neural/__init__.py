"""Engines that find names and the like by a model, as plug-ins with one protocol."""
