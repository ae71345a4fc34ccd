"""Who hears what, and telling them."""
