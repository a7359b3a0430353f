"""The REST API: what the command line answers, as JSON, under `/api/v1`."""

from onrecord.web.api.routes import router

__all__ = ["router"]
