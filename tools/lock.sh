#!/bin/sh
# Resolve one lock file: lock.sh VENV [java|dev]. Hashes of every file of a release, no host names.
set -eu
venv=$1 part=${2:-}
options="--quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header"
case "$part" in
  "") "$venv/bin/pip-compile" $options -o requirements.lock pyproject.toml --group build ;;
  java) "$venv/bin/pip-compile" $options -c requirements.lock --extra java -o requirements-java.lock pyproject.toml ;;
  dev) "$venv/bin/pip-compile" $options -c requirements.lock --group test --group check -o requirements-dev.lock ;;
esac
