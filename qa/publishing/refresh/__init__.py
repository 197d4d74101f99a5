"""A refresh, step by step: reading, building, judging, deciding."""
