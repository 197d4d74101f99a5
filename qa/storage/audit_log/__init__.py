"""The audit log's parts: the chain of its rows, how it ends, and the two places where it may lie."""
