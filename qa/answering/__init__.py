"""A question becomes a reply: screening, follow-ups, retrieval, reading, checks, wording."""
