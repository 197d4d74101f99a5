"""Golden questions: asked, judged, and the gate that a new snapshot has to pass."""
