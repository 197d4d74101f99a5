"""The actions of staff on accounts. Every change is logged; passwords never are."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

from qa.staff.accounts.accounts import Account, Accounts
from qa.staff.accounts.sessions import Sessions
from qa.staff.permissions import Area, Role, needs
from qa.storage.database import DATABASE


class StaffAccounts(Area):
    """Lets an administrator manage the accounts, and everyone change their own password."""

    @needs(Role.ADMIN)
    def list(self) -> list[Account]:
        """Return all accounts, by name."""
        return self._accounts.list()

    @needs(Role.ADMIN)
    def add(self, name: str, role: Role, password: str) -> None:
        """Add an account. Raises `AccountRefused`, `PasswordWeak`."""
        with self._audit.action(self._who, "account add", target=f"{name} {role.value}"):
            self._accounts.add(name, role, password)

    @needs(Role.ADMIN)
    def set_role(self, name: str, role: Role) -> None:
        """Change the role of an account; its sessions end. Raises `AccountRefused`."""
        with self._audit.action(self._who, "account role", target=f"{name} {role.value}"):
            self._accounts.set_role(name, role)

    @needs(Role.ADMIN)
    def set_password(self, name: str, password: str) -> None:
        """Change the password of an account; its sessions end. Raises `AccountRefused`, `PasswordWeak`."""
        with self._audit.action(self._who, "account password", target=name):
            self._accounts.set_password(name, password)

    @needs(Role.ADMIN)
    def remove(self, name: str) -> None:
        """Remove an account; its sessions end. Raises `AccountRefused`."""
        with self._audit.action(self._who, "account remove", target=name):
            self._accounts.remove(name)

    @needs(Role.ADMIN)
    def sign_out_everywhere(self, name: str) -> None:
        """End all sessions of an account."""
        with self._audit.action(self._who, "account sign out", target=name), self._sessions() as sessions:
            sessions.sign_out_everywhere(name)

    @needs(Role.EDITOR)
    def own_password(self, old: str, new: str) -> None:
        """Change one's own password and end one's sessions. Raises `SignInWrong`, `SignInTooOften`, `PasswordWeak`."""
        with self._audit.action(self._who, "account password", target=self._who), self._sessions() as sessions:
            sessions.prove(self._who, old, now=datetime.now(UTC))
            self._accounts.set_password(self._who, new)

    @property
    def _accounts(self) -> Accounts:
        return Accounts(self._settings.home / DATABASE)

    @contextmanager
    def _sessions(self) -> Iterator[Sessions]:
        with closing(Sessions(self._settings.home / DATABASE)) as sessions:
            yield sessions
