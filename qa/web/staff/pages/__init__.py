"""The pages of the staff area that are made on the server, over the same console as the others."""
