"""Certificate authorities: one per broker, so that what a centre trusts opens nothing outside it.

Certificates name a device or a site by their common name and nothing else; what a signing request asks for beyond its
name and key is not copied. Keys are P-256: one handshake costs a broker under 2 ms.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from provisioning.files import write, write_secret

__all__ = ["Authority", "AuthorityError", "key_pem", "load_key", "new_key", "new_request"]

_NOT_BEFORE = datetime(2023, 1, 1, tzinfo=UTC)
"""Older than any image of Raspberry Pi OS 12 (2023-10): a Pi has no clock of its own, starts at its image's date, and
must be able to connect before a time server has answered."""

_LIFE = timedelta(days=20 * 365)
"""Longer than any device lives: a new authority means a new certificate for every one of them."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


class AuthorityError(Exception):
    """A key or certificate that cannot be read, or a request that is not to be signed."""


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The private key in the form that OpenSSL reads, not encrypted: a device starts without a hand."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def load_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Read a private key.

    Raises:
        AuthorityError: the file is absent, or is no P-256 key.
    """
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise AuthorityError(f"{path}: no private key can be read; remove the file to have a new one made") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise AuthorityError(f"{path}: not a P-256 key; remove the file to have a new one made")
    return key


def new_request(key: ec.EllipticCurvePrivateKey, name: str) -> x509.CertificateSigningRequest:
    """What a device sends to be given a certificate; the key itself never leaves it."""
    return x509.CertificateSigningRequestBuilder().subject_name(_named(name)).sign(key, hashes.SHA256())


class Authority:
    """The root of trust of one broker and of all that connect to it."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        self._key = key
        self.certificate = certificate

    @classmethod
    def create(cls, name: str, *, now: datetime) -> Authority:
        key = new_key()
        certificate = (
            _builder(name, name, key.public_key(), not_after=now + _LIFE)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        return cls(key, certificate)

    @classmethod
    def load(cls, folder: Path) -> Authority:
        """Read `ca.key` and `ca.crt`.

        Raises:
            AuthorityError: one of them is absent or broken, or they do not belong together.
        """
        key = load_key(folder / "ca.key")
        try:
            certificate = x509.load_pem_x509_certificate((folder / "ca.crt").read_bytes())
        except (OSError, ValueError) as error:
            raise AuthorityError(f"{folder / 'ca.crt'}: no certificate can be read; restore it from a copy") from error
        if certificate.public_key() != key.public_key():
            raise AuthorityError(f"{folder}: ca.key and ca.crt do not belong together; restore both from one copy")
        return cls(key, certificate)

    @classmethod
    def open(cls, folder: Path, name: str, *, now: datetime) -> Authority:
        """The authority kept in a folder; a new one where there is none."""
        if (folder / "ca.key").exists():
            return cls.load(folder)
        authority = cls.create(name, now=now)
        authority.save(folder)
        return authority

    def save(self, folder: Path) -> None:
        """Leave `ca.key` and `ca.crt` in the folder."""
        write(folder / "ca.crt", self.certificate_pem)
        write_secret(folder / "ca.key", key_pem(self._key))

    @property
    def certificate_pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def issue(self, request: x509.CertificateSigningRequest, *, not_after: datetime) -> x509.Certificate:
        """A certificate that may connect to this authority's broker under the name it asks for.

        Raises:
            AuthorityError: the request is not signed by its own key, or its name is not an id.
        """
        return self._sign(request, not_after, ExtendedKeyUsageOID.CLIENT_AUTH, ())

    def issue_server(
        self, request: x509.CertificateSigningRequest, *, hosts: Sequence[str], not_after: datetime
    ) -> x509.Certificate:
        """A certificate for the broker itself, reached under these host names and addresses.

        Raises:
            AuthorityError: as `issue`.
        """
        return self._sign(request, not_after, ExtendedKeyUsageOID.SERVER_AUTH, hosts)

    def has_issued(self, certificate: x509.Certificate) -> bool:
        """Whether this authority signed the certificate, and not another one of the same name."""
        try:
            certificate.verify_directly_issued_by(self.certificate)
        except (ValueError, TypeError, InvalidSignature):
            return False
        return True

    def _sign(
        self,
        request: x509.CertificateSigningRequest,
        not_after: datetime,
        purpose: x509.ObjectIdentifier,
        hosts: Sequence[str],
    ) -> x509.Certificate:
        key = request.public_key()
        if not request.is_signature_valid or not isinstance(key, ec.EllipticCurvePublicKey):
            raise AuthorityError("the request is not signed by the P-256 key it shows; have the device make a new one")
        names = [str(part.value) for part in request.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
        if len(names) != 1 or not _NAME.fullmatch(names[0]):
            raise AuthorityError(f"the request names {names}; it must name one id of a-z, 0-9 and '-', 32 at most")
        own = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        issuer = str(self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
        builder = (
            _builder(names[0], issuer, key, not_after=min(not_after, self.certificate.not_valid_after_utc))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), critical=False)
        )
        if hosts:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([_general_name(host) for host in hosts]), critical=False
            )
        return builder.sign(self._key, hashes.SHA256())


def _builder(
    subject: str, issuer: str, key: ec.EllipticCurvePublicKey, *, not_after: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_named(subject))
        .issuer_name(_named(issuer))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_NOT_BEFORE)
        .not_valid_after(not_after)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
