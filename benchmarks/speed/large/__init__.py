"""What a hundred thousand and a million passages cost a server."""
