"""Makes src/report/html/fonts.ts: the report's type, cut down to what English and French need (pip install fonttools brotli)."""

import base64
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FONTS = ROOT / "node_modules" / "@fontsource"
# printable Latin-1, ligature oe, dashes, quotes, ellipsis, bullet, spaces, minus, arrows, superscripts
CHARACTERS = "U+0020-007E,U+00A0-00AC,U+00AE-00FF,U+0152-0153,U+0178,U+2002-200A,U+2013-2014,U+2018-201A,U+201C-201E,U+2020,U+2022,U+2026,U+202F,U+2039-203A,U+20AC,U+2190-2193,U+2212,U+2070,U+2074-207B"
FACES = [
    ("Report Serif", "source-serif-4", 400, "normal"),
    ("Report Serif", "source-serif-4", 600, "normal"),
    ("Report Serif", "source-serif-4", 400, "italic"),
    ("Report Sans", "inter", 400, "normal"),
    ("Report Sans", "inter", 600, "normal"),
    ("Report Mono", "ibm-plex-mono", 400, "normal"),
]


def subset(package: str, part: str, weight: int, style: str) -> bytes:
    source = FONTS / package / "files" / f"{package}-{part}-{weight}-{style}.woff2"
    with tempfile.TemporaryDirectory() as folder:
        target = pathlib.Path(folder) / "out.woff2"
        subprocess.run(
            [sys.executable, "-m", "fontTools.subset", source, f"--unicodes={CHARACTERS}", "--flavor=woff2", f"--output-file={target}",
             "--layout-features=kern,liga,tnum,lnum,ccmp,locl,mark,mkmk", "--name-IDs=0,13,14", "--no-hinting", "--desubroutinize"],
            check=True,
        )
        return target.read_bytes()


lines = [
    "/**",
    " * Made by tools/report-fonts/make.py from the packages @fontsource/source-serif-4, inter and ibm-plex-mono (SIL Open Font License 1.1,",
    " * FONTS-LICENSE.txt beside this file). Cut down to Latin, and renamed as that licence asks of changed fonts.",
    " */",
    "export const FONT_FACES = [",
]
for family, package, weight, style in FACES:
    for part in ("latin", "latin-ext"):
        octets = subset(package, part, weight, style)
        if len(octets) < 900:
            continue
        lines.append(f"  // {package} {part} {weight} {style}: {len(octets)} octets")
        extra = "" if part == "latin" else " unicode-range: U+2070, U+2074-207B, U+0178, U+2190-2193;"
        text = base64.b64encode(octets).decode()
        lines.append(f"  `@font-face {{ font-family: \"{family}\"; font-weight: {weight}; font-style: {style};{extra} src: url(data:font/woff2;base64,{text}) format(\"woff2\"); }}`,")
lines.append("].join(\"\\n\");")
(ROOT / "src" / "report" / "html" / "fonts.ts").write_text("\n".join(lines) + "\n")
