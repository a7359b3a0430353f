"""Notices as an e-mail, sent through the SMTP server that the settings name."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import format_datetime

from onrecord.errors import OnrecordError
from onrecord.formats.atom import Item, who

SETTINGS = {
    "ONRECORD_SMTP_HOST": "the server; without it no e-mail is sent",
    "ONRECORD_SMTP_PORT": "its port: else 587, with ssl 465",
    "ONRECORD_SMTP_SECURITY": "starttls (the default), ssl, or none",
    "ONRECORD_SMTP_USER": "the user to log in as, if the server wants that",
    "ONRECORD_SMTP_PASSWORD": "and the password",
    "ONRECORD_SMTP_FROM": "the sender's address; else the user",
}
_SECONDS = 20.0
_PORTS = {"starttls": 587, "ssl": 465, "none": 25}


class MailError(OnrecordError):
    """An e-mail could not be made or sent."""


def message(to: str, alert: str, items: Sequence[Item], now: datetime, settings: Mapping[str, str]) -> EmailMessage:
    """The e-mail that tells notices; its `Message-ID` is made of theirs. Raises `MailError` for a bad address."""
    sender = settings.get("ONRECORD_SMTP_FROM") or settings.get("ONRECORD_SMTP_USER") or ""
    if not sender:
        raise MailError("ONRECORD_SMTP_FROM is not set: who is the sender?")
    name = hashlib.sha256("\0".join(one.id for one in items).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    count = f"{len(items)} new statements" if len(items) > 1 else "1 new statement"
    mail = EmailMessage()
    try:
        mail["Subject"] = f"onrecord: {alert}: {count}"
        mail["From"], mail["To"] = sender, to
        mail["Date"] = format_datetime(now)
        mail["Message-ID"] = f"<{name}@onrecord.invalid>"
        mail["Auto-Submitted"] = "auto-generated"
        text = "\n\n".join(map(_told, items)) + "\n"
        mail.set_content(text.encode("utf-8", "replace").decode())  # half a surrogate pair has no place in an e-mail
    except (ValueError, IndexError, MessageError, UnicodeError) as error:
        raise MailError(f"no e-mail can be made for {to} ({error})") from error
    return mail


def _told(item: Item) -> str:
    """A statement in the lines of an e-mail."""
    hit = item.hit
    day = (hit.article.published or "no date")[:10]
    said = hit.statement.content_text
    where = [one for one in (day, hit.article.outlet, hit.article.headline) if one]
    return f"{who(hit)}\n    {said}\n    {' · '.join(where)}\n    {hit.article.url or hit.article.input}  #{hit.id}"


def send(mail: EmailMessage, settings: Mapping[str, str]) -> None:
    """Hand an e-mail to the server; raises `MailError` if it does not take it."""
    host, security = settings.get("ONRECORD_SMTP_HOST", ""), settings.get("ONRECORD_SMTP_SECURITY") or "starttls"
    if not host:
        raise MailError("ONRECORD_SMTP_HOST is not set: which server sends e-mail?")
    if security not in _PORTS:
        raise MailError(f"ONRECORD_SMTP_SECURITY is {security!r}; it can be {', '.join(_PORTS)}")
    try:
        port = int(settings.get("ONRECORD_SMTP_PORT") or _PORTS[security])
        with _connected(host, port, security) as server:
            if user := settings.get("ONRECORD_SMTP_USER"):
                server.login(user, settings.get("ONRECORD_SMTP_PASSWORD", ""))
            server.send_message(mail)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise MailError(
            f"{host} did not take the e-mail ({' '.join(str(error).split()) or type(error).__name__})"
        ) from error


def _connected(host: str, port: int, security: str) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if security == "ssl":
        return smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=context)
    server = smtplib.SMTP(host, port, timeout=_SECONDS)
    if security == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server
