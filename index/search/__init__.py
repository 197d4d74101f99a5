"""Dense and lexical search, and how both are merged."""
