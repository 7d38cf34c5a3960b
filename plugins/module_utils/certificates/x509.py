# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Issues, reads and checks X.509 certificates. Every controller has the library cryptography, because ansible-core needs it."""

from __future__ import annotations

import datetime
import ipaddress
from typing import TYPE_CHECKING, Any, Iterable, NamedTuple

from ..errors import Missing

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import (
        CertificateIssuerPrivateKeyTypes,
        CertificatePublicKeyTypes,
    )

try:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
except ImportError as error:
    IMPORT_ERROR: Any = error
else:
    IMPORT_ERROR = None

# The clock of a host may be behind the controller's.
_EARLIER = datetime.timedelta(days=1)
_USAGES = "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign crl_sign encipher_only decipher_only"


class Identity(NamedTuple):
    """A certificate and its private key."""

    certificate: Any
    key: Any

    @property
    def expires(self) -> datetime.datetime:
        """When it expires, in UTC."""
        aware = getattr(self.certificate, "not_valid_after_utc", None)
        return aware or self.certificate.not_valid_after.replace(tzinfo=datetime.timezone.utc)

    def certificate_text(self) -> str:
        """As PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")

    def key_text(self) -> str:
        """As PEM, unencrypted, as dockerd reads it."""
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return self.key.private_bytes(*form).decode("ascii")


def require() -> None:
    """Raise Missing unless certificates can be issued here."""
    if IMPORT_ERROR is not None:
        raise Missing(
            f"The Python package cryptography is missing: {IMPORT_ERROR}",
            "Run the task on the controller with its own Python (delegate_to: localhost, ansible_python_interpreter: '{{ ansible_playbook_python }}')",
        )


def read(certificate: str | None, key: str | None) -> Identity | None:
    """The identity in two PEM texts; None if the key does not belong to the certificate."""
    try:
        found = Identity(
            x509.load_pem_x509_certificate((certificate or "").encode("utf-8")),
            serialization.load_pem_private_key((key or "").encode("utf-8"), None),
        )
    except (ValueError, TypeError):
        return None
    # Before version 40 the library compares key objects by identity.
    return found if _numbers(found.certificate.public_key()) == _numbers(found.key.public_key()) else None


def _numbers(key: CertificatePublicKeyTypes) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def is_certificate_of(certificate: str, ca: Identity | None) -> bool:
    """Whether a PEM text is a certificate of this CA, the current one or one from before a renewal. False for anything else."""
    try:
        found = x509.load_pem_x509_certificate(certificate.encode("utf-8"))
    except ValueError:
        return False
    return ca is not None and _numbers(found.public_key()) == _numbers(ca.key.public_key())


def make_ca(days: int, old: Identity | None = None) -> Identity:
    """A CA certificate. With the key of the ``old`` one, certificates that the old one signed stay valid."""
    key = old.key if old else ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Docker Engine CA")])
    builder = _begin(name, name, key, key, days).add_extension(
        x509.BasicConstraints(ca=True, path_length=0), critical=True
    )
    return Identity(
        builder.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True).sign(key, _digest(key)), key
    )


def issue(ca: Identity, common_name: str, names: Iterable[str], for_server: bool, days: int) -> Identity:
    """A certificate for a daemon with these ``names`` and addresses, or for a client."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64])])
    purpose = ExtendedKeyUsageOID.SERVER_AUTH if for_server else ExtendedKeyUsageOID.CLIENT_AUTH
    builder = (
        _begin(subject, ca.certificate.subject, key, ca.key, days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
    return Identity(builder.sign(ca.key, _digest(ca.key)), key)


def why_renew(found: Identity | None, ca: Identity | None, names: Iterable[str], days: int) -> str:
    """Why a certificate must be issued; empty if the one found is kept. It is renewed when less than a third of ``days`` is left."""
    if found is None:
        return "there is none"
    if found.expires - datetime.datetime.now(datetime.timezone.utc) < datetime.timedelta(days=days) / 3:
        return f"the old one expires on {found.expires.date()}"
    if ca and not _signed_by(found.certificate, ca):
        return "the old one was signed by another CA"
    desired = {str(_general(name).value) for name in names}
    if desired != set(names_of(found)):
        return f"the old one is for other names ({', '.join(names_of(found))})"
    return ""


def names_of(found: Identity) -> list[str]:
    """Names and addresses in a certificate."""
    try:
        extension = found.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return []
    return [str(general.value) for general in extension.value]


def _begin(
    subject: x509.Name,
    issuer: x509.Name,
    key: CertificateIssuerPrivateKeyTypes,
    signer: CertificateIssuerPrivateKeyTypes,
    days: int,
) -> Any:
    now = datetime.datetime.now(datetime.timezone.utc)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )


def _usage(*wanted: str) -> Any:
    return x509.KeyUsage(**{name: name in wanted for name in _USAGES.split()})


def _general(name: str) -> Any:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name.lower())


def _signed_by(certificate: x509.Certificate, ca: Identity) -> bool:
    """Whether the CA, which users may have made with another kind of key than ours, signed a certificate."""
    key, digest = ca.key.public_key(), certificate.signature_hash_algorithm
    if (_digest(ca.key) is None) != (digest is None):
        return False
    try:
        if digest is None:
            key.verify(certificate.signature, certificate.tbs_certificate_bytes)
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(certificate.signature, certificate.tbs_certificate_bytes, padding.PKCS1v15(), digest)
        else:
            key.verify(certificate.signature, certificate.tbs_certificate_bytes, ec.ECDSA(digest))
    except InvalidSignature:
        return False
    return True


def _digest(key: CertificateIssuerPrivateKeyTypes) -> hashes.SHA256 | None:
    """What a key signs: the digest of the data, or with an Edwards curve the data itself."""
    return None if isinstance(key, (ed25519.Ed25519PrivateKey, ed448.Ed448PrivateKey)) else hashes.SHA256()
