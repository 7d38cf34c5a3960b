# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates as values: made, read, and judged. The library cryptography is on every controller, because ansible-core needs it."""

from __future__ import annotations

import datetime
import ipaddress
from typing import Any, Iterable, List, NamedTuple, Optional

from ..errors import Missing

try:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
except ImportError as error:
    IMPORT_ERROR: Any = error
else:
    IMPORT_ERROR = None

# Clocks of hosts may be behind the controller's.
_EARLIER = datetime.timedelta(days=1)
_USAGES = "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign crl_sign encipher_only decipher_only"


class Identity(NamedTuple):
    """A certificate and its private key."""

    certificate: Any
    key: Any

    @property
    def ends(self) -> datetime.datetime:
        """The end of its validity, in UTC."""
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
    """Raise Missing unless certificates can be made here."""
    if IMPORT_ERROR is not None:
        raise Missing(
            "The Python package cryptography is missing: %s" % IMPORT_ERROR,
            "Run the task on the controller with its own Python (delegate_to: localhost, ansible_python_interpreter: '{{ ansible_playbook_python }}')",
        )


def read(certificate: Optional[str], key: Optional[str]) -> Optional[Identity]:
    """The identity in two PEM texts; None where they are no pair."""
    try:
        found = Identity(
            x509.load_pem_x509_certificate((certificate or "").encode("utf-8")), serialization.load_pem_private_key((key or "").encode("utf-8"), None)
        )
    except (ValueError, TypeError):
        return None
    # Before version 40 the library compares keys by identity.
    return found if _numbers(found.certificate.public_key()) == _numbers(found.key.public_key()) else None


def _numbers(key: Any) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def is_certificate_of(certificate: str, authority: Optional[Identity]) -> bool:
    """Whether a PEM text is a certificate of this authority, of now or from before it was renewed. A text that is none is nobody's."""
    try:
        found = x509.load_pem_x509_certificate(certificate.encode("utf-8"))
    except ValueError:
        return False
    return authority is not None and _numbers(found.public_key()) == _numbers(authority.key.public_key())


def make_authority(days: int, old: Optional[Identity] = None) -> Identity:
    """A certificate that signs others. With the key of the ``old`` one, what that has signed stays good."""
    key = old.key if old else ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Docker Engine authority")])
    builder = _begin(name, name, key, key, days).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return Identity(builder.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True).sign(key, hashes.SHA256()), key)


def issue(authority: Identity, common_name: str, names: Iterable[str], for_server: bool, days: int) -> Identity:
    """A certificate for a daemon, by its ``names`` and addresses, or for a client."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64])])
    purpose = ExtendedKeyUsageOID.SERVER_AUTH if for_server else ExtendedKeyUsageOID.CLIENT_AUTH
    builder = (
        _begin(subject, authority.certificate.subject, key, authority.key, days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
    return Identity(builder.sign(authority.key, hashes.SHA256()), key)


def why_renew(found: Optional[Identity], authority: Optional[Identity], names: Iterable[str], days: int) -> str:
    """What speaks against keeping a certificate; empty where nothing does. It is renewed when less than a third of ``days`` is left."""
    if found is None:
        return "there is none"
    if found.ends - datetime.datetime.now(datetime.timezone.utc) < datetime.timedelta(days=days) / 3:
        return "it ends on %s" % found.ends.date()
    if authority and not _signed_by(found.certificate, authority):
        return "another authority signed it"
    if set(names) != set(names_of(found)):
        return "it is for other names"
    return ""


def names_of(found: Identity) -> List[str]:
    """Names and addresses that a certificate is for."""
    try:
        extension = found.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return []
    return [str(general.value) for general in extension.value]


def _begin(subject: Any, issuer: Any, key: Any, signer: Any, days: int) -> Any:
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
        return x509.DNSName(name)


def _signed_by(certificate: Any, authority: Identity) -> bool:
    try:
        authority.key.public_key().verify(certificate.signature, certificate.tbs_certificate_bytes, ec.ECDSA(certificate.signature_hash_algorithm))
    except InvalidSignature:
        return False
    return True
