"""What holds for the project as a whole: layers, documentation, lock file, quality, the network."""
