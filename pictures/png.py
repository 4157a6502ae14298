"""Pictures in few bytes: 256 colours are enough for a page, whose text has few and whose areas have one each."""

from __future__ import annotations

import struct
import zlib
from base64 import b64decode, b64encode

from playwright.sync_api import Browser

FEWER_COLOURS = """async (picture) => {
  const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes]));
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const pixels = new Uint32Array(canvas.getImageData(0, 0, image.width, image.height).data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const kept = [...counts.keys()].sort((one, other) => counts.get(other) - counts.get(one)).slice(0, 256);
  const parts = (pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
  const palette = kept.map(parts);
  const places = new Map(kept.map((pixel, place) => [pixel, place]));
  const far = (one, other) => one.reduce((sum, part, index) => sum + (part - other[index]) ** 2, 0);
  for (const pixel of counts.keys()) {
    if (places.has(pixel)) continue;
    const distances = palette.map((colour) => far(colour, parts(pixel)));
    places.set(pixel, distances.indexOf(Math.min(...distances)));
  }
  const indexes = Uint8Array.from(pixels, (pixel) => places.get(pixel));
  const reader = new FileReader();
  const read = new Promise((resolve) => (reader.onload = () => resolve(reader.result.split(",")[1])));
  reader.readAsDataURL(new Blob([indexes]));
  return { width: image.width, height: image.height, palette: palette.flat(), indexes: await read };
}"""


def smaller(picture: bytes, camera: Browser) -> bytes:
    """The picture in its 256 most frequent colours, each other one shown by the nearest."""
    page = camera.new_page()
    found = page.evaluate(FEWER_COLOURS, b64encode(picture).decode())
    page.close()
    width, height, indexes = found["width"], found["height"], b64decode(found["indexes"])
    rows = b"".join(b"\0" + indexes[at : at + width] for at in range(0, width * height, width))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data)
        for kind, data in {
            b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0),
            b"PLTE": bytes(found["palette"]),
            b"IDAT": zlib.compress(rows, 9),
            b"IEND": b"",
        }.items()
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
