"""Certificates for a broker that wants TLS, made by openssl for one run; keys and chains as PEM."""

import subprocess
from pathlib import Path

EXTENSIONS = """subjectAltName=IP:127.0.0.1,DNS:localhost
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
keyUsage=digitalSignature,keyEncipherment
"""
"""Of a server's or client's certificate; Python 3.13 and later want all of them that RFC 5280 asks for."""


def make_certificates(folder: Path) -> None:
    """Write ``ca.pem``, ``other-ca.pem``, and of server, client and expired ``.pem``, ``.key`` and both in one."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("ca", "other-ca"):
        _openssl(
            folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-keyout", f"{name}.key", "-out", f"{name}.pem",
        )  # fmt: skip
    for name, days in (("server", 2), ("client", 2), ("expired", -1)):
        _signed(folder, name, days)


def _signed(folder: Path, name: str, days: int) -> None:
    (folder / f"{name}.ext").write_text(EXTENSIONS)
    _openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", f"{name}.key",
             "-out", f"{name}.csr")  # fmt: skip
    _openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
             "-extfile", f"{name}.ext", "-out", f"{name}.pem", "-days", str(days))  # fmt: skip
    (folder / f"{name}.both.pem").write_text(
        (folder / f"{name}.key").read_text() + (folder / f"{name}.pem").read_text()
    )


def _openssl(folder: Path, *words: str) -> None:
    done = subprocess.run(["openssl", *words], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"openssl {words[0]} failed: {done.stderr[-300:]}")
