"""Checks an ID token: the provider's own signature, meant for us, for this very sign-in, and still valid."""

from collections.abc import Mapping
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from qa.staff.accounts.sign_on.errors import broken

# Signatures with the provider's private key. "none" proves nothing, and with HMAC whoever checks could also sign.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
# Seconds that two clocks may differ.
LEEWAY = 60
MOST_SUBJECT = 255


class KeyUnknown(Exception):
    """The token names a key that the provider did not have when it was last asked."""


def claims_of(token: Mapping[str, Any], keys: KeySet, *, issuer: str, client: str, nonce: str) -> dict[str, Any]:
    """Return the claims of the ID token in a provider's answer (OpenID Connect Core 1.0, 3.1.3.7).

    Raises `KeyUnknown`, and `NotVouched` where anything does not hold.
    """
    encoded = token.get("id_token")
    if not isinstance(encoded, str):
        raise broken("the answer has no ID token")
    try:
        read = jwt.decode(encoded, keys, algorithms=list(ALGORITHMS))
        wanted = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client}}
        own = {"nonce": nonce, "client_id": client, "access_token": token.get("access_token")}
        CodeIDToken(read.claims, read.header, wanted, own).validate(leeway=LEEWAY)
    except InvalidKeyIdError as error:
        raise KeyUnknown from error
    except JoseError as error:
        raise broken(f"the ID token does not hold: {error.error} {error.description}") from error
    except (ValueError, TypeError) as error:
        raise broken(f"the ID token cannot be read: {type(error).__name__}") from error
    subject = read.claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= MOST_SUBJECT:
        raise broken("the ID token names nobody")
    return dict(read.claims)
