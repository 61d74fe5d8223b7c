"""What an authority signs, and what it refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from provisioning.authority import Authority, AuthorityError, load_key, new_key, new_request

_NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
_LATER = _NOW + timedelta(days=730)


@pytest.fixture
def authority() -> Authority:
    return Authority.create("aubagne", now=_NOW)


def test_a_certificate_is_already_valid_for_a_pi_whose_clock_shows_its_image_s_date(authority: Authority) -> None:
    certificate = authority.issue(new_request(new_key(), "aubagne-kiosk-1"), not_after=_LATER)

    first_image_of_raspberry_pi_os_12 = datetime(2023, 10, 10, tzinfo=UTC)
    assert certificate.not_valid_before_utc < first_image_of_raspberry_pi_os_12
    assert certificate.not_valid_before_utc == authority.certificate.not_valid_before_utc
    assert certificate.not_valid_after_utc == _LATER


def test_no_certificate_outlives_its_authority(authority: Authority) -> None:
    certificate = authority.issue(new_request(new_key(), "aubagne-kiosk-1"), not_after=_NOW + timedelta(days=36_500))

    assert certificate.not_valid_after_utc == authority.certificate.not_valid_after_utc


def test_a_request_s_wishes_beyond_name_and_key_are_not_granted(authority: Authority) -> None:
    key = new_key()
    subject = [(NameOID.COMMON_NAME, "aubagne-kiosk-1"), (NameOID.ORGANIZATION_NAME, "Somebody")]
    request = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(x509.Name([x509.NameAttribute(oid, value) for oid, value in subject]))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )

    certificate = authority.issue(request, not_after=_LATER)

    assert certificate.subject.rfc4514_string() == "CN=aubagne-kiosk-1"
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purposes) == [ExtendedKeyUsageOID.CLIENT_AUTH]


@pytest.mark.parametrize("name", ["#", "a/b", "+", "Kiosk", "kiosk 1", "k" * 33, "kiosk\nuser agent"])
def test_a_name_that_could_be_read_as_part_of_a_topic_or_a_list_is_refused(authority: Authority, name: str) -> None:
    with pytest.raises(AuthorityError, match="it must name one id"):
        authority.issue(new_request(new_key(), name), not_after=_LATER)


def test_a_request_of_another_kind_of_key_is_refused(authority: Authority) -> None:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "aubagne-kiosk-1")])
    key = rsa.generate_private_key(65537, 2048)
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())

    with pytest.raises(AuthorityError, match="P-256"):
        authority.issue(request, not_after=_LATER)


def test_a_request_that_was_altered_is_refused(authority: Authority) -> None:
    request = new_request(new_key(), "aubagne-kiosk-1")
    altered = request.public_bytes(serialization.Encoding.DER).replace(b"aubagne-kiosk-1", b"aubagne-kiosk-2")

    with pytest.raises(AuthorityError, match="not signed"):
        authority.issue(x509.load_der_x509_csr(altered), not_after=_LATER)


def test_an_authority_knows_its_own_from_one_of_the_same_name(authority: Authority) -> None:
    request = new_request(new_key(), "aubagne-kiosk-1")

    assert authority.has_issued(authority.issue(request, not_after=_LATER))
    assert not authority.has_issued(Authority.create("aubagne", now=_NOW).issue(request, not_after=_LATER))


def test_an_authority_is_the_same_when_opened_again(tmp_path: Path) -> None:
    first = Authority.open(tmp_path, "aubagne", now=_NOW)

    assert Authority.open(tmp_path, "aubagne", now=_LATER).certificate == first.certificate


def test_a_key_and_a_certificate_of_two_authorities_are_refused(tmp_path: Path, authority: Authority) -> None:
    authority.save(tmp_path)
    (tmp_path / "ca.crt").write_bytes(Authority.create("aubagne", now=_NOW).certificate_pem)

    with pytest.raises(AuthorityError, match="do not belong together; restore both from one copy"):
        Authority.load(tmp_path)


def test_an_authority_without_its_certificate_is_not_replaced_by_a_new_one(
    tmp_path: Path, authority: Authority
) -> None:
    authority.save(tmp_path)
    (tmp_path / "ca.crt").unlink()

    with pytest.raises(AuthorityError, match="restore it from a copy"):
        Authority.open(tmp_path, "aubagne", now=_NOW)


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_broken_key_is_refused_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "device.key"
    file.write_bytes(content)

    with pytest.raises(AuthorityError, match=r"device\.key: no private key can be read; remove the file"):
        load_key(file)
