"""The nouns of the product and their rules."""
