"""The verifier's training: what it is asked to judge, and how it learns."""
