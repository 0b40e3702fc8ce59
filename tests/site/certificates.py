"""Certificates of an authority that only these tests know: good ones, and each kind of bad one."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


class Authority:
    """Signs; ``file`` is what a client that trusts it names in ``SSL_CERT_FILE``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named("Authority of the tests")
        self.file = folder / "authority.pem"
        own = _certificate(self._name, self._name, self._key, self._key, authority=True)
        self.file.write_bytes(own.public_bytes(Encoding.PEM))

    def context(self, name: str, *, days: int = 1, self_signed: bool = False) -> ssl.SSLContext:
        """A server's context with a certificate for a name; ``days`` below 0: it has run out."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _named(name)
        issuer, signer = (subject, key) if self_signed else (self._name, self._key)
        made = _certificate(subject, issuer, key, signer, days=days)
        path = self._folder / f"{name}-{days}-{self_signed}.pem"
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(secret + made.public_bytes(Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


def by_name(contexts: dict[str, ssl.SSLContext]) -> ssl.SSLContext:
    """One context that shows each name its own certificate."""
    front = next(iter(contexts.values()))

    def choose(socket: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        socket.context = contexts.get(name or "", front)

    front.sni_callback = choose
    return front


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    *,
    days: int = 1,
    authority: bool = False,
) -> x509.Certificate:
    now = datetime.now(UTC)
    name = str(subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 9 * DAY)
        .not_valid_after(now + days * DAY)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if not authority:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False
        )
    return builder.sign(signer, hashes.SHA256())
