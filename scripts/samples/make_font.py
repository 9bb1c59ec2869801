"""Make the fonts of the PDF samples anew: run after new characters came into the texts.

Usage: ``python scripts/samples/make_font.py NotoSansCJK-Regular.ttc NotoSansCJK-Bold.ttc``.
The fonts are subsets of Noto Sans CJK SC (SIL Open Font Licence 1.1, see ``fonts/OFL.txt``)
with TrueType outlines, the only ones that ReportLab embeds.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont

HERE = Path(__file__).parent
_ALWAYS = "0123456789. ,%-—…·•“”‘’（）()第页"
_TOLERANCE = 1.0  # font units of 1000 to the em: far below a pixel


def subset(source: Path, characters: set[str], family: str, style: str) -> TTFont:
    """A TrueType font of the given characters.

    Args:
        source: A collection of Noto Sans CJK.
        characters: What the font must hold.
        family: Name of the new font: Noto's own stays with the original.
        style: Regular or Bold.

    Returns:
        The font, not yet saved.

    Raises:
        KeyError: The collection lacks a character.
    """
    fonts = TTCollection(source).fonts
    old = next(f for f in fonts if f["name"].getDebugName(1).endswith("CJK SC"))
    cmap = old.getBestCmap()
    names = {ord(ch): cmap[ord(ch)] for ch in sorted(characters)}
    order = [".notdef", *dict.fromkeys(names.values())]
    glyphs, outlines = old.getGlyphSet(), {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, _TOLERANCE, reverse_direction=True))
        outlines[name] = pen.glyph()
    new = FontBuilder(old["head"].unitsPerEm, isTTF=True)
    new.setupGlyphOrder(order)
    new.setupCharacterMap(names)
    new.setupGlyf(outlines)
    boxes = new.font["glyf"]
    metrics = {n: (old["hmtx"][n][0], getattr(boxes[n], "xMin", 0)) for n in order}
    new.setupHorizontalMetrics(metrics)
    new.setupHorizontalHeader(ascent=old["hhea"].ascent, descent=old["hhea"].descent)
    licence = {"copyright": old["name"].getDebugName(0), "licenseDescription": "SIL OFL 1.1"}
    name = f"{family.replace(' ', '')}-{style}"
    names = {"familyName": family, "styleName": style, "fullName": name, "psName": name}
    new.setupNameTable(names | licence)
    new.setupOS2(usWeightClass=old["OS/2"].usWeightClass)
    new.setupPost()
    new.updateHead(created=0, modified=0)
    new.font.recalcTimestamp = False
    return new.font


def main(regular: str, bold: str) -> None:
    """Write both fonts, with every character of the texts."""
    texts = "".join(path.read_text(encoding="utf-8") for path in (HERE / "texts").glob("*.md"))
    characters = {ch for ch in texts + _ALWAYS if ch >= " " and ch not in "‖"}
    for source, style in ((regular, "Regular"), (bold, "Bold")):
        font = subset(Path(source), characters, "Sample Sans", style)
        font.save(HERE / "fonts" / f"SampleSans-{style}.ttf")
        print(f"{style}: {len(characters)} characters")


if __name__ == "__main__":
    main(*sys.argv[1:])
