"""Pages of the staff area that are made on the server, one file each."""
