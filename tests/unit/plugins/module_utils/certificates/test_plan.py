# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import ssl
import stat

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.certificates import plan, x509
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption, Missing
from ansible_collections.flotilla.docker.plugins.module_utils.ledger import Ledger
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa


def run(folder, check=False, everything=False, **options):
    """The actions of a run, or everything that it found."""
    ledger = Ledger()
    params = {
        "folder": str(folder),
        "name": "web1",
        "names": ["web1", "192.0.2.1"],
        "valid_days": 365,
        "trusted_ca": None,
        **options,
    }
    found = ledger.perform(plan.decide(None, params), None, check)
    return found if everything else ledger.actions


def handshake(folder, hostname, client="client"):
    """Connect a client with its certificate to the daemon web1; raises the TLS error of client or daemon."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.verify_mode = ssl.CERT_REQUIRED
    visitor = ssl.create_default_context(cafile=str(folder / client / "ca.pem"))
    for context, owner in ((server, "hosts/web1"), (visitor, client)):
        context.load_cert_chain(str(folder / owner / "cert.pem"), str(folder / owner / "key.pem"))
    server.load_verify_locations(str(folder / "hosts/web1/ca.pem"))
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [visitor.wrap_bio(back, there, server_hostname=hostname), server.wrap_bio(there, back, server_side=True)]
    for end in ends * 3:
        with contextlib.suppress(ssl.SSLWantReadError):
            end.do_handshake()
    return ends[0].version()


def test_client_and_daemon_accept_each_other(tmp_path):
    assert len(run(tmp_path)) == 3
    assert handshake(tmp_path, "web1") and handshake(tmp_path, "192.0.2.1")
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(tmp_path, "web2")


@pytest.mark.parametrize(
    "key", [rsa.generate_private_key(65537, 2048), ed25519.Ed25519PrivateKey.generate()], ids=["RSA", "Ed25519"]
)
def test_a_ca_with_another_kind_of_key_is_used(tmp_path, key):
    """As Docker's documentation makes it, with openssl."""
    run(tmp_path)
    former = x509.read(*((tmp_path / "ca" / name).read_text(encoding="ascii") for name in ("cert.pem", "key.pem")))
    made = x509.make_ca(3650, former._replace(key=key))
    (tmp_path / "ca/cert.pem").write_text(made.certificate_text(), encoding="ascii")
    (tmp_path / "ca/key.pem").write_text(made.key_text(), encoding="ascii")
    actions = run(tmp_path)
    assert len(actions) == 2 and all("the old one was signed by another CA" in action for action in actions)
    assert run(tmp_path) == []
    assert handshake(tmp_path, "web1")


def test_another_ca_is_not_trusted(tmp_path):
    run(tmp_path / "ours")
    run(tmp_path / "theirs")
    (tmp_path / "ours" / "stranger").symlink_to(tmp_path / "theirs" / "client")
    with pytest.raises(ssl.SSLError):
        handshake(tmp_path / "ours", "web1", client="stranger")


def test_only_the_owner_can_read_certificates(tmp_path):
    run(tmp_path / "tls")
    files = [path for path in (tmp_path / "tls").rglob("*") if path.is_file()]
    assert len(files) == 9 and {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "tls").stat().st_mode) == 0o700


def test_check_mode_predicts_the_run_and_writes_nothing(tmp_path):
    predicted = run(tmp_path / "tls", check=True)
    assert not (tmp_path / "tls").exists()
    assert run(tmp_path / "tls") == predicted
    assert run(tmp_path / "tls") == run(tmp_path / "tls", check=True) == []


def test_certificates_that_expire_soon_are_renewed_and_old_clients_stay_valid(tmp_path):
    run(tmp_path, valid_days=30)
    old_client = (tmp_path / "client" / "cert.pem").read_bytes()
    renewed = run(tmp_path, valid_days=3000)
    assert len(renewed) == 3 and "expires on" in renewed[0]
    assert x509._signed_by(*_loaded(tmp_path, old_client))


def _loaded(folder, certificate):
    signer = x509.read((folder / "ca" / "cert.pem").read_text(), (folder / "ca" / "key.pem").read_text())
    return x509.x509.load_pem_x509_certificate(certificate), signer


def test_other_names_need_a_new_certificate_of_the_daemon_only(tmp_path):
    run(tmp_path)
    actions = run(tmp_path, names=["web1", "198.51.100.7"])
    assert len(actions) == 1 and "hosts/web1" in actions[0] and "other names" in actions[0]


def test_ca_that_cannot_be_read_is_not_replaced(tmp_path):
    run(tmp_path)
    (tmp_path / "ca" / "key.pem").write_text("garbage")
    with pytest.raises(Missing, match="remove the folder to create a new CA"):
        run(tmp_path)


def test_no_key_is_shown(tmp_path):
    ledger = Ledger()
    ledger.perform(
        plan.decide(
            None, {"folder": str(tmp_path), "name": "web1", "names": ["web1"], "valid_days": 365, "trusted_ca": None}
        ),
        None,
        False,
    )
    assert "PRIVATE" not in str(ledger.merged_into({}))


@pytest.mark.parametrize(
    "wrong, option",
    [
        ({"name": "../web"}, "name"),
        ({"names": []}, "names"),
        ({"names": ["a b"]}, "names"),
        ({"valid_days": 0}, "valid_days"),
    ],
)
def test_values_that_no_certificate_can_have_are_refused(tmp_path, wrong, option):
    with pytest.raises(BadOption, match=f"^{option} must"):
        run(tmp_path / "tls", **wrong)
    assert not (tmp_path / "tls").exists()


def test_check_mode_returns_a_certificate_that_no_client_trusts(tmp_path):
    run(tmp_path, name=None, names=[])
    preview = run(tmp_path, check=True, everything=True).preview
    stranger = x509.read(preview["certificate"], preview["key"])
    assert preview["ca"] == (tmp_path / "ca" / "cert.pem").read_text()
    assert stranger and not x509._signed_by(*_loaded(tmp_path, preview["certificate"].encode("utf-8")))
    assert run(tmp_path, everything=True).preview is None


@pytest.mark.parametrize("has", [True, False])
def test_a_ca_that_the_daemon_does_not_trust_is_refused(tmp_path, has):
    run(tmp_path / "lost")
    if has:
        run(tmp_path / "tls")
    with pytest.raises(Missing, match="a different CA" if has else "there is none"):
        run(tmp_path / "tls", trusted_ca=(tmp_path / "lost" / "ca" / "cert.pem").read_text())
    assert (tmp_path / "tls" / "ca").exists() is has


def test_a_renewed_ca_is_the_one_that_the_daemon_trusts(tmp_path):
    run(tmp_path, valid_days=30)
    trusted = (tmp_path / "ca" / "cert.pem").read_text()
    assert "expires on" in run(tmp_path, valid_days=3000, trusted_ca=trusted)[0]


def test_a_host_with_another_address_gets_a_certificate_from_the_same_ca(tmp_path):
    run(tmp_path, names=["web1", "172.25.0.10"])
    ca, client = (tmp_path / "ca" / "cert.pem").read_text(), (tmp_path / "client" / "cert.pem").read_text()
    moved = {"names": ["web1", "192.168.0.10"]}
    predicted = run(tmp_path, check=True, **moved)
    assert predicted == [
        f"issue certificate {tmp_path}/hosts/web1/cert.pem: the old one is for other names (web1, 172.25.0.10)"
    ]
    assert run(tmp_path, **moved) == predicted
    assert handshake(tmp_path, "192.168.0.10")
    assert (tmp_path / "ca" / "cert.pem").read_text() == ca
    assert (tmp_path / "client" / "cert.pem").read_text() == client


def test_a_host_with_another_name_gets_a_certificate_from_the_same_ca(tmp_path):
    run(tmp_path)
    assert [action.split(": ")[0] for action in run(tmp_path, name="web2", names=["web2"])] == [
        f"issue certificate {tmp_path}/hosts/web2/cert.pem"
    ]


def test_another_spelling_of_a_name_is_the_same_name(tmp_path):
    run(tmp_path, names=["Web1.Example.Org", "2001:DB8::1"])
    assert run(tmp_path, names=["web1.example.org", "2001:0db8:0:0::1"]) == []
