"""Everything between a visitor and an answer: admission, limits, queues, sources, suggestions."""
