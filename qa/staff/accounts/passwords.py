"""Decides which passwords are good enough, and stores them as scrypt (RFC 7914) with a salt each."""

import base64
import hashlib
import re
import secrets
import unicodedata
from functools import cache
from pathlib import Path

from qa.runtime.errors import StaffRefused

# Twelve as ASVS 4.0.3 asks for (V2.1.1); whoever has a shorter one from before signs in with it.
LEAST, MOST = 12, 128
_FEWEST_DIFFERENT = 5
# Of the lists of Django 5.2 (BSD) and zxcvbn 4.5 (MIT).
_LEAKED = Path(__file__).with_name("leaked_passwords.txt")
# OWASP's minimum for 32 MB of memory; a fifth of a second on one core.
_LOG2_N, _R, _P = 15, 8, 3
_SALT, _LENGTH = 16, 32
_MEMORY = 64 * 1024 * 1024
# In the place of "scrypt": whoever it belongs to has to choose another at the next sign-in.
FIRST = "scrypt-first"
# Characters that look like no other.
_CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"

# What guessers try first, after figures and signs at both ends are removed and 0, 1, 3, @, $ read as letters.
_COMMON_WORDS = """
password passwort passwd admin administrator root user guest test login welcome letmein master secret changeme
default qwerty qwertyuiop qwer asdf asdfgh asdfghjkl zxcv zxcvbnm qazwsx qazwsxedc wsx iloveyou monkey dragon
sunshine princess football baseball superman batman hello abc abcd abcdef abcdefg abcdefgh china zhongguo beijing
shanghai chongqing zhejiang hangzhou fuling zhefu zhefuwenda woaini woaizhongguo mima guanli guanliyuan wenda
zhengfu gongzuo keyboard computer internet server office windows oracle huawei tencent alibaba qq weixin wechat
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_LOOKALIKES = str.maketrans("013457@$!", "oleastasi")
# Rows and columns of a keyboard, and ways that go to and fro between two rows.
_ROWS = (
    *("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"),
    *("1qaz2wsx3edc4rfv5tgb6yhn7ujm", "qazwsxedcrfvtgbyhnujm", "qazxswedcvfrtgbnhyujm", "1qazxsw23edcvfr45tgbnhy6"),
    *(
        "1q2w3e4r5t6y7u8i9o0p",
        "q1w2e3r4t5y6u7i8o9p0",
        "qawsedrftgyhujikolp",
        "1a2s3d4f5g6h7j8k9l",
        "a1s2d3f4g5h6j7k8l9",
    ),
    *("1z2x3c4v5b6n7m", "z1x2c3v4b5n6m7", "azsxdcfvgbhnjmk", "zaxscdvfbgnhmj"),
)
_WAYS = frozenset(piece for row in _ROWS for piece in (row * 2, row[::-1] * 2))
_SHORTEST_PIECE = 3
# What the keys of figures give with Shift: 1qaz@WSX is one way down two columns.
_UNSHIFTED = str.maketrans("!@#$%^&*()", "1234567890")


class PasswordWeak(StaffRefused):
    """The password is too short, or a guesser would soon find it."""


def check(password: str, *, name: str = "") -> None:
    """Raise `PasswordWeak`, with advice, for a password that is not good enough for the account `name`."""
    text = _normal(password)
    if not LEAST <= len(text) <= MOST:
        raise PasswordWeak(f"密码要有{LEAST}到{MOST}个字符，现在是{len(text)}个；几个不相干的词连起来最好记")
    lower = text.lower()
    if name and name.lower() in lower:
        raise PasswordWeak("密码里不能有账号名；请换一个")
    if len(set(lower)) < _FEWEST_DIFFERENT or _is_repeated(lower):
        raise PasswordWeak("密码里重复的字符太多；请换一个")
    if _is_run(lower.translate(_UNSHIFTED)):
        raise PasswordWeak("密码只是键盘或字母表上的一串；请换一个")
    if _is_common(lower) or _digest(lower) in _leaked():
        raise PasswordWeak("这是常见的密码，容易被猜到；请换一个，例如几个不相干的词连起来")


def suggestion() -> str:
    """Return a password of chance that is easily read aloud and typed."""
    return "-".join("".join(secrets.choice(_CLEAR) for _ in range(4)) for _ in range(4))


def hash_of(password: str, *, first: bool = False) -> str:
    """Return the password as it is stored; a `first` one, that another person knows, is marked as such."""
    salt = secrets.token_bytes(_SALT)
    digest = _scrypt(password, salt, _LOG2_N, _R, _P)
    return f"{FIRST if first else 'scrypt'}${_LOG2_N}${_R}${_P}${_text(salt)}${_text(digest)}"


def matches(password: str, kept: str | None) -> bool:
    """Return whether the password matches. None (no such account) takes the same work and returns False."""
    log2_n, r, p, salt, expected = _parts(kept) if kept else (_LOG2_N, _R, _P, bytes(_SALT), bytes(_LENGTH))
    found = _scrypt(password[:MOST], salt, log2_n, r, p)
    return secrets.compare_digest(found, expected) and kept is not None


def _scrypt(password: str, salt: bytes, log2_n: int, r: int, p: int) -> bytes:
    secret = _normal(password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(secret, salt=salt, n=2**log2_n, r=r, p=p, maxmem=_MEMORY, dklen=_LENGTH)


def _parts(kept: str) -> tuple[int, int, int, bytes, bytes]:
    _, log2_n, r, p, salt, digest = kept.split("$")
    return int(log2_n), int(r), int(p), base64.b64decode(salt), base64.b64decode(digest)


def _normal(password: str) -> str:
    # The same keys give full-width or composed characters on another machine (RFC 8265).
    return unicodedata.normalize("NFKC", password)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _is_repeated(text: str) -> bool:
    """Return whether a short piece is repeated: abcabcabcabc."""
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, len(text) // 3 + 1))


def _is_run(text: str) -> bool:
    """Return whether the text is nothing but pieces of keyboard rows, alphabet or digits, in either direction."""
    reached = {0}
    for end in range(_SHORTEST_PIECE, len(text) + 1):
        starts = (start for start in reached if end - start >= _SHORTEST_PIECE)
        if any(text[start:end] in way for start in starts for way in _WAYS):
            reached.add(end)
    # What is left over at the end is too short to make it better.
    return max(reached) > len(text) - _SHORTEST_PIECE


@cache
def _leaked() -> frozenset[str]:
    """Return digests of the passwords that are long enough among the 50,000 most common that leaked."""
    return frozenset(_LEAKED.read_text(encoding="ascii").split())


def _digest(text: str) -> str:
    # Not for secrecy: many of them are no words for a source.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _is_common(text: str) -> bool:
    inner = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
    for spelt in (inner, inner.translate(_LOOKALIKES)):
        words = re.findall(r"[^\W\d_]+", spelt)
        # Several common words with only figures and signs around them are still common.
        if not words or all(word in _COMMON for word in words):
            return True
    return False
