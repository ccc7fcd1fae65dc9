"""Help desks, a module or a few each."""
