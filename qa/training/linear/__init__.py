"""Linear models: how sure an answer is, its form, and which card a question needs."""
