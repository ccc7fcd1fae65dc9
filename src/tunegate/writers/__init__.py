"""Write conversations in the shape of a target."""
