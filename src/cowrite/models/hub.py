"""Asks the Hugging Face hub where a file is, how large and with which SHA-256.

Runs on any thread but the GUI's.
"""

from __future__ import annotations

import re
from types import ModuleType

from cowrite.models.catalogue import HubSource
from cowrite.models.download import TIMEOUT, RemoteFile, foreign, is_unreachable, words_of
from cowrite.models.errors import NotFetched

_SHA256 = re.compile(r"[0-9a-f]{64}")


def look_up(source: HubSource, title: str, endpoint: str | None = None) -> RemoteFile:
    """Asks the hub about a file.

    Args:
        endpoint: of the hub; that of the environment variable HF_ENDPOINT, or the public one, where left out.

    Raises:
        NotFetched: it does not answer, has no such file, or does not say its hash.
    """
    hub = _library(title)
    try:
        url = hub.hf_hub_url(source.repository, source.file, revision=source.revision, endpoint=endpoint)
        said = hub.get_hf_file_metadata(url, token=False, timeout=TIMEOUT, endpoint=endpoint)
    except foreign(OSError, ValueError, RuntimeError) as error:
        how = "; check the network" if is_unreachable(error) else " as expected"
        raise NotFetched(title, f"{source.words} does not answer{how} ({words_of(error)})") from error
    sha256 = said.etag or ""
    if not _SHA256.fullmatch(sha256) or not said.size:
        raise NotFetched(title, f"{source.words} does not say the file’s size and SHA-256")
    return RemoteFile(url, said.size, sha256)


def _library(title: str) -> ModuleType:
    try:
        import huggingface_hub
        from huggingface_hub import constants
    except ImportError as error:
        reason = 'this installation lacks huggingface_hub; install it with `pip install "cowrite[assistant]"`'
        raise NotFetched(title, reason) from error
    # Else it asks the hub once a day by which programs it may be run, and tells it which one that is.
    constants.HF_HUB_DISABLE_TELEMETRY = True
    return huggingface_hub
