"""What answering a question of the queue does: a link, a record chosen, one account for two."""
