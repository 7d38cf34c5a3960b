# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ssl
import stat

import pytest

from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config import authority, certificates
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption, Missing
from ansible_collections.flotilla.docker.plugins.module_utils.runner import Ledger


def run(folder, check=False, everything=False, **options):
    """Actions of a run, or all that it found."""
    ledger = Ledger()
    params = {"folder": str(folder), "name": "web1", "names": ["web1", "192.0.2.1"], "valid_days": 365, "trusted_ca": None, **options}
    found = ledger.perform(certificates.decide(None, params), None, check)
    return found if everything else ledger.actions


def handshake(folder, hostname, client="client"):
    """Let a client with its certificate talk to the daemon web1; raises what either says."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.verify_mode = ssl.CERT_REQUIRED
    visitor = ssl.create_default_context(cafile=str(folder / client / "ca.pem"))
    for context, owner in ((server, "hosts/web1"), (visitor, client)):
        context.load_cert_chain(str(folder / owner / "cert.pem"), str(folder / owner / "key.pem"))
    server.load_verify_locations(str(folder / "hosts/web1/ca.pem"))
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [visitor.wrap_bio(back, there, server_hostname=hostname), server.wrap_bio(there, back, server_side=True)]
    for end in ends * 3:
        try:
            end.do_handshake()
        except ssl.SSLWantReadError:
            pass
    return ends[0].version()


def test_client_and_daemon_know_each_other(tmp_path):
    assert len(run(tmp_path)) == 3
    assert handshake(tmp_path, "web1") and handshake(tmp_path, "192.0.2.1")
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(tmp_path, "web2")


def test_another_authority_is_not_trusted(tmp_path):
    run(tmp_path / "ours")
    run(tmp_path / "theirs")
    (tmp_path / "ours" / "stranger").symlink_to(tmp_path / "theirs" / "client")
    with pytest.raises(ssl.SSLError):
        handshake(tmp_path / "ours", "web1", client="stranger")


def test_only_the_owner_can_read_them(tmp_path):
    run(tmp_path / "tls")
    files = [path for path in (tmp_path / "tls").rglob("*") if path.is_file()]
    assert len(files) == 9 and {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "tls").stat().st_mode) == 0o700


def test_a_check_predicts_what_a_run_does_and_writes_nothing(tmp_path):
    predicted = run(tmp_path / "tls", check=True)
    assert not (tmp_path / "tls").exists()
    assert run(tmp_path / "tls") == predicted
    assert run(tmp_path / "tls") == run(tmp_path / "tls", check=True) == []


def test_what_is_short_of_its_end_is_renewed_and_old_clients_stay_good(tmp_path):
    run(tmp_path, valid_days=30)
    old_client = (tmp_path / "client" / "cert.pem").read_bytes()
    renewed = run(tmp_path, valid_days=3000)
    assert len(renewed) == 3 and "it ends on" in renewed[0]
    assert authority._signed_by(*_loaded(tmp_path, old_client))


def _loaded(folder, certificate):
    signer = authority.read((folder / "authority" / "cert.pem").read_text(), (folder / "authority" / "key.pem").read_text())
    return authority.x509.load_pem_x509_certificate(certificate), signer


def test_other_names_take_a_new_certificate_of_the_daemon_alone(tmp_path):
    run(tmp_path)
    actions = run(tmp_path, names=["web1", "198.51.100.7"])
    assert len(actions) == 1 and "hosts/web1" in actions[0] and "other names" in actions[0]


def test_a_broken_authority_is_never_replaced_unasked(tmp_path):
    run(tmp_path)
    (tmp_path / "authority" / "key.pem").write_text("garbage")
    with pytest.raises(Missing, match="remove the folder to begin anew"):
        run(tmp_path)


def test_no_key_is_shown(tmp_path):
    ledger = Ledger()
    ledger.perform(certificates.decide(None, {"folder": str(tmp_path), "name": "web1", "names": ["web1"], "valid_days": 365, "trusted_ca": None}), None, False)
    assert "PRIVATE" not in str(ledger.merged_into({}))


@pytest.mark.parametrize(
    "wrong, option", [({"name": "../web"}, "name"), ({"names": []}, "names"), ({"names": ["a b"]}, "names"), ({"valid_days": 0}, "valid_days")]
)
def test_what_no_certificate_can_hold(tmp_path, wrong, option):
    with pytest.raises(BadOption, match="The option %s cannot be" % option):
        run(tmp_path / "tls", **wrong)
    assert not (tmp_path / "tls").exists()


def test_a_check_gives_those_who_follow_an_identity_that_nobody_trusts(tmp_path):
    run(tmp_path, name=None, names=[])
    to_come = run(tmp_path, check=True, everything=True).to_come
    stranger = authority.read(to_come["certificate"], to_come["key"])
    assert to_come["ca"] == (tmp_path / "authority" / "cert.pem").read_text()
    assert stranger and not authority._signed_by(*_loaded(tmp_path, to_come["certificate"].encode("utf-8")))
    assert run(tmp_path, everything=True).to_come is None


@pytest.mark.parametrize("has", [True, False])
def test_another_authority_than_the_daemon_trusts_is_refused(tmp_path, has):
    run(tmp_path / "lost")
    if has:
        run(tmp_path / "tls")
    with pytest.raises(Missing, match="another one" if has else "none"):
        run(tmp_path / "tls", trusted_ca=(tmp_path / "lost" / "authority" / "cert.pem").read_text())
    assert (tmp_path / "tls" / "authority").exists() is has


def test_an_authority_that_is_renewed_is_the_one_that_the_daemon_trusts(tmp_path):
    run(tmp_path, valid_days=30)
    trusted = (tmp_path / "authority" / "cert.pem").read_text()
    assert "it ends on" in run(tmp_path, valid_days=3000, trusted_ca=trusted)[0]
