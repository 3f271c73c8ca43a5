"""Which records may be one person's though no rule says so: candidates, evidence, score (R-7)."""
