"""What the headers of a dead letter say; its value is the original bytes."""

from pydantic import Field

from schemas.base import Message


class DeadLetter(Message):
    """Why a record was set aside, from its headers."""

    stage: str = Field(description="Stage that could not use it.")
    reason: str
    detail: str = ""
    topic: str = Field(description="Topic it was read from.")
    partition: int
    offset: int
    timestamp: int | None = Field(None, description="Of the original record, milliseconds since 1970.")
    replays: int = Field(0, ge=0, description="How often it has been replayed.")
    size: int | None = Field(None, description="Bytes of the original where only its head is kept.")
    sha256: str | None = Field(None, description="Of the original where only its head is kept.")
