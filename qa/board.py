"""设置: what is changed while the service runs; each change is logged, and running servers see it within seconds."""

from dataclasses import dataclass

from qa import switches
from qa.roles import Area, Overtaken, Role, StaffRefused, needs
from qa.switches import NOTICE, PAUSE

MOST_TEXT = 200
LABELS = {
    NOTICE: "通知栏（显示在市民页面上方，空着就不显示）",
    PAUSE: "暂停服务的原因（写了就暂停，市民会读到它；清空就恢复）",
}


class SettingRefused(StaffRefused):
    """There is no such setting, or it cannot hold this."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A setting as it is now, and who changed it last and when; empty where nobody did."""

    name: str
    label: str
    value: str
    changed_at: str


class Board(Area):
    """The settings that take effect without a restart."""

    @needs(Role.EDITOR)
    def list(self) -> list[Shown]:
        """All of them."""
        with self._database() as connection:
            rows = {row["name"]: row for row in connection.execute("SELECT name, value, changed_at FROM switches")}
        return [
            Shown(name, label, *((rows[name]["value"], rows[name]["changed_at"]) if name in rows else ("", "")))
            for name, label in LABELS.items()
        ]

    @needs(Role.ADMIN)
    def change(self, name: str, value: str, *, seen: str | None = None) -> Shown:
        """Give a setting another value; `seen` is the one that was looked at. Raises `Overtaken`, `SettingRefused`."""
        value = value.strip()
        if name not in LABELS:
            raise SettingRefused(f"没有“{name}”这项设置")
        if len(value) > MOST_TEXT:
            raise SettingRefused(f"最多{MOST_TEXT}个字，现在是{len(value)}个")
        with self._audit.action(self._who, "setting", target=name, why=value), self._database() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                now = dict(connection.execute("SELECT name, value FROM switches").fetchall()).get(name, "")
                if seen is not None and now != seen:
                    raise Overtaken(f"这项设置已被别人改成“{now}”，您的改动没有保存；请看过再改")
                switches.write(connection, name, value)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        return next(shown for shown in self.list() if shown.name == name)
