"""The snapshots as staff see them: listed, and published by decisions of their own."""
