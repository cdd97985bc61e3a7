"""A council's logo: a PNG within council.yaml, taken apart and put together again before any page shows it.

It stands in the file itself, so that whatever is kept, checked or sent of a report's inputs has it. Only PNG is taken: a picture
that is a program's text (SVG) or that many decoders read in their own ways is not worth the risk. Source: PNG, third edition.
"""

import base64
import binascii
import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
"""The chunks that make the picture; all others, such as remarks or where it was taken, are left out."""
LARGEST, WIDEST = 100_000, 2_000
"""Bytes of the file, and pixels of a side."""
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
REMEDY = "Write the file as base64: what `base64 -w0 logo.png` prints."


def read(text: str) -> tuple[str, str]:
    """Return the logo as a `data:` address, or what is wrong with it and what to do."""
    try:
        content = base64.b64decode("".join(text.removeprefix("data:image/png;base64,").split()), validate=True)
    except (binascii.Error, ValueError):
        return "", f"found text that is not base64. {REMEDY}"
    if len(content) > LARGEST:
        return "", f"found {len(content):,} bytes; expected no more than {LARGEST:,}. Make the picture smaller."
    if not content.startswith(SIGNATURE):
        return "", f"found a file that is not a PNG. Save the logo as PNG. {REMEDY}"
    try:
        picture = _picture(content)
    except (struct.error, zlib.error, ValueError) as error:
        return "", f"found a PNG that is broken ({error}). Save the logo anew."
    return f"data:image/png;base64,{base64.b64encode(picture).decode('ascii')}", ""


def _picture(content: bytes) -> bytes:
    """Return a PNG with only what makes its picture; `ValueError` when it is not whole or not of a size to be shown."""
    chunks: list[tuple[bytes, bytes]] = []
    at = len(SIGNATURE)
    while not chunks or chunks[-1][0] != b"IEND":
        (length,) = struct.unpack_from(">I", content, at)
        kind, data = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack_from(">I", content, at + 8 + length)
        if checksum != zlib.crc32(kind + data):
            raise ValueError("a checksum does not fit")
        chunks.append((kind, data))
        at += length + 12
    if chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13:
        raise ValueError("it does not begin with its size")
    width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", chunks[0][1])
    if not (0 < width <= WIDEST and 0 < height <= WIDEST):
        raise ValueError(f"{width} by {height} pixels; at most {WIDEST} by {WIDEST}")
    if colour not in CHANNELS or depth not in (1, 2, 4, 8, 16) or interlace:
        raise ValueError("a kind of colours or interlacing that is not taken")
    rows = height * (1 + (width * CHANNELS[colour] * depth + 7) // 8)
    packed = zlib.decompressobj()
    pixels = packed.decompress(b"".join(data for kind, data in chunks if kind == b"IDAT"), rows + 1)
    if len(pixels) != rows:
        raise ValueError("its picture is not whole")
    if colour == 3 and not any(kind == b"PLTE" for kind, _ in chunks):
        raise ValueError("it has no palette")
    kept = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
        if kind in KEPT
    )
    return SIGNATURE + b"".join(kept)
