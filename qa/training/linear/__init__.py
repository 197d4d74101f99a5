"""Linear models: how sure an answer is, and which card a question needs."""
