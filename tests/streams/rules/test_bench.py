import re

import orjson
import pytest
from click.testing import CliRunner

from streams.cli import wirewatch
from streams.rules.bench import generated_rules, generated_texts
from streams.rules.filling import compile_rules


@pytest.fixture
def texts(tmp_path):
    def written(count):
        file = tmp_path / "texts.jsonl"
        file.write_bytes(b"\n".join(orjson.dumps({"body": text}) for text in generated_texts(count)))
        return str(file)

    return written


def test_bench_rules_prints_a_line_for_each_profile_and_number_of_rules(texts):
    result = CliRunner().invoke(wirewatch, ["bench", "rules", "3", "20", "--texts", texts(40)])

    assert result.exit_code == 0, result.output
    found = re.findall(r"^(\w+) +([\d,]+) rules: load", result.output, re.MULTILINE)
    assert found == [("customer", "3"), ("customer", "20"), ("selective", "3"), ("selective", "20")]


def test_bench_rules_says_when_there_are_too_few_texts(texts):
    result = CliRunner().invoke(wirewatch, ["bench", "rules", "3", "--texts", texts(2)])

    assert result.exit_code == 2
    assert "expected at least 40 texts" in result.output


def test_generated_rules_can_all_be_used_and_are_the_same_each_time():
    texts = generated_texts(40)

    first, again = (list(generated_rules(50, texts, "selective")) for _ in range(2))

    assert first == again
    assert len(compile_rules(first)) == 50
