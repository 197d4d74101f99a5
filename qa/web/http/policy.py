"""What the site consists of, for the guard: the addresses that exist, host names, and the headers of every response."""

from collections.abc import Collection, Mapping, Sequence

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
WILDCARDS = frozenset({"", "0.0.0.0", "::", "[::]"})

# Gradio's page calls this address for a question; `is_page_call` checks what it carries.
PAGE_CALL = "/gradio_api/run/predict"
PATHS: Mapping[str, frozenset[str]] = {
    "GET": frozenset(
        {
            *("/", "/theme.css", "/favicon.ico", "/robots.txt", "/manifest.json", "/pwa_icon"),
            *("/healthz", "/readyz", "/docs", "/openapi.json"),
            *("/api/page", "/source", "/file", "/widget.js", "/ask", "/topics", "/about"),
        }
    ),
    "POST": frozenset(
        {"/ask", "/api/ask", "/api/feedback", "/api/forget", "/api/share", "/api/write", "/mcp", PAGE_CALL}
    ),
}
LASTING = ("/assets/", "/static/", "/pages/")
FOLDERS: Mapping[str, tuple[str, ...]] = {"GET": (*LASTING, "/a/")}
# The one file that other sites' pages may load.
WIDGET = "/widget.js"
# Paths below it have a second guard behind this one (qa/web/staff/guard.py).
STAFF = "/staff"
# The documentation as a site, where the settings name its folder.
DOCS_SITE = "/docs-site"
# Figures for Prometheus; only the addresses that the settings name may read them.
METRICS = "/metrics"

# Bytes: file systems refuse names over 255, and Gradio fails on such a path.
MAX_PATH = 200

# Scripts and styles are files of ours; for pages of Gradio see `allowing`.
CONTENT_POLICY = "Content-Security-Policy"
_SCRIPTS, _STYLES = "script-src 'self'", "style-src 'self'"
SECURITY_HEADERS = {
    CONTENT_POLICY: (
        f"default-src 'none'; {_SCRIPTS}; {_STYLES}; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'self'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# With "no-referrer", browsers would send the forms of staff with the origin "null".
STAFF_HEADERS = {**SECURITY_HEADERS, "Referrer-Policy": "same-origin"}
# Gradio's file names contain a hash of the content, and `/pages/` addresses contain a version.
FOREVER = "public, max-age=31536000, immutable"


def allowed_hosts(host: str, further: Collection[str] = ()) -> frozenset[str]:
    """Return the host names that visitors may use: loopback, the served address if not a wildcard, and `further`."""
    own = set() if host in WILDCARDS else {f"[{host}]" if ":" in host and host[0] != "[" else host.lower()}
    return LOOPBACK | own | frozenset(further)


def safe_headers(sites: Sequence[str] = ()) -> dict[str, str]:
    """Return security headers for every response.

    Pages of `sites` may embed the chat in a frame; without `sites`, no page may.
    """
    if not sites:
        return SECURITY_HEADERS
    policy = SECURITY_HEADERS[CONTENT_POLICY]
    framed = policy.replace("frame-ancestors 'none'", f"frame-ancestors 'self' {' '.join(sites)}")
    headers = {**SECURITY_HEADERS, CONTENT_POLICY: framed}
    # This header knows no list of sites, and old browsers would let it override the policy.
    del headers["X-Frame-Options"]
    return headers


def allowing(policy: str, scripts: str) -> str:
    """Return a content policy for a page that others make: its inline `scripts`, by their hashes, and its styles.

    Gradio and the documentation's site set styles on elements, which no hash can name.
    """
    allowed = policy.replace(_SCRIPTS, f"{_SCRIPTS} {scripts}".rstrip())
    return allowed.replace(_STYLES, f"{_STYLES} 'unsafe-inline'")


def below_staff(path: str) -> bool:
    """Return whether a path belongs to the staff area."""
    return path == STAFF or path.startswith(f"{STAFF}/")


def is_public(method: str, path: str, *, docs_site: bool = False) -> bool:
    """Return whether an address outside of the staff area exists; those of the documentation do with `docs_site`."""
    if len(path.encode("utf-8", "surrogatepass")) > MAX_PATH:
        return False
    folders = FOLDERS.get(method, ())
    if docs_site and method == "GET":
        folders = (*folders, f"{DOCS_SITE}/")
    return path in PATHS.get(method, ()) or (path.startswith(folders) and ".." not in path)
