"""Who signed, told by ssh-keygen with a key made for the test."""

import shutil
import subprocess
import zipfile

import pytest
from kpireport.__main__ import main
from kpireport.errors import ParameterError, PublishingError
from kpireport.publishing import manifest
from kpireport.publishing.manifest import MANIFEST, SIGNATURE, Manifest
from kpireport.verification import signature

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not on this machine")
WHO = "performance@council.example"
ABOUT = Manifest(
    occasion="quarter",
    period="2024-25 Q2",
    settings={},
    reports=(),
    scheme="",
    schemas={},
    source_sha256="",
    inputs=(),
    code=(),
    evidence=(),
    outputs=(),
    version="1",
    python="3.11",
    platform="linux",
    libraries={},
)


def new_key(folder, name):
    key = folder / name
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(key)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return key, key.with_suffix(".pub").read_text().strip()


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """The council's key and somebody else's, with the file that allows the council's."""
    folder = tmp_path_factory.mktemp("keys with spaces")
    (own, public), (other, _) = new_key(folder, "own"), new_key(folder, "other")
    signers = folder / "signers"
    signers.write_text(f'{WHO} namespaces="kpireport" {public}\n')
    return own, other, signers


@pytest.fixture
def outputs(tmp_path):
    folder = tmp_path / "2024-25-q2"
    folder.mkdir()
    (folder / MANIFEST).write_bytes(manifest.written(manifest.statement(ABOUT)))
    return tmp_path


def test_signer_of_a_published_folder_is_told(outputs, keys, capsys):
    own, _, signers = keys
    assert main(["sign", "--period", "2024-25-q2", "--out", str(outputs), "--key", str(own)]) == 0
    assert (outputs / "2024-25-q2" / SIGNATURE).read_bytes().startswith(b"-----BEGIN SSH SIGNATURE-----")
    assert main(["signed", "--period", "2024-25-q2", "--out", str(outputs), "--signers", str(signers)]) == 0
    assert f"Signed by {WHO}." in capsys.readouterr().out


def test_signer_of_a_bundle_is_told(outputs, keys, capsys):
    own, _, signers = keys
    folder = outputs / "2024-25-q2"
    signature.sign(folder, own)
    with zipfile.ZipFile(outputs / "b.zip", "w") as archive:
        for name in (MANIFEST, SIGNATURE):
            archive.write(folder / name, name)
    assert main(["signed", "--bundle", str(outputs / "b.zip"), "--signers", str(signers)]) == 0
    assert WHO in capsys.readouterr().out


def test_manifest_changed_after_it_was_signed_is_refused(outputs, keys):
    own, _, signers = keys
    folder = outputs / "2024-25-q2"
    signed = signature.sign(folder, own).read_bytes()
    content = (folder / MANIFEST).read_bytes()
    assert signature.verify(content, signed, signers) == WHO
    with pytest.raises(PublishingError, match=f"by the key of {WHO}, but not of this manifest"):
        signature.verify(content + b" ", signed, signers)


def test_key_that_nobody_allowed_is_refused(outputs, keys):
    _, other, signers = keys
    folder = outputs / "2024-25-q2"
    signed = signature.sign(folder, other).read_bytes()
    with pytest.raises(PublishingError, match="of nobody whom"):
        signature.verify((folder / MANIFEST).read_bytes(), signed, signers)


def test_signature_made_for_something_else_is_refused(outputs, keys):
    own, _, signers = keys
    content = (outputs / "2024-25-q2" / MANIFEST).read_bytes()
    command = ["ssh-keygen", "-Y", "sign", "-n", "git", "-f", str(own)]
    signed = subprocess.run(command, input=content, capture_output=True, check=True).stdout
    with pytest.raises(PublishingError, match="not valid"):
        signature.verify(content, signed, signers)


@pytest.mark.parametrize("signed", [b"", b"-----BEGIN SSH SIGNATURE-----\n", b"x" * 200_000])
def test_what_is_no_signature_is_refused(keys, signed):
    with pytest.raises(PublishingError, match="signature"):
        signature.verify(b"{}", signed, keys[2])


def test_key_that_does_not_sign_leaves_nothing(outputs, keys, tmp_path):
    (tmp_path / "no key").write_text("not a key\n")
    with pytest.raises(PublishingError, match="did not sign"):
        signature.sign(outputs / "2024-25-q2", tmp_path / "no key")
    with pytest.raises(ParameterError, match="key: there is no file"):
        signature.sign(outputs / "2024-25-q2", tmp_path / "none")
    assert [path.name for path in (outputs / "2024-25-q2").iterdir()] == [MANIFEST]


def test_without_ssh_keygen_the_message_says_where_to_get_it(outputs, keys, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PublishingError, match="apt install openssh-client"):
        signature.sign(outputs / "2024-25-q2", keys[0])


def test_unsigned_folder_is_said_to_be_unsigned(outputs, keys, capsys):
    assert main(["signed", "--period", "2024-25-q2", "--out", str(outputs), "--signers", str(keys[2])]) == 8
    assert "it is not signed" in capsys.readouterr().err
