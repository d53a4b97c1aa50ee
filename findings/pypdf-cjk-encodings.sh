#!/usr/bin/env bash
# pypdf: fonts with some predefined Chinese, Korean and Japanese encodings are read as UTF-16: the text is nonsense of
# another script, and only a log record says so. Their siblings (GBK-EUC-H, ETen-B5-H, 90ms-RKSJ-H) are read rightly.
# Exit status 0: it behaves as described; 1: it behaves otherwise; 2: it could not be tried.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv" || exit 2
"$work/venv/bin/pip" install --quiet pypdf==7.1.0 || exit 2
cat >"$work/try.py" <<'PY'
import io
import logging
import sys

import pypdf

CASES = (
    ("GBK-EUC-H", "gbk", "GB1", "注意力机制的代价", True),
    ("GBKp-EUC-H", "gbk", "GB1", "注意力机制的代价", False),
    ("ETen-B5-H", "big5", "CNS1", "注意力機制的代價", True),
    ("B5pc-H", "big5", "CNS1", "注意力機制的代價", False),
    ("90ms-RKSJ-H", "cp932", "Japan1", "注意機構のコスト", True),
    ("90pv-RKSJ-H", "cp932", "Japan1", "注意機構のコスト", False),
    ("EUC-H", "euc_jp", "Japan1", "注意機構のコスト", False),
    ("KSCms-UHC-H", "cp949", "Korea1", "주의 메커니즘의 비용", False),
)


def stream(data):
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data)


def pdf(encoding, codec, ordering, text):
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [6 0 R] >>",
        f"<< /Type /Font /Subtype /Type0 /BaseFont /Any /Encoding /{encoding} /DescendantFonts [4 0 R] >>".encode(),
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Any /CIDSystemInfo << /Registry (Adobe) /Ordering (%s)"
        b" /Supplement 2 >> >>" % ordering.encode(),
        stream(f"BT /F1 10 Tf 40 800 Td <{text.encode(codec).hex()}> Tj ET".encode()),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 3 0 R >> >> >>",
    ]
    out, offsets = io.BytesIO(b"%PDF-1.7\n"), []
    out.seek(0, io.SEEK_END)
    for number, body in enumerate(bodies, start=1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % offset for offset in offsets))
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, start))
    out.seek(0)
    return out


logging.basicConfig(stream=sys.stdout, format="  log: %(message)s")
as_described = True
for encoding, codec, ordering, text, is_read in CASES:
    found = pypdf.PdfReader(pdf(encoding, codec, ordering, text)).pages[0].extract_text()
    print(f"{encoding}: expected {text!a}, found {found!a}")
    as_described &= (found == text) == is_read
print("package pypdf", pypdf.__version__, "- as described" if as_described else "- NOT as described")
sys.exit(0 if as_described else 1)
PY
"$work/venv/bin/python" "$work/try.py"
