"""What a store refuses. `StoreError` is the root; `SnapshotDamaged` and `SnapshotForeign` name the fault of one."""


class StoreError(Exception):
    """The store cannot do what was asked."""


class StoreBusy(StoreError):
    """Another process is writing to the store."""


class SnapshotMissing(StoreError):
    """There is no snapshot of that name."""


class NoSnapshot(StoreError):
    """No snapshot is published, or none of those on disk can be served."""


class PublishedMeanwhile(StoreError):
    """Somebody else published since the decision; nothing was published now."""


class StoreUnreachable(StoreError):
    """What the servers agree on, or the objects that they share, cannot be reached just now."""
