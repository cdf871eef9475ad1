"""Files that call themselves pictures, and pictures that hold more than pixels; made here, so that nobody keeps any."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from PIL import Image
from PIL.Image import Exif
from PIL.PngImagePlugin import PngInfo

MARKERS: Final = ("zq-place", "zq-camera", "zq-comment", "zq-xmp", "zq-thumb", "zq-tail", "zq-text", "zq-colour")
"""What stands in the hidden parts below; none of it may leave the page."""
_SIZE: Final = (320, 200)


def drawing(size: tuple[int, int] = _SIZE) -> Image.Image:
    """A gradient: no two neighbours alike, so that it is seen whether pixels came through."""
    image = Image.linear_gradient("L").resize(size)
    return Image.merge("RGB", (image, image.rotate(180), image.rotate(90).resize(size)))


def encoded(kind: str, image: Image.Image | None = None, **more: object) -> bytes:
    made = io.BytesIO()
    (image or drawing()).save(made, kind, **more)
    return made.getvalue()


def photo(size: tuple[int, int] = _SIZE) -> bytes:
    """A JPEG as a phone writes it: place, camera, comment, XMP, thumbnail, colour profile, and something behind its end."""
    exif = Exif()
    exif[0x010F] = "zq-camera"
    exif[0x8825] = {1: "N", 2: (31.0, 33.0, 0.0), 3: "E", 4: (74.0, 20.0, 0.0), 29: "zq-place"}
    plain = encoded("JPEG", drawing(size), exif=exif.tobytes(), comment=b"zq-comment", icc_profile=b"zq-colour" * 20)
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>zq-xmp</x:xmpmeta>"
    return plain[:2] + part(0xE1, xmp) + part(0xED, b"Photoshop 3.0\0zq-thumb") + plain[2:] + b"zq-tail"


def part(kind: int, content: bytes) -> bytes:
    return b"\xff" + bytes([kind]) + struct.pack(">H", len(content) + 2) + content


def texts() -> bytes:
    """A PNG with text, time and EXIF parts."""
    info = PngInfo()
    info.add_text("Comment", "zq-comment")
    info.add_itxt("XML:com.adobe.xmp", "zq-xmp")
    info.add_text("Place", "zq-place" * 99, zip=True)
    exif = Exif()
    exif[0x010F] = "zq-camera"
    return encoded("PNG", pnginfo=info, exif=exif.tobytes()) + b"zq-tail"


def _png(width: int, height: int, pixels: bytes) -> bytes:
    """A PNG that says of itself what it likes."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def _zipped(before: bytes) -> bytes:
    made = io.BytesIO(before)
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("zq-tail.html", "<script>zq-tail</script>")
    return made.getvalue()


_PAGE: Final = b"<!doctype html><script>alert('zq-tail'); fetch('https://canary.invalid/')</script>"
_SVG: Final = (
    b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script><image href='https://canary.invalid/'/></svg>"
)


def drawn() -> dict[str, bytes]:
    """Name → a file of which only pixels may stay."""
    jpeg, moving = encoded("JPEG"), [drawing(), drawing().rotate(180)]
    return {
        "a photo.jpg": photo(),
        "texts.png": texts(),
        "lies.txt": photo(),
        "see-through.png": encoded("PNG", Image.new("RGBA", _SIZE, (200, 0, 0, 90))),
        "palette.png": encoded("PNG", drawing().convert("P")),
        "grey.jpg": encoded("JPEG", drawing().convert("L")),
        "inks.jpg": encoded("JPEG", drawing().convert("CMYK")),
        "slowly.jpg": encoded("JPEG", progressive=True),
        "small.webp": encoded("WEBP", exif=b"Exif\0\0zq-camera"),
        "moving.webp": encoded("WEBP", moving[0], save_all=True, append_images=moving[1:]),
        "moving.png": encoded("PNG", moving[0], save_all=True, append_images=moving[1:]),
        "large.jpg": photo((5000, 3000)),
        "a picture and a page.jpg": jpeg + _PAGE,
        "a page inside.jpg": jpeg[:2] + part(0xFE, _PAGE) + jpeg[2:],
        "an archive behind.jpg": _zipped(jpeg),
        "one pixel.png": encoded("PNG", Image.new("RGB", (1, 1))),
    }


def varied(count: int, seed: int = 32) -> Iterator[tuple[str, bytes]]:
    """Pictures as many cameras, apps and editors write them, by chance: (name, file), each with something hidden in it."""
    chance = random.Random(seed)
    for number in range(count):
        kind = ("JPEG", "PNG", "WEBP")[number % 3]
        image = drawing((chance.randint(8, 400), chance.randint(8, 400))).rotate(chance.choice((0, 90, 180)))
        exif = Exif()
        exif[0x010F], exif[0x0110] = "zq-camera", "zq-camera 5 Pro"
        exif[0x0112] = chance.randint(1, 8)
        exif[0x9286], exif[0x0132] = "zq-comment", "2026:03:01 10:00:00"
        exif[0x8825] = {1: "N", 2: (31.0, 33.0, chance.random() * 60), 3: "E", 4: (74.0, 20.0, 0.0), 29: "zq-place"}
        hidden: dict[str, object] = {"exif": exif.tobytes()}
        if chance.random() < 0.5:
            hidden["icc_profile"] = b"zq-colour" * chance.randint(1, 200)
        match kind:
            case "JPEG":
                image = image.convert(chance.choice(("RGB", "RGB", "L", "CMYK")))
                hidden |= {"quality": chance.randint(10, 98), "progressive": chance.random() < 0.4}
                hidden |= {"comment": b"zq-comment" * chance.randint(1, 50), "optimize": chance.random() < 0.5}
                hidden |= {"subsampling": chance.choice((0, 1, 2)), "restart_marker_rows": chance.choice((0, 2))}
            case "PNG":
                image = image.convert(chance.choice(("RGB", "RGBA", "L", "LA", "P", "1")))
                info = PngInfo()
                info.add_text("Comment", "zq-comment", zip=chance.random() < 0.5)
                info.add_itxt("XML:com.adobe.xmp", "zq-xmp" * chance.randint(1, 99))
                hidden |= {"pnginfo": info, "compress_level": chance.randint(0, 9)}
            case _:
                image = image.convert(chance.choice(("RGB", "RGBA")))
                hidden |= {"xmp": b"<x:xmpmeta>zq-xmp</x:xmpmeta>", "lossless": chance.random() < 0.4}
                if chance.random() < 0.3:
                    hidden |= {"save_all": True, "append_images": [image.rotate(180)]}
        file = encoded(kind, image, **hidden)
        if kind == "JPEG" and chance.random() < 0.5:
            xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>zq-xmp</x:xmpmeta>"
            file = file[:2] + part(0xE1, xmp) + part(0xED, b"Photoshop 3.0\0zq-thumb") + file[2:]
        yield f"{number}.{kind.lower()}", file + (b"zq-tail" if chance.random() < 0.5 else b"")


def refused() -> dict[str, bytes]:
    """Name → a file that is no picture we take, whatever it is called."""
    jpeg, png = encoded("JPEG"), encoded("PNG")
    return {
        "empty.jpg": b"",
        "a page.jpg": _PAGE,
        "a drawing.svg": _SVG,
        "a drawing.png": _SVG,
        "moving.gif": encoded("GIF"),
        "old.bmp": encoded("BMP"),
        "scan.tiff": encoded("TIFF"),
        "icon.ico": encoded("ICO"),
        "a paper.pdf": b"%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >> endobj",
        "a paper.jpg": b"%PDF-1.7\n" + jpeg,
        "an archive.jpg": _zipped(b""),
        "a program.jpg": b"MZ\x90\0" + b"\0" * 999,
        "film.mp4": b"\0\0\0\x18ftypisom\0\0\0\0" + b"\0" * 999,
        "sound.ogg": b"OggS" + b"\0" * 999,
        "only a beginning.jpg": b"\xff\xd8\xff",
        "only a head.jpg": jpeg[:20],
        "only a head.png": png[:40],
        "no pixels.png": png[:33] + png[-12:],
        "billion.png": _png(1_000_000, 1_000, zlib.compress(b"\0" * 1_000_000)),
        "bomb.png": _png(60_000, 60_000, zlib.compress(b"\0" * 10_000_000)),
        "no width.png": _png(0, 10, zlib.compress(b"")),
        "noise.jpg": b"\xff\xd8\xff" + bytes(range(256)) * 40,
        "noise.webp": b"RIFF\xff\xff\xff\xffWEBP" + bytes(range(256)) * 40,
        "noise.heic": b"\0\0\0\x18ftypheic" + bytes(range(256)) * 40,
        "twenty and one.jpg": jpeg + b"\0" * (20 * 1024 * 1024),
    }
