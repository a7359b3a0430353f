"""A notice as a request to a webhook, signed as the Standard Webhooks specification has it (standardwebhooks.com)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

import msgspec

from onrecord import __version__
from onrecord.errors import UsageError
from onrecord.formats.atom import Item
from onrecord.formats.found import hit_object
from onrecord.intake.web import Question

SECRET = "ONRECORD_WEBHOOK_SECRET"
"""The setting with the secret to sign by: `whsec_` and base64, or any other text."""
_MARK = "whsec_"


def message(url: str, alert: str, item: Item, now: datetime, settings: Mapping[str, str]) -> Question:
    """The request that tells a notice; `webhook-id` stays the same however often it is sent.

    Raises `UsageError` for a secret that says it is base64 and is not.
    """
    data = {"alert": alert, "found": item.updated, **hit_object(item.hit)}
    body = msgspec.json.encode({"type": "statement.found", "timestamp": now.isoformat(), "data": data})
    name = hashlib.sha256(item.id.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    stamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json", "User-Agent": f"onrecord/{__version__} (alerts)", "webhook-id": name,
        "webhook-timestamp": stamp,
    }  # fmt: skip
    if secret := settings.get(SECRET, ""):
        headers["webhook-signature"] = signature(secret, name, stamp, body)
    return Question(url, headers, body)


def signature(secret: str, name: str, stamp: str, body: bytes) -> str:
    """The value of `webhook-signature` for a message."""
    try:
        key = (
            base64.b64decode(secret.removeprefix(_MARK), validate=True) if secret.startswith(_MARK) else secret.encode()
        )
    except binascii.Error as error:
        raise UsageError(f"{SECRET}: what follows {_MARK} is not base64") from error
    digest = hmac.digest(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"
