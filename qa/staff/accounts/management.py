"""The actions of staff on accounts. Every change is logged; passwords never are."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from qa.staff.accounts import second_step
from qa.staff.accounts.accounts import Account, AccountRefused, Accounts
from qa.staff.accounts.passwords import PasswordWeak
from qa.staff.accounts.sessions import Sessions
from qa.staff.permissions import Area, Role, needs
from qa.storage.database import Connection, database_of, together

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSecondStep:
    """Whether it is on, or the secret that still has to be confirmed, with its address for apps.

    `left` counts the recovery codes.
    """

    on: bool
    secret: str
    address: str
    left: int


class StaffAccounts(Area):
    """Lets an administrator manage the accounts, and everyone change their own password."""

    @needs(Role.ADMIN)
    def list(self) -> list[Account]:
        """Return all accounts, by name."""
        return self._accounts.list()

    @needs(Role.ADMIN)
    def add(self, name: str, role: Role, password: str, *, first: bool = False) -> None:
        """Add an account; a `first` password has to be changed at the first sign-in, because two people know it.

        Raises `AccountRefused`, `PasswordWeak`.
        """
        with self._audit.action(self._who, "account add", target=f"{name} {role.value}"):
            self._accounts.add(name, role, password, first=first)

    @needs(Role.ADMIN)
    def set_role(self, name: str, role: Role, *, seen: str | None = None) -> None:
        """Change the role of an account; its sessions end. Raises `AccountRefused`, `Overtaken`."""
        with self._audit.action(self._who, "account role", target=f"{name} {role.value}"):
            self._accounts.set_role(name, role, seen=seen)

    @needs(Role.ADMIN)
    def set_password(self, name: str, password: str, *, first: bool = False, seen: str | None = None) -> None:
        """Change the password of an account; its sessions end. A `first` one has to be changed at the next sign-in.

        Raises `AccountRefused`, `PasswordWeak`, `Overtaken`.
        """
        with self._audit.action(self._who, "account password", target=name):
            self._accounts.set_password(name, password, first=first, seen=seen)

    @needs(Role.ADMIN)
    def set_identity(self, name: str, identity: str, *, seen: str | None = None) -> None:
        """Write whom the provider of single sign-on means by an account; its sessions end.

        Raises `AccountRefused`, `IdentityRefused`, `Overtaken`.
        """
        identity = identity.strip()
        with self._audit.action(self._who, "account identity", target=f"{name} {identity}".strip()):
            self._accounts.set_identity(name, identity, seen=seen)

    @needs(Role.ADMIN)
    def remove(self, name: str, *, seen: str | None = None) -> None:
        """Remove an account; its sessions end. Raises `AccountRefused`, `Overtaken`."""
        with self._audit.action(self._who, "account remove", target=name):
            self._accounts.remove(name, seen=seen)

    @needs(Role.ADMIN)
    def sign_out_everywhere(self, name: str) -> None:
        """End all sessions of an account. Raises `AccountRefused`."""
        with self._audit.action(self._who, "account sign out", target=name), self._sessions() as sessions:
            if self._accounts.kept(name) is None:
                raise AccountRefused(f"没有账号“{name}”；请在账号列表里核对")
            sessions.sign_out_everywhere(name)

    @needs(Role.EDITOR)
    def own_password(self, old: str, new: str) -> None:
        """Change one's own password and end one's sessions. Raises `SignInWrong`, `SignInTooOften`, `PasswordWeak`."""
        with self._audit.action(self._who, "account password", target=self._who), self._sessions() as sessions:
            sessions.prove(self._who, old, now=datetime.now(UTC))
            if new == old:  # somebody else may know it
                raise PasswordWeak("新密码不能和现在的一样；请另想一个")
            self._accounts.set_password(self._who, new)

    @needs(Role.ADMIN)
    def reset_second_step(self, name: str) -> None:
        """Turn off the second step of an account whose phone is lost; its sessions end. Raises `AccountRefused`."""
        with self._audit.action(self._who, "account two-step", target=f"reset {name}"):
            with self._database() as connection, together(connection):
                if not second_step.remove(connection, name):
                    raise AccountRefused(f"“{name}”没有开通两步登录；请在账号列表里核对")
            with self._sessions() as sessions:
                sessions.sign_out_everywhere(name)

    @needs(Role.EDITOR)
    def second_step(self) -> OwnSecondStep:
        """Return how far one's own second step is."""
        with self._database() as connection:
            secret = second_step.begun(connection, self._who)
            return OwnSecondStep(
                on=second_step.is_on(connection, self._who),
                secret=secret,
                address=second_step.address(self._who, secret) if secret else "",
                left=second_step.left(connection, self._who),
            )

    @needs(Role.EDITOR)
    def just_signed_on(self, session: str) -> bool:
        """Return whether one's session began by single sign-on just now, so that no password is asked for."""
        with self._sessions() as sessions:
            return sessions.just_signed_on(session, self._who, datetime.now(UTC))

    @needs(Role.EDITOR)
    def begin_second_step(self, password: str, *, session: str = "") -> None:
        """Make a new secret for one's app. Raises `SignInWrong`, `SignInTooOften`, `SecondStepRefused`.

        The token of a `session` that single sign-on has just begun stands for the password, here and below.
        """
        self._proved("begin", password, session, second_step.begin)

    @needs(Role.EDITOR)
    def confirm_second_step(self, code: str) -> tuple[str, ...]:
        """Turn one's second step on; return the recovery codes. Raises `CodeWrong`, `SecondStepRefused`."""
        with (
            self._audit.action(self._who, "account two-step", target=f"on {self._who}"),
            self._database() as connection,
            together(connection),
        ):
            return second_step.confirm(connection, self._who, code, now=datetime.now(UTC))

    @needs(Role.EDITOR)
    def renew_recovery_codes(self, password: str, *, session: str = "") -> tuple[str, ...]:
        """Return new recovery codes. Raises `SignInWrong`, `SignInTooOften`, `SecondStepRefused`."""
        return self._proved("new recovery codes", password, session, second_step.renew)

    @needs(Role.EDITOR)
    def end_second_step(self, password: str, *, session: str = "") -> None:
        """Turn one's second step off. Raises `SignInWrong`, `SignInTooOften`, `SecondStepRefused`."""

        def ended(connection: Connection, name: str) -> None:
            if not second_step.remove(connection, name):
                raise second_step.SecondStepRefused("还没有开通两步登录")

        self._proved("off", password, session, ended)

    def _proved(self, what: str, password: str, session: str, change: Callable[[Connection, str], T]) -> T:
        """Change one's own second step after the password was shown once more, or the provider just vouched."""
        with self._audit.action(self._who, "account two-step", target=f"{what} {self._who}"):
            now = datetime.now(UTC)
            with self._sessions() as sessions:
                if not (session and sessions.just_signed_on(session, self._who, now)):
                    sessions.prove(self._who, password, now=now)
            with self._database() as connection, together(connection):
                return change(connection, self._who)

    @property
    def _accounts(self) -> Accounts:
        return Accounts(database_of(self._settings))

    @contextmanager
    def _sessions(self) -> Iterator[Sessions]:
        with closing(Sessions(database_of(self._settings))) as sessions:
            yield sessions
