"""Finding people: what was typed, how near a name is to it, who fits best."""
