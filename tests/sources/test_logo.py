"""A logo is shown as the picture that it is, or not at all."""

import base64
import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kpireport.sources import logo
from PIL import Image, PngImagePlugin

ADDRESS = "data:image/png;base64,"


def png(mode="RGBA", size=(24, 12), **saved) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 0).save(out, "PNG", **saved)
    return out.getvalue()


def read(content: bytes) -> tuple[str, str]:
    return logo.read(base64.b64encode(content).decode())


def shown(address: str) -> bytes:
    assert address.startswith(ADDRESS)
    return base64.b64decode(address.removeprefix(ADDRESS))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_of_every_kind_of_colours_is_the_same_picture(mode):
    address, problem = read(png(mode))

    assert problem == ""
    assert Image.open(io.BytesIO(shown(address))).tobytes() == Image.open(io.BytesIO(png(mode))).tobytes()


def test_what_is_not_the_picture_is_left_out():
    remarks = PngImagePlugin.PngInfo()
    remarks.add_text("Author", "A. Person, a.person@example.org")
    address, _ = read(png(pnginfo=remarks) + b"<script>alert(1)</script>")

    assert b"person" not in shown(address)
    assert b"script" not in shown(address)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not a PNG"),
        (b"\xff\xd8\xff\xe0 a photograph", "not a PNG"),
        (png()[:-20], "broken"),
        (png().replace(b"IDAT", b"IDAX"), "a checksum does not fit"),
        (png(size=(2001, 1)), "2001 by 1 pixels; at most 2000 by 2000"),
        (png() + bytes(logo.LARGEST), "bytes; expected no more than 100,000. Make the picture smaller."),
    ],
)
def test_what_is_no_logo_is_refused_with_a_remedy(content, problem):
    address, told = read(content)

    assert address == ""
    assert problem in told


def test_a_small_file_that_unpacks_without_end_is_refused():
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    bomb = zlib.compress(bytes(50_000_000), 9)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    assert read(logo.SIGNATURE + head + chunk(b"IDAT", bomb) + chunk(b"IEND", b""))[1].startswith("found a PNG that is broken")


@given(st.binary(max_size=300))
def test_no_file_stops_the_reading(content):
    whole = png()
    for tried in (content, logo.SIGNATURE + content, whole[: len(content)] + content + whole[len(content) :]):
        address, problem = read(tried)
        assert bool(address) != bool(problem)
