"""Refusals of single sign-on; each message is a sentence in Chinese for whoever wants to sign in.

SignOnRefused
├── ProviderDown   the provider does not answer, or not as it should
├── WayLost        the browser did not set out from here, took too long, or comes a second time
├── NotVouched     the provider did not vouch for anybody, or its proof does not hold
└── NotKnown       the provider vouches for somebody, who has no account here
"""

from qa.runtime.errors import StaffRefused

PASSWORD = "也可以用账号和密码登录"


class SignOnRefused(StaffRefused):
    """Nobody was signed in; `why` says it once more for the server's log, without anything about a person."""

    def __init__(self, sentence: str, why: str = "") -> None:
        super().__init__(sentence)
        self.why = why or type(self).__name__


class ProviderDown(SignOnRefused):
    """The provider cannot be reached, or does not answer as a provider does."""

    def __init__(self, why: str) -> None:
        super().__init__(f"统一身份认证现在连不上；请过一会儿再试，{PASSWORD}。一直这样，请告诉管理人员", why)


class WayLost(SignOnRefused):
    """No browser set out from here with this state: never, too long ago, or it has come back already."""

    def __init__(self) -> None:
        super().__init__(f"这次登录没有接上：等得太久，或者不是从本页开始的；请在下面重新点一次，{PASSWORD}")


class NotVouched(SignOnRefused):
    """The provider did not vouch for anybody, or what it sent does not hold."""


class NotKnown(SignOnRefused):
    """Somebody is vouched for whom no account stands for."""


def declined(error: str) -> NotVouched:
    """Return the refusal for an error that the provider sent the browser back with."""
    if error == "access_denied":
        return NotVouched(f"没有登录：在统一身份认证那里取消了，或者没有得到准许；可以再试，{PASSWORD}", error)
    sentence = f"统一身份认证没有让您登录；请再试一次，仍不行请告诉管理人员，{PASSWORD}"
    return NotVouched(sentence, f"the provider says {error[:100]!r}")


def broken(why: str) -> NotVouched:
    """Return the refusal for a proof that does not hold."""
    return NotVouched(f"统一身份认证送来的凭据核对不上，没有登录；请再试一次，仍不行请告诉管理人员，{PASSWORD}", why)
