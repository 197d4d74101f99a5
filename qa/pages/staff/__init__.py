"""The staff area at `/staff`: a skin over `qa.console`, for whoever has signed in."""
