"""The settings of single sign-on: an OpenID Connect provider that staff may sign in with, and whom it lets in."""

import re
from collections.abc import Sequence
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, SecretStr, model_validator

from qa.runtime.setting_types import Folder, described

ROLES = ("editor", "publisher", "admin")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*")


def is_safe(address: str) -> bool:
    """Return whether what is sent to an address stays secret: HTTPS, or this machine."""
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" and bool(parts.hostname) or parts.scheme == "http" and parts.hostname in LOOPBACK
    except ValueError:
        return False


def _issuer(value: str) -> str:
    if value and (not is_safe(value) or urlsplit(value).query or urlsplit(value).fragment):
        raise ValueError("write it as https://sso.example.gov.cn, exactly as the provider names itself")
    return value


def _scope(value: str) -> str:
    if not _SCOPE.fullmatch(value) or "openid" not in value.split():
        raise ValueError('write words with a space between them, "openid" among them')
    return value


def _mapping(value: str | Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    """Read "group=role,group=role"; a group may hold = itself."""
    if not isinstance(value, str):
        return tuple((group, role) for group, role in value)
    pairs = [part.strip().rpartition("=") for part in value.split(",") if part.strip()]
    if not all(group.strip() and role.strip() in ROLES for group, _, role in pairs):
        raise ValueError(f"write group=role with commas between them; the roles are {', '.join(ROLES)}")
    return tuple((group.strip(), role.strip()) for group, _, role in pairs)


Issuer = Annotated[str, BeforeValidator(_issuer)]
Scope = Annotated[str, BeforeValidator(_scope)]
RolesOfGroups = Annotated[tuple[tuple[str, str], ...], BeforeValidator(_mapping)]


class SignOnSettings(BaseModel):
    """Which provider staff may sign in with, and how its people become accounts; off without an issuer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sso_issuer: Issuer = described(
        "",
        "统一身份认证（OpenID Connect）的地址（issuer），如 `https://sso.example.gov.cn`；不设则只能用"
        "账号和密码登录，也不联网。见 [staff.md](staff.md#统一身份认证)。",
        "Issuer of an OpenID Connect provider that staff may sign in with, such as `https://sso.example.gov.cn`; "
        "unset, they sign in with passwords alone, and nothing is asked. See [staff.md](staff.md#统一身份认证).",
    )
    sso_client: str = described(
        "",
        "在统一身份认证那里登记的本站编号（client id）。",
        "Client id of this site at the provider.",
    )
    sso_secret: SecretStr = described(
        SecretStr(""),
        "登记时得到的密钥（client secret）；不会写入任何日志。没有密钥的登记（只用 PKCE）可以不设。",
        "Client secret; it appears in no log. Unset for a public client, which has PKCE alone.",
    )
    sso_label: str = described(
        "统一身份认证",
        "登录页按钮上的名称，如“浙政钉”。",
        "Name of the provider on the sign-in page's button.",
    )
    sso_scope: Scope = described(
        "openid profile email",
        "向统一身份认证要求的范围（scope），用空格分开。",
        "Scopes that are asked for, with spaces between them.",
    )
    sso_claim: str = described(
        "preferred_username",
        "哪一项信息（claim）认人：它的值要与账号上填的“统一登录名”一样。选本人自己改不了的一项，如工号；选 "
        "`email` 时，统一身份认证必须说明邮箱已核实。可以写成 `a.b` 指里层的一项。",
        "The claim that identifies somebody: its value has to be the identity that an administrator wrote at the "
        "account. Choose one that people cannot change themselves; an `email` has to be verified. `a.b` names an "
        "inner one.",
    )
    sso_role_claim: str = described(
        "",
        "哪一项信息写着本人的组，如 `groups`、`realm_access.roles`；与 `QA_SSO_ROLES` 一起设了，"
        "没有账号的人第一次登录时按组新建账号；不设则只有已有的账号能登录。",
        "The claim that holds somebody's groups, such as `groups` or `realm_access.roles`. Set together with "
        "`QA_SSO_ROLES`, those without an account get one by their group when they first sign in; unset, only existing "
        "accounts sign in.",
    )
    sso_roles: RolesOfGroups = described(
        (),
        "哪个组是什么角色：写成 `group=role`，用逗号分隔，角色为 `editor`、`publisher` 或 `admin`；几个组都有的"
        "取大的。",
        "The role of each group: `group=role` with commas between them, the roles being `editor`, `publisher` and "
        "`admin`; of several the greatest counts.",
    )
    sso_ca: Folder | None = described(
        None,
        "统一身份认证的证书由本单位自己签发时，签发者的证书文件（PEM）；不设则只信公共的签发者。",
        "File with the certificate (PEM) of an authority of one's own that issued the provider's; unset, only "
        "public authorities are trusted.",
    )

    @model_validator(mode="after")
    def _complete_sign_on(self) -> Self:
        if self.sso_issuer and not self.sso_client:
            raise ValueError("QA_SSO_ISSUER is set; set QA_SSO_CLIENT to this site's client id there")
        if bool(self.sso_role_claim) != bool(self.sso_roles):
            raise ValueError("QA_SSO_ROLE_CLAIM and QA_SSO_ROLES only work together; set both or neither")
        return self
