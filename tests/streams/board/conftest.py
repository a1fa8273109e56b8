"""Articles and alerts as the board gets them."""

from datetime import UTC, datetime

import pytest

from schemas.alert import Alert, Evidence, Member, Modality


@pytest.fixture
def alert():
    """An alert on ``Troops left Niger.``, the body of its article; it was told."""

    def build(**changes):
        members = (
            Member(start=0, end=6, text="Troops", term="troops"),
            Member(start=7, end=11, text="left", term="leave"),
        )
        found = Evidence(
            field="body", start=0, end=11, text="Troops left", sentence="Troops left Niger.", sentence_start=0,
            sentence_end=18, modality=Modality.ACTUAL, members=members,
        )  # fmt: skip
        fields = {
            "alert_id": "alert-1", "dedup_key": "key", "id": "an-article", "rule": "troop-withdrawal",
            "rule_version": "1", "story": "a-story", "title": "Niger", "evidence": (found,), "severity": "medium",
            "modality": Modality.ACTUAL, "first_seen": datetime(2026, 1, 1, tzinfo=UTC),
        }  # fmt: skip
        return Alert(**{**fields, **changes})

    return build
