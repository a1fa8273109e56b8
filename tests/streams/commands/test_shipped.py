"""What comes with wirewatch is found from wherever it is called."""

import sys

import pytest

from streams.commands import shipped
from streams.errors import WirewatchError


@pytest.mark.parametrize("kind", ["rules", "articles"])
def test_a_checkout_comes_before_the_installation(monkeypatch, tmp_path, kind):
    installed, checkout = tmp_path / "share" / "wirewatch", tmp_path / "checkout"
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    checkout.mkdir()
    monkeypatch.chdir(checkout)
    with pytest.raises(WirewatchError, match=f"expected {kind} in .*, found none; name files of {kind}"):
        shipped(kind)

    for root in (installed, checkout):
        (root / "seeds" / kind).mkdir(parents=True)
        assert shipped(kind) == root / "seeds" / kind
