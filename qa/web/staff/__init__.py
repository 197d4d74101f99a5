"""The staff area at `/staff`: a skin over `qa.staff.console`, for whoever has signed in."""
