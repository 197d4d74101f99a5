"""Programs that tests start, and the real one served."""
