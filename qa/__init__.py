"""Questions answered from the retrieved passages, and everything staff do with the system."""
