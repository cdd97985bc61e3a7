"""Go through one part of a workbook element by element, without ever holding it whole.

No spreadsheet program declares a document type. A part that does is refused before an entity can be expanded or fetched.
"""

import struct
import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

CHUNK = 1 << 16
"""Bytes read at a time."""
_MOST_NAMES = 10_000
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,  # a part that is encrypted; of which NotImplementedError, for a way of packing, is one
    ValueError,
)
"""What `zipfile` raises where an archive is not as it should be."""


class PartError(ValueError):
    """Why a part of a workbook cannot be read, in words that follow "a workbook that cannot be read:"."""


class LocalNames(dict[str, str]):
    """The name of an element without its prefix, by the name as it stands."""

    def __missing__(self, tag: str) -> str:
        """Find the name, and keep it unless there are too many of them."""
        name = tag.rpartition(":")[2]
        if len(self) < _MOST_NAMES:
            self[tag] = name
        return name


def _refuse(*_: object) -> None:
    raise PartError("a part declares a document type, as no spreadsheet program does")


def go_through(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    words: Callable[[str], None] | None = None,
) -> None:
    """Call `start` and `end` for each element of a part, with its name as it stands, and `words` for the text between.

    Raises
    ------
    PartError
        When the part is missing, damaged, or not XML without a document type.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = CHUNK
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = _refuse
    if words is not None:
        parser.CharacterDataHandler = words
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(CHUNK):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
    except PartError:
        raise
    except KeyError:
        raise PartError(f"the part {part[:80]} is missing") from None
    except expat.ExpatError as error:
        raise PartError(f"the part {part[:80]} is damaged ({error})") from None
    except (*UNREADABLE, LookupError) as error:
        raise PartError(f"the part {part[:80]} is damaged ({str(error)[:80]})") from None
