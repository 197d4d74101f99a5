"""Who signed in: the member, the session that begins, and why signing in is refused."""

from dataclasses import dataclass

from qa.runtime.errors import StaffRefused
from qa.staff.permissions import Role


class SignInWrong(StaffRefused):
    """The account does not exist or the password is wrong; the message does not say which."""

    def __init__(self) -> None:
        super().__init__("账号或密码不对；请核对后再试")


class CodeLate(StaffRefused):
    """The password was shown too long ago, or not at all; sign-in begins anew."""

    def __init__(self) -> None:
        super().__init__("时间太久了，请重新输入密码，再输入验证码")


@dataclass(frozen=True, slots=True)
class Member:
    """A signed-in member of staff and the member's role.

    `unready` members have to set up the second step of signing in, which is required of them, before anything else;
    those with a `first_password`, which somebody else set, have to choose another before that.
    """

    name: str
    role: Role
    unready: bool = False
    first_password: bool = False


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session; only the browser gets the token. `failures` counts those of the name just before.

    `known` is the cookie for the browser's next sign-in, so that strangers' guesses do not keep it out. Where `waits`,
    the token opens nothing yet: it goes with the code of the second step. `by` tells which code that was, `left` how
    many recovery codes there are.
    """

    token: str
    member: Member
    failures: int = 0
    known: str = ""
    waits: bool = False
    by: str = ""
    left: int = 0
