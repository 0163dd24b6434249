"""Presigned URLs, which are secrets: read them from responses, and refuse those that cannot be used."""

from __future__ import annotations

from typing import cast

from vocobase._base.errors import LookupFailedError, ResponseError
from vocobase._transport.addresses import fault_of
from vocobase_raw.models.document import Document
from vocobase_raw.models.document_details import DocumentDetails


def required_text(value: object, member: str, what: str) -> str:
    """Return a member without which a response cannot be used.

    Raises:
        ResponseError: it is missing.
    """
    if not isinstance(value, str) or not value:
        raise ResponseError(f"{what}: the response has no {member}.", operation=what)
    return value


def store_url(value: object, member: str, what: str, http_hosts: frozenset[str]) -> str:
    """Return a URL of the object store.

    Raises:
        ResponseError: it is missing, is not a URL, or would send the file in the clear.
    """
    fault = fault_of(required_text(value, member, what), http_hosts)
    if not fault:
        return cast(str, value)
    # Not a variable of a traceback.
    del value
    raise ResponseError(f"{what}: the {member} of the response {fault}.", operation=what)


def has_file(document: Document | DocumentDetails) -> bool:
    """Return whether a document has a file: a web link has none, and neither has an unfinished upload."""
    return not _is_web_link(document) and document.status != "uploading"


def file_url(document: DocumentDetails, http_hosts: frozenset[str]) -> str:
    """Return the URL of the file of a document.

    Raises:
        LookupFailedError: it has no file. The URL of a web link leads to a site that anyone may run.
        ResponseError: the URL cannot be used.
    """
    what = "documents.download"
    if _is_web_link(document):
        raise LookupFailedError(f"{what}: the document is a web link; documents.get returns its address.")
    if document.status == "uploading":
        raise LookupFailedError(f"{what}: the document has no file; its upload was never confirmed.")
    return store_url(document.download_url, "download_url", what, http_hosts)


def _is_web_link(document: Document | DocumentDetails) -> bool:
    return document.mime_type is None and document.file_size is None
