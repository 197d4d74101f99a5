"""Makes passages searchable: embedding, dense and lexical indexes, snapshots and retrieval."""
