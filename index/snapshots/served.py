"""Which snapshot is served: the published one, or else the newest good one that was published once."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import TypeVar

from index.snapshots.errors import NoSnapshot, SnapshotMissing, StoreUnreachable
from index.snapshots.manifest import Manifest
from index.snapshots.snapshot import Snapshot, SnapshotDamaged, SnapshotForeign
from index.snapshots.stored import StoredSnapshots

logger = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The snapshot to serve; `alarm` says why it is not the published one, or may not be; empty if it is."""

    snapshot: Snapshot
    alarm: str = ""


def load_served(store: StoredSnapshots, *, model: str) -> Loaded:
    """Return the published snapshot, or else the newest good one that was published once, with an alarm.

    A snapshot that the golden questions refused is never served. Raises `NoSnapshot`.
    """
    return _first_good(store, lambda name, alarm: Loaded(store.load(name, model=model), alarm))


def load_at_hand(store: StoredSnapshots, *, model: str, away: StoreUnreachable) -> Loaded:
    """Return what `load_served` would of the snapshots on this machine, with an alarm: the others are `away`.

    Raises `away` if none of them is good.
    """
    try:
        found = _first_good(store, lambda name, _: Loaded(store.load(name, model=model)), among=store.at_hand())
    except NoSnapshot:
        raise away from None
    return replace(found, alarm=f"{away}；先由本机的{found.snapshot.name}回答")


def served_manifest(store: StoredSnapshots, *, model: str) -> tuple[Manifest, str]:
    """Return the manifest of what `load_served` would load, and the alarm; no index is read.

    Raises `NoSnapshot`.
    """

    def check(name: str, alarm: str) -> tuple[Manifest, str]:
        store.checked(name).check_recipe(model)
        return store.manifest(name), alarm

    return _first_good(store, check)


def _first_good(store: StoredSnapshots, use: Callable[[str, str], T], *, among: Collection[str] | None = None) -> T:
    try:
        published, alarm = store.published(), ""
    except SnapshotDamaged as error:
        published, alarm = None, str(error)
    # Those before the published one come first, because later ones were rolled back.
    every = store.coordination.once_published()
    once = sorted(every, key=lambda name: (name > (published or name), -int(name[-6:])))
    once = [name for name in once if name != published]
    if published is None and once:
        alarm = alarm or "CURRENT缺失；请用 python -m qa publish 重新发布一个版本"
    unfit: tuple[type[Exception], ...] = (SnapshotMissing, SnapshotDamaged, SnapshotForeign)
    if among is not None:
        once, published = [name for name in once if name in among], published if published in among else None
        unfit = (*unfit, StoreUnreachable)  # a copy that is damaged cannot be fetched again
    for name in [published, *once] if published else once:
        try:
            return use(name, alarm)
        except unfit as error:
            logger.error("%s", error)
            alarm = alarm or str(error)
    raise NoSnapshot(alarm or "还没有发布过索引；请运行 python -m qa refresh")
