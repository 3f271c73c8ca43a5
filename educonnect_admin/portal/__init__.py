"""The parents' portal: pages, one module a journey, no rule in them."""
