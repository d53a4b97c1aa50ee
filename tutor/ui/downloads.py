"""Files for the browser to download, in a temporary folder that the system clears."""

import re
import tempfile
from pathlib import Path

_UNSAFE = re.compile(r'[\\/:*?"<>|\s\x00-\x1f]+')


def write_download(title: str, suffix: str, text: str) -> str:
    """Path of a new file named after `title`, UTF-8."""
    name = _UNSAFE.sub("-", title).strip("-.")[:60] or "export"
    path = Path(tempfile.mkdtemp(prefix="tutor-export-")) / f"{name}.{suffix}"
    path.write_text(text, encoding="utf-8")
    return str(path)
