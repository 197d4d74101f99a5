"""Dense and lexical search, and the fusion of both."""
