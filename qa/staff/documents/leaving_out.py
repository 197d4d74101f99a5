"""先不发布 and 放回发布: files that a publication leaves out until they are mended."""

from collections.abc import Sequence
from datetime import UTC, datetime

from qa.publishing import left_out
from qa.publishing.left_out import LeftOut
from qa.publishing.published import record_of
from qa.publishing.serving import store_of
from qa.runtime.errors import Overtaken, ReasonMissing
from qa.staff.documents.folder import DocumentFolder, DocumentMissing
from qa.staff.documents.listing import and_what_holds
from qa.staff.permissions import Role, needs, reason


class DocumentsLeftOut(DocumentFolder):
    """The files left out of what is published, as one member of staff may decide on them."""

    @needs(Role.PUBLISHER)
    def leave_out(self, names: Sequence[str], *, why: str, built: str = "") -> tuple[str, ...]:
        """Leave files out of what is published until they have another content; return their names.

        Of a file within an archive the archive is left out. Citizens keep what is published of them now. With `built`
        they are left out as that snapshot holds them. Raises `DocumentMissing`, `ReasonMissing`, or `Overtaken` where
        one was changed since it was built.
        """
        why = reason(why)
        if not why:
            raise ReasonMissing("先不发布文件要写明原因，会记入审计")
        with self._audit.action(self._who, "leave out", target="、".join(names), why=why), self._folder() as folder:
            found, record = self._scan(), self._record()
            known = {**dict.fromkeys(record.sources if record else (), ""), **{f.name: f.sha256 for f in found.files}}
            files = [next((one for one in and_what_holds(name) if one in known), "") for name in names]
            if "" in files:
                raise DocumentMissing(f"没有{names[files.index('')]}；请刷新页面")
            judged = record_of(store_of(self._settings), built) if built else None
            for name in files:
                if judged and judged.sources.get(name, ("", 0))[0] != known[name]:
                    raise Overtaken(f"{name}在这次检查以后又改过；请先再发布一次，看改过的还拦不拦")
            at = datetime.now(UTC).isoformat(timespec="seconds")
            stand = left_out.standing(left_out.read(self._settings.home), found)
            stand |= {name: LeftOut(name, known[name], at, self._who, why) for name in files}
            left_out.keep(self._settings.home, list(stand.values()), folder.put)
            return tuple(dict.fromkeys(files))

    @needs(Role.EDITOR)
    def changed_again(self, built: str) -> tuple[str, ...]:
        """Return the files that a snapshot publishes, changes or removes, and that are others since it was built."""
        judged, record = record_of(store_of(self._settings), built), self._record()
        if judged is None:
            return ()
        was, then = ({name: one[0] for name, one in of.sources.items()} if of else {} for of in (record, judged))
        now = {file.name: file.sha256 for file in self._scan().files}
        moved = (name for name in was | then if was.get(name) != then.get(name) != now.get(name))
        return tuple(sorted(moved))

    @needs(Role.PUBLISHER)
    def put_back(self, name: str) -> None:
        """Publish a file again that was left out. Raises `DocumentMissing`."""
        with self._audit.action(self._who, "put back", target=name), self._folder() as folder:
            left = left_out.read(self._settings.home)
            if name not in {one.name for one in left}:
                raise DocumentMissing(f"{name}没有被放下；请刷新页面")
            left_out.keep(self._settings.home, [one for one in left if one.name != name], folder.put)
