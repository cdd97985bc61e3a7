"""What a package is under, as its own metadata says it, and what kind of licence that is."""

import re
from dataclasses import dataclass
from importlib import metadata
from typing import Any

UNKNOWN, COPYLEFT, WEAK, PERMISSIVE = "unknown", "copyleft", "weak copyleft", "permissive"
KINDS = (UNKNOWN, COPYLEFT, WEAK, PERMISSIVE)
"""Kinds of licence, what asks for a look first."""
_BY_CLASSIFIER = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD (which one, its file says)",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.0-or-later",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "zlib/libpng License": "Zlib",
}
_BY_NAME = {
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "apache-2.0": "Apache-2.0",
    "bsd": "BSD (which one, its file says)",
    "bsd license": "BSD (which one, its file says)",
    "bsd-2-clause": "BSD-2-Clause",
    "bsd-3-clause": "BSD-3-Clause",
    "isc": "ISC",
    "mit": "MIT",
    "mit license": "MIT",
    "mpl-2.0": "MPL-2.0",
    "mpl-2.0 and mit": "MPL-2.0 AND MIT",
    "psf-2.0": "PSF-2.0",
}
_BY_FILE = (("Apache License", "Apache-2.0"), ("MIT License", "MIT"), ("Permission is hereby granted, free of charge", "MIT"))
"""How the text of a licence begins, for packages whose metadata say nothing."""
_PERMISSIVE = re.compile(
    r"(?:0BSD|Apache-2\.0|BSD(?:-[23]-Clause)?|BSL-1\.0|CC0-1\.0|CNRI-Python|HPND|ISC|MIT(?:-0|-CMU)?|OFL-1\.1|PSF-2\.0|Python-2\.0"
    r"|Unicode-3\.0|Unlicense|Zlib|blessing)"
)


@dataclass(frozen=True)
class Licence:
    """What something is under."""

    words: str = ""
    """An SPDX expression, or the words of whoever published it; "" when that is not known here."""
    note: str = ""

    @property
    def is_expression(self) -> bool:
        """Whether every word of it is one of SPDX."""
        return bool(self.words) and all(re.fullmatch(r"[A-Za-z0-9.+-]+", word) for word in _terms(self.words))

    @property
    def kind(self) -> str:
        """The kind of licence: of several that hold together the strictest, of several to choose from the freest."""
        if not self.words:
            return UNKNOWN
        together = re.split(r"\bAND\b", re.sub(r"[()]", " ", self.words))
        return min((max(map(_kind, re.split(r"\bOR\b", one)), key=KINDS.index) for one in together), key=KINDS.index)

    def as_choice(self) -> list[dict[str, Any]]:
        """Return it as CycloneDX has it."""
        return [{"expression": self.words}] if self.is_expression else [{"license": {"name": self.words}}]


@dataclass(frozen=True)
class Within:
    """A program that a package brings with it, under a licence of its own."""

    name: str
    licence: Licence
    note: str

    @property
    def ref(self) -> str:
        """What names it in the bill."""
        return f"within:{self.name}"


WITHIN = {
    "pypandoc-binary": (
        Within("pandoc", Licence("GPL-2.0-or-later"), "A program of its own, which is run; nothing of it is linked or changed."),
    ),
    "vl-convert-python": (
        Within("Vega, Vega-Lite", Licence("BSD-3-Clause"), "The libraries that draw charts, inside."),
        Within("V8", Licence("BSD-3-Clause"), "The engine that runs them, inside."),
    ),
    "typst": (Within("Typst", Licence("Apache-2.0"), "The compiler, inside."),),
    "pikepdf": (Within("qpdf", Licence("Apache-2.0"), "The library that reads PDF, inside."),),
}
"""Programs that wheels bring and their metadata does not name: by hand, from what their makers say."""


def of(installed: metadata.Distribution) -> Licence:
    """Return what an installed package says it is under."""
    about = installed.metadata
    if "License-Expression" in about:
        return Licence(about["License-Expression"])
    said = " ".join(about["License"].split()) if "License" in about else ""
    if found := _BY_NAME.get(said.lower()):
        return Licence(found)
    named = [one.split(" :: ")[-1] for one in about.get_all("Classifier") or [] if one.startswith("License ::")]
    known = [_BY_CLASSIFIER.get(one, "" if one == "OSI Approved" else one) for one in named]
    if any(known):
        return Licence(" AND ".join(sorted({one for one in known if one})))
    if 0 < len(said) <= 60:
        return Licence(said)
    return _of_file(installed)


def _of_file(installed: metadata.Distribution) -> Licence:
    for file in installed.files or ():
        if re.search(r"(?i)\.dist-info/(?:licenses/)?licen[cs]e", str(file)):
            begins = file.read_text(encoding="utf-8")[:1500]
            for words, licence in _BY_FILE:
                if words in begins:
                    return Licence(licence, "Read from the text of its licence.")
    return Licence(note="Its metadata name no licence.")


def _terms(words: str) -> list[str]:
    return [term for term in re.split(r"\s+", re.sub(r"[()]", " ", words)) if term]


def _kind(term: str) -> str:
    plain = re.split(r"\bWITH\b", term)[0].strip()
    if re.match(r"(?:MPL|LGPL|EPL|CDDL)", plain):
        return WEAK
    if re.match(r"(?:GPL|AGPL|EUPL|SSPL)", plain):
        return COPYLEFT
    return PERMISSIVE if _PERMISSIVE.match(plain) else UNKNOWN
