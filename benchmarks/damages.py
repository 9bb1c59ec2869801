"""Ways to damage a file: its bytes, PDF objects and streams, parts, elements, groups, pictures.

Each takes a file's content and dice, and gives another content: the same for the same dice.
"""

from __future__ import annotations

import random
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

import pypdfium2 as pdfium
from PIL import Image

_NUMBER = re.compile(rb"(?<![\d.])\d+(?![\d.])")
_NUMBERS = (b"0", b"-1", b"1", b"65536", b"2147483647", b"4294967296", b"9999999999999", b"1e38")
_OBJECT = re.compile(rb"\d+ \d+ obj.*?endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_NAME = re.compile(rb"/[A-Za-z]+")
_DIGITS = re.compile(rb"-?\d+")
_REFERENCE = re.compile(rb"\d+ 0 R")
_GROUP = re.compile(rb"\{[^{}]*\}")
_CONTROL = re.compile(rb"\\[a-z]+-?\d* ?")
_ATTRIBUTE = re.compile(rb'="[^"<>]*"')

_MAINS = ("word/document.xml", "content.xml")
_SIDES = (1, 2, 7, 40, 300, 3000, 30_000)  # pixels
_MOST_PIXELS = 40_000_000
_FORMATS = (
    *(("PNG", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
    *(("JPEG", mode) for mode in ("L", "RGB", "CMYK")),
    *(("TIFF", mode) for mode in ("1", "L", "P", "RGB", "RGBA", "CMYK", "I;16", "F")),
    *(("BMP", "RGB"), ("GIF", "P"), ("PDF", "1"), ("PDF", "L"), ("PDF", "RGB"), ("PDF", "P")),
)

Damage = Callable[[bytes, random.Random], bytes]


def flip(data: bytes, dice: random.Random) -> bytes:
    """Change some bytes."""
    changed = bytearray(data)
    for _ in range(dice.choice((1, 3, 10, 100))):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def cut(data: bytes, dice: random.Random) -> bytes:
    """Leave a part out, or all from there on."""
    a = dice.randrange(len(data))
    return data[:a] + (data[a + dice.randrange(1, 5000) :] if dice.random() < 0.5 else b"")


def repeat(data: bytes, dice: random.Random) -> bytes:
    """Put a part in once more, somewhere else."""
    a, b = dice.randrange(len(data)), dice.randrange(len(data))
    return data[:b] + data[a : a + dice.randrange(1, 3000)] + data[b:]


def _swap_in(
    pattern: re.Pattern[bytes], data: bytes, dice: random.Random, new: bytes = b""
) -> bytes:
    """Replace a random hit by ``new``, or by another hit."""
    hits = list(pattern.finditer(data))
    if not hits:
        return flip(data, dice)
    hit = dice.choice(hits)
    return data[: hit.start()] + (new or dice.choice(hits).group()) + data[hit.end() :]


def numbers(data: bytes, dice: random.Random) -> bytes:
    """Put extreme numbers into the objects of a PDF."""
    for _ in range(dice.choice((1, 2, 8))):
        data = _swap_in(_NUMBER, data, dice, dice.choice(_NUMBERS))
    return data


def objects(data: bytes, dice: random.Random) -> bytes:
    """Put objects, names or references of a PDF in each other's place."""
    for _ in range(dice.choice((1, 2, 5))):
        data = _swap_in(dice.choice((_OBJECT, _NAME, _REFERENCE)), data, dice)
    return data


def content(data: bytes, dice: random.Random) -> bytes:
    """Damage what a PDF stream unpacks to."""
    hits = [hit for hit in _STREAM.finditer(data) if hit.group(1)[:1] == b"x"]
    if not hits:
        return numbers(data, dice)
    hit = dice.choice(hits)
    try:
        inner = zlib.decompress(hit.group(1))
    except zlib.error:
        return flip(data, dice)
    inner = dice.choice((flip, cut, repeat, numbers))(inner or b" ", dice)
    packed = zlib.compress(inner)
    head = data[: hit.start(1)]
    at = head.rfind(b"/Length ")
    head = head[:at] + re.sub(rb"^/Length \d+", b"/Length %d" % len(packed), head[at:])
    return head + packed + data[hit.end(1) :]


def parts(data: bytes, dice: random.Random) -> bytes:
    """Damage one part of a Word or OpenDocument file, or leave it out."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        held = {name: package.read(name) for name in package.namelist()}
    main = next(name for name in _MAINS if name in held)
    elements = markup if main == _MAINS[0] else open_markup
    name = main if dice.random() < 0.6 else dice.choice(sorted(held))
    if dice.random() < 0.1:
        del held[name]
    else:
        held[name] = dice.choice((flip, cut, repeat, elements, elements, elements))(
            held[name] or b" ", dice
        )
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in held.items():
            package.writestr(name, part)
    return packed.getvalue()


@dataclass
class _Markup:
    """What elements of a kind of XML look like, and which of them may hold each other."""

    prefix: bytes
    nests: tuple[bytes, ...]

    @cached_property
    def element(self) -> re.Pattern[bytes]:
        return re.compile(rb"<(%s:[\w-]+)(?: [^<>]*)?>.*?</\1>" % self.prefix, re.DOTALL)

    @cached_property
    def tag(self) -> re.Pattern[bytes]:
        return re.compile(rb"</?%s:[\w-]+[^<>]*>" % self.prefix)


_WORD = _Markup(
    b"w", (b"w:tbl", b"w:tc", b"w:sdt", b"w:p", b"w:r", b"w:txbxContent", b"w:ins", b"w:del")
)
_OPEN = _Markup(
    rb"\w+",
    (b"text:section", b"text:list", b"text:p", b"text:span", b"table:table", b"draw:frame"),
)


def markup(data: bytes, dice: random.Random) -> bytes:
    """Damage elements of WordprocessingML."""
    return _elements(data, dice, _WORD)


def open_markup(data: bytes, dice: random.Random) -> bytes:
    """Damage elements of OpenDocument."""
    return _elements(data, dice, _OPEN)


def _elements(data: bytes, dice: random.Random, kind: _Markup) -> bytes:
    """Put elements, tags or attributes in each other's place; nest; keep it XML where possible."""
    for _ in range(dice.choice((1, 2, 5))):
        what = dice.random()
        if what < 0.5:
            data = _swap_in(kind.element, data, dice)
        elif what < 0.7:
            data = _swap_in(_ATTRIBUTE, data, dice, b'="%s"' % dice.choice(_NUMBERS))
        elif what < 0.8:
            data = _swap_in(kind.tag, data, dice)
        else:
            hits = list(kind.element.finditer(data))
            inner = dice.choice(hits).group() if hits else b""
            name = dice.choice(kind.nests)
            deep = dice.choice((1, 10, 60, 200))
            wrapped = b"<%s>" % name * deep + inner + b"</%s>" % name * deep
            data = _swap_in(kind.element, data, dice, wrapped)
    return data


def groups(data: bytes, dice: random.Random) -> bytes:
    """Put groups, control words or numbers of RTF in each other's place; nest groups."""
    for _ in range(dice.choice((1, 2, 5))):
        what = dice.random()
        if what < 0.6:
            data = _swap_in(dice.choice((_GROUP, _CONTROL)), data, dice)
        elif what < 0.8:
            data = _swap_in(_DIGITS, data, dice, dice.choice(_NUMBERS))
        else:
            deep = dice.choice((10, 300, 3000))
            inner = _GROUP.search(data, dice.randrange(len(data)))
            held = inner.group() if inner else b""
            data = _swap_in(_GROUP, data, dice, b"{" * deep + held + b"}" * deep)
    return data


def integers(data: bytes, dice: random.Random) -> bytes:
    """Put extreme numbers where a binary format keeps its own: most of them near its start."""
    changed = bytearray(data)
    for _ in range(dice.choice((1, 3, 10))):
        size = dice.choice((2, 4))
        ends = min(len(data), dice.choice((64, 1024, 8192, len(data)))) - size
        at = dice.randrange(0, max(ends, 1), 2)
        value = dice.choice((0, 1, 2 ** (8 * size) - 1, 2 ** (8 * size - 1), 2**16 - 1))
        changed[at : at + size] = value.to_bytes(size, dice.choice(("little", "big")))
    return bytes(changed)


def pixels(data: bytes, dice: random.Random) -> bytes:
    """Show something else, or as large or narrow as no page is; in any format and depth."""
    picture = dice.choice((_sized, _cropped, _noisy, _tiled))(_open(data).convert("L"), dice)
    picture = picture.rotate(dice.choice((0, 0, 90, 180, 7)), expand=True)
    form, mode = dice.choice(_FORMATS)
    more: list[Image.Image] = [picture] * dice.choice((0, 0, 1, 4)) if form == "TIFF" else []
    shown, *others = (_deep(one, mode) for one in (picture, *more))
    told = Image.Exif()
    told[0x0112] = dice.randrange(10)  # how it lies
    options = {"save_all": True, "append_images": others} if others else {}
    if form in ("PNG", "JPEG", "TIFF"):
        options["exif"] = told.tobytes()
    packed = BytesIO()
    shown.save(packed, form, **options)
    return packed.getvalue()


def _open(data: bytes) -> Image.Image:
    if data.startswith(b"%PDF"):
        page = pdfium.PdfDocument(data)[0]
        return page.render(scale=150 / 72).to_pil()
    return Image.open(BytesIO(data))


def _deep(picture: Image.Image, mode: str) -> Image.Image:
    """In another depth of colour, one of which is reached by a step between only."""
    return (picture.convert("I") if mode == "I;16" else picture).convert(mode)


def _sized(picture: Image.Image, dice: random.Random) -> Image.Image:
    wide = dice.choice(_SIDES)
    return picture.resize((wide, min(dice.choice(_SIDES), _MOST_PIXELS // wide)))


def _cropped(picture: Image.Image, dice: random.Random) -> Image.Image:
    left, top = dice.randrange(picture.width), dice.randrange(picture.height)
    wide, high = dice.choice(_SIDES[:6]), dice.choice(_SIDES[:6])
    return picture.crop((left, top, min(left + wide, 4000), min(top + high, 4000)))


def _noisy(picture: Image.Image, dice: random.Random) -> Image.Image:
    noise = Image.frombytes("L", picture.size, dice.randbytes(picture.width * picture.height))
    return Image.blend(picture, noise, dice.choice((0.1, 0.5, 0.9, 1.0)))


def _tiled(picture: Image.Image, dice: random.Random) -> Image.Image:
    """A small piece again and again: very many lines of text, or of nothing."""
    piece = _cropped(picture, dice).resize((dice.choice((5, 30, 200)), dice.choice((3, 20, 90))))
    whole = Image.new("L", dice.choice(((1200, 1700), (2500, 600))))
    for left in range(0, whole.width, piece.width):
        for top in range(0, whole.height, piece.height):
            whole.paste(piece, (left, top))
    return whole


BYTES: tuple[Damage, ...] = (flip, cut, repeat)
DAMAGES: dict[str, tuple[Damage, ...]] = {
    "pdf": (*BYTES, numbers, objects, content, content),
    "docx": (*BYTES, parts, parts, parts),
    "html": BYTES,
    "txt": BYTES,
    "zip": BYTES,
    "image": (*BYTES, integers, pixels, pixels, pixels),
    "scan": (*BYTES, numbers, objects, content, pixels),
    "doc": (*BYTES, integers, integers, integers),
    "rtf": (*BYTES, groups, groups, groups),
    "odt": (*BYTES, parts, parts, parts),
    "wordml": (*BYTES, markup, markup, markup),
}
