"""Completes the tags of a PDF's tables, so that a listener hears what each figure is about.

Typst 0.15 tags the heads of columns, but cannot yet be told of the heads of rows, and leaves the caption of some tables beside
them. PDF 32000-1, 14.8.4.3.4 (Table, TH, Caption), 14.8.5.7 (Scope, Headers) and 14.7.2 (IDTree).
"""

import base64
import io
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, String


def with_table_heads(pdf: bytes) -> bytes:
    """Return the PDF with each table's caption in the table and, in each body row, a row head to which its other cells refer."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        root = file.Root.StructTreeRoot
        for element in list(_elements(root)):
            _adopt_caption(element)
        heads: list[tuple[bytes, Object]] = []
        for table in _elements(root):
            if table.S == "/Table":
                _mark(table, heads)
        if heads:
            _register(file, root, heads)
        _guard_ends(file)
        out = io.BytesIO()
        # The file's identifier is made from its content, not from the clock.
        file.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
        )
    return out.getvalue()


def _guard_ends(file: pikepdf.Pdf) -> None:
    """Write compressed streams that happen to end in a line end in ASCII 85.

    A checker cannot tell such a byte from the line end that PDF/A wants before `endstream`, and would find the length wrong.
    Streams of objects, which only the writer of the file could guard, are done without.
    """
    for one in file.objects:
        if isinstance(one, pikepdf.Stream) and one.get("/Filter") == "/FlateDecode":
            raw = one.read_raw_bytes()
            if raw.endswith((b"\r", b"\n")):
                parameters = Array([None, one.DecodeParms]) if "/DecodeParms" in one else None
                text = base64.a85encode(raw) + b"~>"
                one.write(text, filter=Array([Name.ASCII85Decode, Name.FlateDecode]), decode_parms=parameters)


def _adopt_caption(group: Object) -> None:
    """Move a caption that stands beside its table, in a group of the two, to the table's beginning."""
    parts = _children(group)
    if [str(part.S) for part in parts] != ["/Caption", "/Div"]:
        return
    caption, beside = parts
    inner = _children(beside)
    if [str(part.S) for part in inner] == ["/Table"]:
        table = inner[0]
        table.K = Array([caption, *table.K])
        caption.P = table
        group.K = Array([beside])


def _mark(table: Object, heads: list[tuple[bytes, Object]]) -> None:
    for row in _elements(table):
        cells = _children(row) if row.S == "/TR" else []
        if not cells or cells[0].S != "/TD":
            continue
        head, name = cells[0], f"row-head-{len(heads):06d}".encode()
        head.S, head.ID = Name.TH, String(name.decode())
        _table_attributes(head).Scope = Name.Row
        heads.append((name, head))
        for cell in cells[1:]:
            attributes = _table_attributes(cell)
            attributes.Headers = Array([*attributes.get("/Headers", []), String(name.decode())])


def _children(element: Object) -> list[Object]:
    held = element.get("/K")
    listed = list(held) if isinstance(held, Array) else [held]
    return [one for one in listed if isinstance(one, Dictionary) and "/S" in one]


def _elements(element: Object) -> Iterator[Object]:
    for child in _children(element):
        yield child
        yield from _elements(child)


def _table_attributes(cell: Object) -> Object:
    """Return the cell's attributes as a part of a table, made when it has none."""
    held = cell.get("/A")
    listed = list(held) if isinstance(held, Array) else [] if held is None else [held]
    for one in listed:
        if isinstance(one, Dictionary) and one.get("/O") == "/Table":
            return one
    made = Dictionary(O=Name.Table)
    cell.A = Array([*listed, made])
    return made


def _register(file: pikepdf.Pdf, root: Object, heads: list[tuple[bytes, Object]]) -> None:
    """Write the tree of identifiers anew, with those of the row heads among them, in the order of their bytes."""
    known = list(_names(root.IDTree)) if "/IDTree" in root else []
    entries = sorted([*known, *heads], key=lambda entry: entry[0])
    flat = Array([part for name, element in entries for part in (String(name.decode("latin-1")), element)])
    limits = Array([String(entries[0][0].decode("latin-1")), String(entries[-1][0].decode("latin-1"))])
    leaf = file.make_indirect(Dictionary(Names=flat, Limits=limits))
    root.IDTree = file.make_indirect(Dictionary(Kids=Array([leaf])))


def _names(node: Object) -> Iterator[tuple[bytes, Object]]:
    pairs = list(node.get("/Names", []))
    yield from ((bytes(name), element) for name, element in zip(pairs[::2], pairs[1::2], strict=True))
    for child in node.get("/Kids", []):
        yield from _names(child)
