#!/bin/sh
# Resolve one lock file: lock.sh VENV run|java|dev|ui. Hashes of every file of a release, no host names.
set -eu
venv=$1 part=$2
compile="$venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate"
case "$part" in
  run) $compile pyproject.toml --group build -o requirements.lock ;;
  java) $compile pyproject.toml --extra java -c requirements.lock -o requirements-java.lock ;;
  dev) $compile pyproject.toml --group test --group check -c requirements.lock -o requirements-dev.lock ;;
  ui) $compile pyproject.toml --group ui -c requirements-dev.lock -o requirements-ui.lock ;;
esac
