"""The verb that verifies: a bundle, or a published folder."""

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpireport.commands.opening import show
from kpireport.commands.options import add_open, add_verb
from kpireport.errors import ExitCode, KpireportError, ParameterError

if TYPE_CHECKING:
    from kpireport.verification.examination import Examination

REASONS = 12
"""How many reasons are printed; the certificate has more."""


class NotReproducedError(KpireportError):
    """A verdict other than REPRODUCED: the message is the verdict with its reasons."""

    def __init__(self, message: str, exit_code: ExitCode) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def add(verbs: Any) -> None:
    """Add the verb to the command line."""
    verify = add_verb(
        verbs,
        "verify",
        _verify,
        help="make published reports again from what they were made from, and compare",
        description="Verify published reports in a fresh folder: is every file what the manifest says, can the reports be made "
        "again by the code that made them, and are they the same? Writes a certificate for an auditor.",
    )
    what = verify.add_mutually_exclusive_group(required=True)
    what.add_argument("--period", default="", metavar="NAME", help="a published folder in OUT, such as 2024-25-q2")
    what.add_argument("--bundle", default="", metavar="FILE", help="an evidence bundle, such as 2024-25-q2.zip")
    verify.add_argument("--out", default="outputs", metavar="DIR", help="where the certificate's folder goes (default: outputs)")
    verify.add_argument(
        "--signers",
        default="",
        metavar="FILE",
        help="allowed signers, of whom one must have signed (default: signatures are told of)",
    )
    verify.add_argument(
        "--date", default="", metavar="DAY", help="the day on the certificate, such as 2024-11-04 (default: today)"
    )
    add_open(verify)


def _verify(options: argparse.Namespace) -> None:
    from datetime import date

    from kpireport.publishing import manifest
    from kpireport.verification import examination

    try:
        day = date.fromisoformat(options.date or manifest.now()[:10]).isoformat()
    except ValueError:
        raise ParameterError(f'date: "{options.date}" is not a day: write it like 2024-11-04.') from None
    outputs = Path(options.out).expanduser()
    signers = Path(options.signers).expanduser() if options.signers else None
    with tempfile.TemporaryDirectory(prefix="kpireport-verify-", ignore_cleanup_errors=True) as name:
        work = Path(name).resolve()
        if options.bundle:
            found = examination.examine(Path(options.bundle).expanduser(), work, print, signers=signers)
        else:
            found = examination.examine_period(outputs, options.period, work, print, signers=signers)
        where = _certify(found, outputs, day)
    told = f"{found.verdict}: {found.verdict.meaning}"
    certificate = f"The certificate is {where}"
    if found.verdict.exit_code is ExitCode.DONE:
        print(f"{told}\n{certificate}")
        show(where, is_asked=options.open)
        return
    more = len(found.reasons) - REASONS
    reasons = [f"  {reason}" for reason in found.reasons[:REASONS]] + ([f"  and {more} more"] if more > 0 else [])
    raise NotReproducedError("\n".join([told, *reasons, certificate]), found.verdict.exit_code)


def _certify(found: "Examination", outputs: Path, day: str) -> Path:
    """Write the certificate's folder, remember the verdict where reports are published, and return the certificate's path."""
    from kpireport.presentation.markup import paragraph, words
    from kpireport.publishing import catalogue, index, verified
    from kpireport.publishing.folder import publish_folder
    from kpireport.verification import certificate

    made = certificate.files(found, day=day)
    described = {name: told for name, told in certificate.DESCRIBED.items() if name in made}
    folder = publish_folder(
        outputs,
        f"{found.about.folder}-certificate",
        made,
        heading=f"Verification of {found.about.period}",
        body=[paragraph(words(f"{found.verdict}: {found.verdict.meaning}"), kind="lead")],
        council=found.council.name if found.council else "",
        described=described,
    )
    if (outputs / index.NAME).is_file():
        kept = verified.Verified(str(found.verdict), day, f"{folder.name}/{certificate.HTML}")
        verified.remember(outputs, found.about.sha256, kept)
        catalogue.refresh(outputs)
    return folder / certificate.HTML
