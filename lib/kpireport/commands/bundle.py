"""The verbs that give published reports out of hand: as an evidence bundle, signed, or as an RO-Crate."""

import argparse
import zipfile
from pathlib import Path
from typing import Any

from kpireport.commands.options import add_verb
from kpireport.errors import ParameterError, PublishingError


def add(verbs: Any) -> None:
    """Add the verbs to the command line."""
    bundle = add_verb(
        verbs,
        "bundle",
        _bundle,
        help="write one zip with everything that published reports were made from",
        description="Write the evidence bundle of a published folder: its inputs, code, files and evidence in one zip that an "
        "auditor verifies with python BUNDLE.zip.",
    )
    crate = add_verb(
        verbs,
        "crate",
        _crate,
        help="write the bundle as an RO-Crate",
        description="Write the evidence bundle of a published folder with a description that other programs read (RO-Crate).",
    )
    for verb in (bundle, crate):
        _add_period(verb)
        verb.add_argument("--to", default="", metavar="PATH", help="a .zip file, or a folder for it (default: OUT/bundles)")
        verb.add_argument("--data", default="data", metavar="DIR", help="where to look for inputs that are no longer kept")
    sign = add_verb(
        verbs,
        "sign",
        _sign,
        help="sign the manifest of published reports",
        description="Sign the manifest of a published folder with an SSH key, by ssh-keygen; a bundle takes the signature along.",
    )
    _add_period(sign)
    sign.add_argument("--key", required=True, metavar="FILE", help="the private key, or the public one of a key in the SSH agent")
    signed = add_verb(
        verbs,
        "signed",
        _signed,
        help="tell who signed published reports, or a bundle",
        description="Check the signature of a manifest against a file of allowed signers, without a network.",
    )
    which = signed.add_mutually_exclusive_group(required=True)
    which.add_argument("--period", default="", metavar="NAME", help="the published folder, such as 2024-25-q2")
    which.add_argument("--bundle", default="", metavar="FILE", help="a bundle")
    signed.add_argument("--out", default="outputs", metavar="DIR", help="where the published folders are (default: outputs)")
    signed.add_argument("--signers", required=True, metavar="FILE", help="identities and public keys, as ssh-keygen reads them")


def _add_period(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--period", required=True, metavar="NAME", help="the published folder, such as 2024-25-q2")
    verb.add_argument("--out", default="outputs", metavar="DIR", help="where the published folders are (default: outputs)")


def _path(text: str) -> Path:
    return Path(text).expanduser()


def _bundle(options: argparse.Namespace) -> None:
    from kpireport.verification import bundle

    to = _path(options.to) if options.to else None
    written = bundle.write(_path(options.out), options.period, to=to, data=_path(options.data))
    print(f"Wrote {written}. It is internal: it holds the whole register. To verify it: python {written.name}")


def _crate(options: argparse.Namespace) -> None:
    from kpireport.verification import crate

    to = _path(options.to) if options.to else None
    written = crate.write(_path(options.out), options.period, to=to, data=_path(options.data))
    print(f"Wrote {written}. It is internal: it holds the whole register.")


def _sign(options: argparse.Namespace) -> None:
    from kpireport.verification import bundle, signature

    written = signature.sign(bundle.folder_of(_path(options.out), options.period), _path(options.key))
    print(f"Signed: {written}. Making the reports again from other inputs removes it.")


def _signed(options: argparse.Namespace) -> None:
    from kpireport.publishing import manifest
    from kpireport.verification import bundle, signature

    if options.bundle:
        content, signed = _of_bundle(_path(options.bundle))
    else:
        folder = bundle.folder_of(_path(options.out), options.period)
        content, signed = (_read(folder / name) for name in (manifest.MANIFEST, manifest.SIGNATURE))
    print(f"Signed by {signature.verify(content, signed, _path(options.signers))}.")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise PublishingError(f"There is no {path.name} in {path.parent}: it is not signed.") from None


def _of_bundle(path: Path) -> tuple[bytes, bytes]:
    """Return the manifest and the signature of a bundle."""
    from kpireport.publishing import manifest

    if not path.is_file():
        raise ParameterError(f"bundle: there is no file {path}.")
    try:
        with zipfile.ZipFile(path) as archive:
            return _entry(archive, manifest.MANIFEST), _entry(archive, manifest.SIGNATURE)
    except KeyError:
        raise PublishingError(f"{path} is not signed.") from None
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise PublishingError(f"{path} is not a bundle: {error}.") from None


def _entry(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a file of a bundle that is not unreasonably large."""
    entry = archive.getinfo(name)
    if entry.file_size > 100_000_000:
        raise PublishingError(f"{name} is too large to be one.")
    return archive.read(entry)
