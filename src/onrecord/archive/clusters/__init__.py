"""Clusters: one utterance as reported by many articles. Pure functions; docs/clusters.md says how they fit together."""

from onrecord.archive.clusters.bodies import (
    Body,
    BodySignature,
    Reprint,
    Shared,
    body_signature,
    reprint,
    shared_share,
)
from onrecord.archive.clusters.differences import Piece, differences
from onrecord.archive.clusters.joining import MOST_REPRESENTATIVES, Joined, Linked, joins
from onrecord.archive.clusters.keys import (
    MOST_CANDIDATES,
    MOST_HOLDERS,
    VERSION,
    Holder,
    Signature,
    candidates,
    signature,
)
from onrecord.archive.clusters.matching import Match, Report, compared, may_be_same, same_utterance
from onrecord.archive.clusters.wording import Wording, worded

__all__ = [
    "MOST_CANDIDATES",
    "MOST_HOLDERS",
    "MOST_REPRESENTATIVES",
    "VERSION",
    "Body",
    "BodySignature",
    "Holder",
    "Joined",
    "Linked",
    "Match",
    "Piece",
    "Report",
    "Reprint",
    "Shared",
    "Signature",
    "Wording",
    "body_signature",
    "candidates",
    "compared",
    "differences",
    "joins",
    "may_be_same",
    "reprint",
    "same_utterance",
    "shared_share",
    "signature",
    "worded",
]
