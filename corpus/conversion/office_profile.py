"""LibreOffice's settings for converting files of strangers: no macros, no links followed, no recalculation."""

from pathlib import Path

_COMMON, _WRITER, _CALC = (f"/org.openoffice.Office.{name}" for name in ("Common", "Writer", "Calc"))
# Names from `officecfg/registry/schema` in LibreOffice's source.
_SETTINGS = (
    (f"{_COMMON}/Security/Scripting", "MacroSecurityLevel", "3"),
    (f"{_COMMON}/Security/Scripting", "DisableMacrosExecution", "true"),
    (f"{_COMMON}/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    (f"{_COMMON}/Security/Scripting", "DisableActiveContent", "true"),
    (f"{_COMMON}/Misc", "UseLocking", "false"),
    (f"{_WRITER}/Content/Update", "Link", "2"),
    (f"{_CALC}/Content/Update", "Link", "1"),
    (f"{_CALC}/Formula/Load", "ODFRecalcMode", "1"),
    (f"{_CALC}/Formula/Load", "OOXMLRecalcMode", "1"),
)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n'
_ITEM = '<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>\n'


def write_profile(folder: Path) -> None:
    """Write a new profile that has only these settings."""
    (folder / "user").mkdir(parents=True)
    items = "".join(_ITEM.format(path=path, name=name, value=value) for path, name, value in _SETTINGS)
    (folder / "user" / "registrymodifications.xcu").write_text(f"{_HEAD}{items}</oor:items>\n", encoding="utf-8")
