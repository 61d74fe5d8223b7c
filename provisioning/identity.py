"""A machine's identity in its folder: a key made once and kept for ever, a certificate renewed at half its life."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from provisioning.authority import Authority, key_pem, load_key, new_key, new_request
from provisioning.files import write, write_secret

__all__ = ["LAN_LIFE", "UPLINK_LIFE", "Registrar"]

LAN_LIFE = timedelta(days=730)
"""A centre may be without a technician, and without the network, for long."""

UPLINK_LIFE = timedelta(days=365)
"""A site's connection to the network is the one that strangers can reach."""


@dataclass(frozen=True, kw_only=True)
class Registrar:
    """Gives identities in the name of one authority."""

    authority: Authority
    now: datetime
    life: timedelta

    def equip(self, folder: Path, *, name: str, stem: str = "device", ca: str = "ca.crt") -> None:
        """Leave `{stem}.key`, `{stem}.crt` and the authority's certificate in the folder of whom connects as `name`.

        Raises:
            AuthorityError: a key already there cannot be read, or the name is not an id.
        """
        self._equip(folder, name, stem, ())
        write(folder / ca, self.authority.certificate_pem)

    def equip_broker(self, folder: Path, *, hosts: Sequence[str]) -> None:
        """Leave `server.key`, `server.crt` and `ca.crt` in the folder of a broker reached under these hosts.

        Raises:
            AuthorityError: a key already there cannot be read.
        """
        self._equip(folder, "broker", "server", hosts)
        write(folder / "ca.crt", self.authority.certificate_pem)

    def _equip(self, folder: Path, name: str, stem: str, hosts: Sequence[str]) -> None:
        key_file, certificate_file = folder / f"{stem}.key", folder / f"{stem}.crt"
        key = load_key(key_file) if key_file.exists() else new_key()
        write_secret(key_file, key_pem(key))
        if self._is_current(certificate_file, key, name, hosts):
            return
        request = new_request(key, name)
        not_after = self.now + self.life
        certificate = (
            self.authority.issue_server(request, hosts=hosts, not_after=not_after)
            if hosts
            else self.authority.issue(request, not_after=not_after)
        )
        write(certificate_file, certificate.public_bytes(serialization.Encoding.PEM))

    def _is_current(self, file: Path, key: ec.EllipticCurvePrivateKey, name: str, hosts: Sequence[str]) -> bool:
        try:
            certificate = x509.load_pem_x509_certificate(file.read_bytes())
        except (OSError, ValueError):
            return False
        return (
            self.authority.has_issued(certificate)
            and certificate.public_key() == key.public_key()
            and certificate.subject.rfc4514_string() == f"CN={name}"
            and _hosts(certificate) == set(hosts)
            and certificate.not_valid_after_utc - self.now > self.life / 2
        )


def _hosts(certificate: x509.Certificate) -> set[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return set()
    return {str(name.value) for name in names}
