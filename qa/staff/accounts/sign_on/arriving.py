"""Finds the account for what a provider says about somebody, or makes it where the settings map groups to roles."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

from qa.runtime.settings import Settings
from qa.staff.accounts.accounts import AccountRefused, Accounts
from qa.staff.accounts.sign_on import identities
from qa.staff.accounts.sign_on.errors import PASSWORD, NotKnown, NotVouched
from qa.staff.permissions import Role
from qa.storage.audit import PROGRAM, Audit
from qa.storage.database import Connection, database_of, open_database, together

# What the audit log says of accounts that are made or changed because the provider says so.
BY_PROVIDER = "按统一身份认证的组"


class Arriving:
    """Accounts for whom the provider vouches for: those with that identity, and new ones where groups are mapped."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._accounts = Accounts(database_of(settings))
        self._audit = Audit.of(settings)

    def account_of(self, claims: Mapping[str, Any]) -> str:
        """Return the name of the account. Raises `NotKnown`, `NotVouched`, `AccountRefused`."""
        name, subject = self._name(claims), claims["sub"]
        issuer = self._settings.sso_issuer
        with self._changing() as connection:
            found = identities.of_name(connection, name)
            if found and found.subject and (found.issuer, found.subject) != (issuer, subject):
                raise NotKnown(
                    f"统一身份认证里的“{name}”与以前用它登录的不是同一个人；请管理人员核对，"
                    f"再在“设置”的“账号”里重填统一登录名，{PASSWORD}",
                    "the identity has another subject than before",
                )
            if found and not found.subject:
                identities.bind(connection, found.account, issuer=issuer, subject=subject)
        if found is None:
            return self._made(name, subject, self._role(claims))
        if found.made:
            self._follow(found.account, self._role(claims))
        return found.account

    def _name(self, claims: Mapping[str, Any]) -> str:
        """Return the value of the claim that tells who somebody is."""
        claim = self._settings.sso_claim
        value = _inner(claims, claim)
        if not isinstance(value, str) or not 0 < len(value.strip()) <= identities.MOST or not value.isprintable():
            raise NotVouched(
                f"统一身份认证没有说明您是谁（缺少“{claim}”这一项）；请告诉管理人员，{PASSWORD}",
                f"no claim {claim!r}; see QA_SSO_CLAIM and QA_SSO_SCOPE",
            )
        # Providers let people write any address; only a verified one is theirs.
        if claim == "email" and claims.get("email_verified") is not True:
            raise NotVouched(
                f"统一身份认证还没有核实您的邮箱，不能用它登录；请先在那里核实邮箱，{PASSWORD}",
                "the e-mail is not verified",
            )
        return value.strip()

    def _role(self, claims: Mapping[str, Any]) -> Role | None:
        """Return the greatest role of somebody's groups; None without any, or where no groups are mapped."""
        if not self._settings.sso_role_claim:
            return None
        value = _inner(claims, self._settings.sso_role_claim)
        groups = {value} if isinstance(value, str) else {one for one in value or () if isinstance(one, str)}
        roles = {Role(role) for group, role in self._settings.sso_roles if group in groups}
        return next((role for role in reversed(Role) if role in roles), None)

    def _made(self, name: str, subject: str, role: Role | None) -> str:
        """Make the account of somebody new. Raises `NotKnown` where nobody may be let in so."""
        if role is None:
            raise NotKnown(
                f"统一身份认证里的“{name}”在本站还没有账号；请管理人员在“设置”的“账号”里，"
                f"给您的账号填上统一登录名“{name}”，{PASSWORD}",
                "no account has the identity",
            )
        account = name.partition("@")[0]
        with self._audit.action(PROGRAM, "account add", target=f"{account} {role.value}", why=BY_PROVIDER):
            try:
                self._accounts.add_without_password(account, role)
            except AccountRefused as error:
                raise NotKnown(
                    f"没有为“{name}”新建账号：{error}；请管理人员在“设置”的“账号”里处理", "the account cannot be made"
                ) from error
            with self._changing() as connection:
                identities.write(connection, account, name, made=True)
                identities.bind(connection, account, issuer=self._settings.sso_issuer, subject=subject)
        return account

    def _follow(self, account: str, role: Role | None) -> None:
        """Give an account that was made so the role that its groups have now."""
        if role is None:
            raise NotKnown(
                f"您在统一身份认证里没有可以使用本站的组了；请找管理人员，{PASSWORD}", "none of the groups has a role"
            )
        if next(one.role for one in self._accounts.list() if one.name == account) is not role:
            with self._audit.action(PROGRAM, "account role", target=f"{account} {role.value}", why=BY_PROVIDER):
                self._accounts.set_role(account, role)

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        with closing(open_database(database_of(self._settings))) as connection, together(connection):
            yield connection


def _inner(claims: Mapping[str, Any], claim: str) -> Any:
    """Return the value of a claim; `a.b` names an inner one, unless a claim is called so itself."""
    if claim in claims:
        return claims[claim]
    found: Any = claims
    for part in claim.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found
