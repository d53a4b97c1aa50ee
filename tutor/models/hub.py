"""Fetches weights over HTTP from Hugging Face, a mirror of it, or ModelScope: resumable, and quick to give up.

Knows how a file is asked for and continued; whether it is the right file is decided by its hash elsewhere.
"""

import os
import threading
from urllib.parse import quote

import httpx

from tutor.models.sources import BLOCK_BYTES, HuggingFace, ModelScope, PartialFile, Progress, SourceError

HUGGING_FACE = "https://huggingface.co"
MODELSCOPE = "https://modelscope.cn"


def source_url(source: HuggingFace | ModelScope) -> str:
    """Where the file is served; HF_ENDPOINT replaces the Hugging Face host, as in its own client."""
    file, revision = quote(source.file), quote(source.revision, safe="")
    if isinstance(source, ModelScope):
        return f"{MODELSCOPE}/models/{quote(source.repository)}/resolve/{revision}/{file}"
    host = (os.environ.get("HF_ENDPOINT") or HUGGING_FACE).rstrip("/")
    return f"{host}/{quote(source.repository)}/resolve/{revision}/{file}"


def fetch_url(url: str, partial: PartialFile, total_bytes: int, timeout: float, progress: Progress) -> None:
    """Append what `partial` still lacks; `total_bytes` 0 means that the size is not known beforehand.

    Raises SourceError when the server does not answer within `timeout` seconds (name look-up, connection, redirects
    and first headers together), stalls as long in between, refuses, or offers a file of another size.
    """
    if total_bytes and partial.done_bytes == total_bytes:
        return
    try:
        client, response = _open(url, partial.done_bytes, timeout)
        try:
            _receive(response, partial, total_bytes, progress)
        finally:
            response.close()
            client.close()
    except httpx.TimeoutException as error:
        raise SourceError("models.no_answer_in_time", seconds=timeout) from error
    except httpx.HTTPError as error:
        raise SourceError("models.connection_failed", reason=str(error) or type(error).__name__) from error
    except (httpx.InvalidURL, ImportError, ValueError) as error:  # HF_ENDPOINT or a proxy setting that cannot be used
        raise SourceError("models.bad_address", reason=error) from error


def _open(url: str, start: int, timeout: float) -> tuple[httpx.Client, httpx.Response]:
    """The response with its headers read, and the client to close.

    The thread bounds what httpx does not: the name look-up, one address after another, redirects. When it is late it
    is left behind and ends by httpx's own time limits.
    """
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    outcome: list[tuple[httpx.Client, httpx.Response] | Exception] = []

    def send() -> None:
        try:
            client = httpx.Client(timeout=timeout, follow_redirects=True)
            outcome.append((client, client.send(client.build_request("GET", url, headers=headers), stream=True)))
        except (httpx.HTTPError, httpx.InvalidURL, ImportError, ValueError) as error:
            outcome.append(error)  # raised again below, in the caller's thread

    thread = threading.Thread(target=send, name="weights-open", daemon=True)
    thread.start()
    thread.join(timeout)
    if not outcome:
        raise httpx.ConnectTimeout(f"no answer within {timeout:g} s")
    if isinstance(outcome[0], Exception):
        raise outcome[0]
    return outcome[0]


def _receive(response: httpx.Response, partial: PartialFile, total_bytes: int, progress: Progress) -> None:
    if response.status_code == 416:
        raise SourceError("models.another_file", byte=partial.done_bytes)
    if response.status_code not in (200, 206):
        raise SourceError("models.http_status", status=f"{response.status_code} {response.reason_phrase}".rstrip())
    if response.status_code == 200:
        partial.keep_only(0)
    elif not response.headers.get("Content-Range", "").startswith(f"bytes {partial.done_bytes}-"):
        raise SourceError(
            "models.another_range", byte=partial.done_bytes, found=response.headers.get("Content-Range", "")
        )
    length = response.headers.get("Content-Length", "")
    offered = partial.done_bytes + int(length) if length.isdigit() else 0
    if total_bytes and offered and offered != total_bytes:
        raise SourceError("models.another_size_offered", expected=total_bytes, found=offered)
    wanted = total_bytes or offered
    progress(partial.done_bytes, wanted)
    for block in response.iter_bytes(BLOCK_BYTES):
        if total_bytes and partial.done_bytes + len(block) > total_bytes:
            raise SourceError("models.too_much", expected=total_bytes)
        partial.append(block)
        progress(partial.done_bytes, wanted)
    if total_bytes and partial.done_bytes != total_bytes:
        raise SourceError("models.cut_short", expected=total_bytes, found=partial.done_bytes)
