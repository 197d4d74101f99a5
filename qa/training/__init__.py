"""Training of embedder, reader and confidence from files of questions."""
