"""The short selection of faults: every kind once on one node, judged from the topics. How fast is not asserted."""

import pytest

from streams.faults.injections import known
from streams.faults.table import details

pytestmark = pytest.mark.kafka

SHORT = [each for each in known().values() if each.short]


@pytest.mark.parametrize("fault", SHORT, ids=lambda fault: fault.name)
def test_nothing_is_lost_and_nothing_is_wrong(fault, lab):
    result = fault.inject(lab)
    assert result.judgement.articles > 0
    assert result.holds, "\n".join(details(result))


def test_every_kind_of_fault_that_needs_one_node_is_in_the_short_selection():
    assert {each.group for each in SHORT} == {each.group for each in known().values() if each.nodes == 1}
