"""Conclusions that lead a reply: yes or no, what is computed, and how sure either has to be."""
