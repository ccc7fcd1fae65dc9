"""What can stand in the place of a value, beside a placeholder. Pure functions of the value.

Each takes a value as it is written and returns a text, or None where it cannot do its part.
"""
