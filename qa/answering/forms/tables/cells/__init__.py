"""The cell of a table that answers: which one it is, how a finding is moved there, and how it is told."""
