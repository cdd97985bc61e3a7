"""Signatures of a manifest, made and checked by `ssh-keygen`: whoever signs vouches for everything that the manifest names.

Nothing is fetched: a signature is checked against a file of allowed signers, whose lines are an identity and a public key, such
as ``performance@council.example ssh-ed25519 AAAA…`` (ssh-keygen(1), "ALLOWED SIGNERS").
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from kpireport.errors import ParameterError, PublishingError
from kpireport.publishing.manifest import MANIFEST, SIGNATURE, parse

NAMESPACE = "kpireport"
"""What the signature is for: one made for anything else is not taken for ours."""
LONGEST = 100_000
"""A signature is no longer than this many bytes."""


def sign(folder: Path, key: Path) -> Path:
    """Sign the manifest of a published folder and return the signature's file, beside the manifest.

    Parameters
    ----------
    key
        A private key, or the public key of one that the SSH agent holds. `ssh-keygen` asks for its passphrase at the terminal.

    Raises
    ------
    ParameterError
        When there is no such key.
    PublishingError
        When the folder has no sound manifest, there is no `ssh-keygen`, or it does not sign.
    """
    if not key.is_file():
        raise ParameterError(f"key: there is no file {key}.")
    path = folder / MANIFEST
    if not path.is_file():
        raise PublishingError(f"{folder} has no {MANIFEST}. Publish the period first.")
    content = path.read_bytes()
    parse(content)
    done = _run(["-Y", "sign", "-n", NAMESPACE, "-f", str(key)], content, timeout=None)
    if done.returncode or not done.stdout.startswith(b"-----BEGIN SSH SIGNATURE-----"):
        raise PublishingError(f"ssh-keygen did not sign with {key}: {_words(done.stderr)}")
    beside = folder / f".{SIGNATURE}.{os.getpid()}"
    beside.write_bytes(done.stdout)
    beside.chmod(0o644)
    beside.replace(folder / SIGNATURE)
    return folder / SIGNATURE


def verify(content: bytes, signature: bytes, allowed_signers: Path) -> str:
    """Return the identity that signed `content`, as the file of allowed signers writes it.

    Raises
    ------
    ParameterError
        When there is no such file of allowed signers.
    PublishingError
        When the signature is not that of an allowed signer, or not of this very content, or there is no `ssh-keygen`.
    """
    if not allowed_signers.is_file():
        raise ParameterError(f"signers: there is no file {allowed_signers}.")
    if len(signature) > LONGEST:
        raise PublishingError("The signature is none: it is too long.")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / SIGNATURE
        file.write_bytes(signature)
        given = ["-s", str(file), "-f", str(allowed_signers)]
        found = _run(["-Y", "find-principals", *given], b"")
        signers = found.stdout.decode(errors="replace").split("\n")[0].split(",")
        if found.returncode or not signers[0]:
            raise PublishingError(f"The signature is of nobody whom {allowed_signers} names: {_words(found.stderr)}")
        done = _run(["-Y", "verify", "-n", NAMESPACE, "-I", signers[0], *given], content)
    if done.returncode:
        raise PublishingError(
            f"The signature is by the key of {signers[0]}, but not of this manifest, or not valid: {_words(done.stderr)}"
        )
    return signers[0]


def _run(words: list[str], given: bytes, timeout: float | None = 60) -> subprocess.CompletedProcess[bytes]:
    """Run ssh-keygen, without a shell."""
    program = shutil.which("ssh-keygen")
    if program is None:
        raise PublishingError(
            "Signatures need ssh-keygen, which is not on this machine. It comes with OpenSSH: on Debian and Ubuntu, "
            "apt install openssh-client; on Windows, the optional feature OpenSSH Client."
        )
    try:
        return subprocess.run([program, *words], input=given, capture_output=True, timeout=timeout, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise PublishingError("ssh-keygen did not answer within a minute.") from None


def _words(stderr: bytes) -> str:
    """Return the last thing that a program said."""
    lines = [line.strip() for line in stderr.decode(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it did not say why."
