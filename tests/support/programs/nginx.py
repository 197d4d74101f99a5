"""An nginx with the shipped configuration, for the tests: before servers of theirs, on ports of theirs."""

import os
import shutil
import signal
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from qa.runtime.settings import ROOT

HOST = "wenda.example.gov.cn"
NGINX = os.environ.get("NGINX_PROGRAM") or shutil.which("nginx") or shutil.which("/usr/sbin/nginx") or ""
MAIN = """
user root; worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/wenda.conf;
}}
"""


def trusting() -> ssl.SSLContext:
    """Return what accepts the certificate that `configure` makes."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def configure(folder: Path, ports: tuple[int, int], servers: list[str]) -> None:
    """Write the shipped files with this test's ports and places, and a certificate signed by itself."""
    shipped = ROOT / "deploy" / "nginx"
    upstream = (shipped / "upstream-systemd.conf").read_text(encoding="utf-8")
    for number, address in enumerate(servers):
        upstream = upstream.replace(f"127.0.0.1:786{number}", address.removeprefix("http://"))
    (folder / "wenda-upstream.conf").write_text(upstream, encoding="utf-8")
    text = (shipped / "wenda.conf").read_text(encoding="utf-8")
    for shipped_words, ours in [
        ("listen 80;", f"listen 127.0.0.1:{ports[1]};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{ports[0]} ssl;"),
        ("    listen [::]:80;\n", ""),
        ("    listen [::]:443 ssl;\n", ""),
        ("/etc/nginx/", f"{folder}/"),
        ("/etc/wenda/", f"{folder}/"),
        ("/var/cache/nginx/wenda ", f"{folder}/cache "),
        ("/var/log/nginx/", f"{folder}/"),
    ]:
        assert shipped_words in text
        text = text.replace(shipped_words, ours)
    (folder / "wenda.conf").write_text(text, encoding="utf-8")
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder), encoding="utf-8")
    tls = folder / "tls"
    tls.mkdir()
    key = ["-keyout", str(tls / "privkey.pem"), "-out", str(tls / "fullchain.pem")]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"]
    subprocess.run(["openssl", "req", "-x509", *kind, *key], check=True, capture_output=True)


class Nginx:
    """One that is started and killed."""

    def __init__(self, folder: Path, port: int) -> None:
        self._command = [NGINX, "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return when it answers. Its configuration is checked first."""
        checked = subprocess.run([*self._command, "-t"], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        # A session of its own, so that its workers end with it.
        self._process = subprocess.Popen(self._command, start_new_session=True)
        deadline = time.monotonic() + 20
        while True:
            try:
                httpx2.get(f"http://127.0.0.1:{self._port}/", timeout=5)
                return
            except httpx2.TransportError:
                assert self._process.poll() is None and time.monotonic() < deadline
                time.sleep(0.1)

    def stop(self, how: int = signal.SIGTERM) -> None:
        """End it, and its workers."""
        if self._process and self._process.poll() is None:
            os.killpg(self._process.pid, how)
            self._process.wait(20)


@contextmanager
def running(folder: Path, port: int) -> Iterator[Nginx]:
    """Run one during the block, by the files that `configure` wrote."""
    nginx = Nginx(folder, port)
    try:
        nginx.start()
        yield nginx
    finally:
        nginx.stop()
