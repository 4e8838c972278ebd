"""ZXing, the reader in most phones' cameras, and what paper and cameras do to a page."""

import io
import random
from collections.abc import Callable
from typing import Final

import pypdfium2
import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter

type Distortion = Callable[[Image.Image], Image.Image]

PAPER: Final = 255


def page(data: bytes, dpi: float, number: int = 0) -> Image.Image:
    """A page as a printer prints it, in grey."""
    with pypdfium2.PdfDocument(data) as document:
        printed: Image.Image = document[number].render(scale=dpi / 72, grayscale=True).to_pil()
        return printed.convert("L")


def scanned(image: Image.Image) -> list[str]:
    """What every QR in a picture says."""
    # Made at each call: zxing-cpp complains at the end of a process that keeps one.
    qr = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    return [code.text for code in zxingcpp.read_barcodes(image, formats=qr)]


# ---------------------------------------------------------------- what happens to paper


def blurred(pixels: float) -> Distortion:
    """Out of focus."""
    return lambda image: image.filter(ImageFilter.GaussianBlur(pixels))


def rotated(degrees: float) -> Distortion:
    """Not laid straight, on white."""
    return lambda image: image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=PAPER)


def noisy(strength: float) -> Distortion:
    """Grain: at each pixel a random share of full black or white."""

    def apply(image: Image.Image) -> Image.Image:
        grain = Image.frombytes("L", image.size, random.Random("grain").randbytes(image.width * image.height))
        return Image.blend(image, grain, strength)

    return apply


def jpeg(quality: int) -> Distortion:
    """Sent by a messenger."""

    def apply(image: Image.Image) -> Image.Image:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=quality)
        return Image.open(file).convert("L")

    return apply


def faded(black: int, white: int) -> Distortion:
    """A weak printer, or a bad light: only these greys are left."""
    return lambda image: image.point([black + (white - black) * grey // 255 for grey in range(256)])


def in_shade(darkest: float) -> Distortion:
    """A shadow falls over the page from the left, down to a share of the light."""

    def apply(image: Image.Image) -> Image.Image:
        light = [int(255 * darkest + grey * (1 - darkest)) for grey in range(256)]
        gradient = Image.linear_gradient("L").rotate(90).resize(image.size)
        return ImageChops.multiply(image, gradient.point(light))

    return apply


def photographed(lean: float) -> Distortion:
    """Seen from one side: the far edge is shorter by twice a share of the page."""

    def apply(image: Image.Image) -> Image.Image:
        wide, high = image.size
        x, y = wide * lean, high * lean
        corners = (-x, -y, 0, high, wide, high + y, wide + x / 2, 0)
        return image.transform(
            image.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=PAPER
        )

    return apply


def resampled(share: float) -> Distortion:
    """Fewer pixels: a photograph of the whole page."""
    return lambda image: image.resize(
        (int(image.width * share), int(image.height * share)), Image.Resampling.BICUBIC
    )


def _symbol(image: Image.Image) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the code in a picture."""
    corners = zxingcpp.read_barcodes(image)[0].position
    points = (corners.top_left, corners.top_right, corners.bottom_left, corners.bottom_right)
    xs, ys = [point.x for point in points], [point.y for point in points]
    return min(xs), min(ys), max(xs), max(ys)


def stained(share: float) -> Distortion:
    """Coffee over a share of the symbol's area, in the lower right where no finder is."""

    def apply(image: Image.Image) -> Image.Image:
        left, top, right, bottom = _symbol(image)
        radius = ((right - left) * (bottom - top) * share / 3.1416) ** 0.5
        x, y = left + 0.66 * (right - left), top + 0.62 * (bottom - top)
        stain = image.copy()
        ImageDraw.Draw(stain).ellipse((x - radius, y - radius, x + radius, y + radius), fill=90)
        return stain

    return apply


def folded(share: float) -> Distortion:
    """A worn crease, white and a share of the symbol high, runs from the edge of the paper to its middle.

    A crease right through a symbol is beyond what level M can always restore: it takes one row of it whole.
    """

    def apply(image: Image.Image) -> Image.Image:
        left, top, right, bottom = _symbol(image)
        middle, half = top + 0.55 * (bottom - top), (bottom - top) * share / 2
        creased = image.copy()
        crease = ((left + right) / 2, middle - half, image.width, middle + half)
        ImageDraw.Draw(creased).rectangle(crease, fill=PAPER)
        return creased

    return apply


def after_each_other(*steps: Distortion) -> Distortion:
    """One after the other."""

    def apply(image: Image.Image) -> Image.Image:
        for step in steps:
            image = step(image)
        return image

    return apply


DISTORTIONS: Final[dict[str, tuple[int, Distortion]]] = {
    "blurred": (150, blurred(1.5)),
    "rotated by 2 degrees": (150, rotated(2)),
    "rotated by -2 degrees": (150, rotated(-2)),
    "rotated by 5 degrees": (150, rotated(5)),
    "rotated by -5 degrees": (150, rotated(-5)),
    "on its side": (150, rotated(90)),
    "upside down": (150, rotated(180)),
    "on a slant": (150, rotated(33)),
    "noisy": (150, noisy(0.35)),
    "JPEG of quality 30": (150, jpeg(30)),
    "JPEG of quality 10 at 100 dpi": (100, jpeg(10)),
    "weak toner": (150, faded(140, 255)),
    "low contrast in bad light": (150, faded(90, 150)),
    "half in the shade": (150, in_shade(0.25)),
    "stained over 5 % of the symbol": (150, stained(0.05)),
    "folded into the symbol": (150, folded(0.04)),
    "photographed from one side": (200, photographed(0.12)),
    "printed weakly, folded, photographed askew, sent as JPEG": (
        200,
        after_each_other(
            faded(70, 240),
            folded(0.04),
            photographed(0.06),
            rotated(3),
            blurred(0.8),
            noisy(0.1),
            resampled(0.75),
            jpeg(30),
        ),
    ),
    "copied at 100 dpi, stained, photographed in the shade": (
        100,
        after_each_other(
            stained(0.03),
            faded(60, 235),
            resampled(2),
            in_shade(0.4),
            photographed(0.05),
            blurred(1.5),
            noisy(0.12),
            jpeg(30),
        ),
    ),
}
"""Each with the dots per inch at which the page is printed first."""
