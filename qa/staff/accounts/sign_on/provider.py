"""The OpenID Connect provider: where it sends people, and who it says that somebody is (OpenID Connect Core 1.0)."""

import json
import logging
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, import_key

from qa.runtime.setting_groups.sign_on import is_safe
from qa.runtime.settings import Settings
from qa.staff.accounts.sign_on.errors import ProviderDown, SignOnRefused, broken
from qa.staff.accounts.sign_on.id_token import KeyUnknown, claims_of
from qa.staff.accounts.sign_on.ways import Way

logger = logging.getLogger(__name__)

T = TypeVar("T")
# Seconds. Whoever signs in waits for it, and a thread.
PATIENCE = 6.0
# Seconds that what the provider says about itself counts as true, and between two looks for a new key.
LASTING, BETWEEN_LOOKS = 3600.0, 30.0
# Bytes. A certificate chain in a set of keys takes some kilobytes.
MOST_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class _Known:
    """What the provider says about itself, its keys, and when that was asked."""

    metadata: Mapping[str, Any]
    keys: KeySet
    at: float


class Provider:
    """The provider that the settings name; safe for threads. It is asked nothing before somebody wants to sign in."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._known: _Known | None = None
        self._lock = threading.Lock()

    def address(self, way: Way) -> str:
        """Return the address at the provider where somebody signs in. Raises `ProviderDown`."""
        endpoint = self._endpoint("authorization_endpoint")
        with self._client(way.back) as client:
            address, _ = client.create_authorization_url(
                endpoint, state=way.state, nonce=way.nonce, code_verifier=way.verifier
            )
        return str(address)

    def claims(self, code: str, way: Way) -> dict[str, Any]:
        """Return what the provider proves about the one whom it sent back with `code`.

        Raises `ProviderDown`, and `NotVouched` where the proof does not hold.
        """
        token = self._asked(lambda: self._exchanged(code, way))
        try:
            claims = self._proved(token, way)
        except KeyUnknown:
            self._look_again()
            try:
                claims = self._proved(token, way)
            except KeyUnknown as error:
                raise broken("the ID token is signed with a key that the provider does not have") from error
        return {**self._more(token, claims), **claims}

    def way_out(self, back: str) -> str:
        """Return the address at the provider where one signs out there, too; empty if it has none or is down."""
        try:
            endpoint = self._about().metadata.get("end_session_endpoint")
        except SignOnRefused as error:
            logger.warning("Single sign-on: %s", error.why)
            return ""
        if not isinstance(endpoint, str) or not is_safe(endpoint):
            return ""
        query = urlencode({"client_id": self._settings.sso_client, "post_logout_redirect_uri": back})
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{query}"

    def _exchanged(self, code: str, way: Way) -> Mapping[str, Any]:
        with self._client(way.back) as client:
            return dict(
                client.fetch_token(
                    self._endpoint("token_endpoint"),
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=way.verifier,
                )
            )

    def _proved(self, token: Mapping[str, Any], way: Way) -> dict[str, Any]:
        return claims_of(
            token,
            self._about().keys,
            issuer=self._settings.sso_issuer,
            client=self._settings.sso_client,
            nonce=way.nonce,
        )

    def _more(self, token: Mapping[str, Any], claims: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the provider tells only when asked once more; many put little into the token itself."""
        endpoint, wanted = self._about().metadata.get("userinfo_endpoint"), self._wanted()
        if not endpoint or all(one in claims for one in wanted):
            return {}

        def told() -> Mapping[str, Any]:
            with self._http() as http:
                headers = {"Authorization": f"Bearer {token.get('access_token', '')}"}
                return _object(http.get(self._endpoint("userinfo_endpoint"), headers=headers))

        more = dict(self._asked(told))
        # Section 5.3.2: otherwise another's token could have been put in its place.
        if more.get("sub") != claims["sub"]:
            raise broken("the user info is somebody else's")
        return more

    def _wanted(self) -> list[str]:
        chosen = [self._settings.sso_claim, self._settings.sso_role_claim]
        verified = ["email_verified"] if self._settings.sso_claim == "email" else []
        return [one.partition(".")[0] for one in chosen if one] + verified

    def _about(self) -> _Known:
        """Return what the provider says about itself, asked at most once an hour. Raises `ProviderDown`."""
        with self._lock:
            if self._known is None or self._clock() - self._known.at >= LASTING:
                self._known = self._asked(self._discovered)
            return self._known

    def _look_again(self) -> None:
        """Ask for the keys once more: the provider may have a new one. Anybody can send an unknown key's name."""
        with self._lock:
            if self._known and self._clock() - self._known.at >= BETWEEN_LOOKS:
                self._known = self._asked(self._discovered)

    def _discovered(self) -> _Known:
        issuer = self._settings.sso_issuer
        with self._http() as http:
            metadata = _object(http.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration"))
            if metadata.get("issuer") != issuer:
                own = str(metadata.get("issuer"))[:200]
                raise ProviderDown(f"QA_SSO_ISSUER is {issuer!r}, but the provider calls itself {own!r}")
            keys = _object(http.get(_safe(metadata, "jwks_uri")))
        return _Known(metadata, _readable(keys), self._clock())

    def _endpoint(self, name: str) -> str:
        return _safe(self._about().metadata, name)

    def _asked(self, asking: Callable[[], T]) -> T:
        """Return what the provider answers; whatever else comes is a `SignOnRefused`."""
        try:
            return asking()
        except SignOnRefused:
            raise
        except httpx2.HTTPError as error:
            raise ProviderDown(f"the provider cannot be reached: {type(error).__name__}: {error}") from error
        except AuthlibBaseError as error:  # it refused the code: used, expired, or another's
            raise broken(f"the provider refused the code: {error.error}") from error
        except (ValueError, TypeError, KeyError) as error:
            raise ProviderDown(f"the provider's answer cannot be read: {type(error).__name__}") from error

    def _client(self, back: str) -> OAuth2Client:
        chosen = self._settings
        return OAuth2Client(
            chosen.sso_client,
            chosen.sso_secret.get_secret_value() or None,
            scope=chosen.sso_scope,
            redirect_uri=back,
            code_challenge_method="S256",
            token_endpoint_auth_method=self._client_authentication(),
            **self._network(),
        )

    def _client_authentication(self) -> str:
        if not self._settings.sso_secret.get_secret_value():
            return "none"
        with suppress(SignOnRefused):
            offered = self._about().metadata.get("token_endpoint_auth_methods_supported")
            # Without the list a provider takes the first of these (Discovery 1.0, 3).
            if isinstance(offered, list) and "client_secret_basic" not in offered and "client_secret_post" in offered:
                return "client_secret_post"
        return "client_secret_basic"

    def _http(self) -> httpx2.Client:
        return httpx2.Client(**self._network())

    def _network(self) -> dict[str, Any]:
        """Return how the provider is called: no redirects, no proxies of the environment, its certificate checked."""
        authority = self._settings.sso_ca
        verify = ssl.create_default_context(cafile=str(authority)) if authority else True
        return {"timeout": PATIENCE, "follow_redirects": False, "trust_env": False, "verify": verify}


def _object(response: httpx2.Response) -> Mapping[str, Any]:
    """Return the JSON object that came. Raises `HTTPError`, `ValueError`."""
    response.raise_for_status()
    if response.is_redirect or len(response.content) > MOST_BYTES:
        raise ValueError("not a document of a provider")
    found = json.loads(response.content)
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _readable(keys: Mapping[str, Any]) -> KeySet:
    """Return the keys for signatures, but for kinds that are not read here. Raises `ValueError` if none is left."""
    found = []
    for one in keys["keys"]:
        with suppress(JoseError, ValueError, TypeError, KeyError):
            if one.get("use", "sig") == "sig":
                found.append(import_key(one))
    if not found:
        raise ValueError("no keys")
    return KeySet(found)


def _safe(metadata: Mapping[str, Any], name: str) -> str:
    """Return an address of the provider's. Raises `ProviderDown` where what is sent there could be read by others."""
    address = metadata.get(name)
    if not isinstance(address, str) or not is_safe(address):
        raise ProviderDown(f"the provider's {name} is no address with HTTPS")
    return address
