#!/usr/bin/env bash
# Runs the tests of the compiled kernels on kernels that report any access outside their arrays and any undefined
# arithmetic. Usage: tools/test_sanitized.sh PYTHON. Needs gcc with its sanitizers; works in a copy of the sources.
set -euo pipefail
cd "$(dirname "$0")/.."
python=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
libraries=()
for name in libasan.so libubsan.so; do
  path=$(gcc -print-file-name="$name" 2>/dev/null || true)
  [[ $path == /* ]] || { echo "expected gcc with $name, found none: install gcc and its sanitizers"; exit 1; }
  libraries+=("$path")
done
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -r streams schemas seeds tests tools pyproject.toml setup.py LICENSE NOTICE README.md "$copy"
cd "$copy"
rm -f streams/kernels/*.so
echo "· building the kernels with sanitizers"
CC=gcc CFLAGS="-g -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined" \
  "$python" setup.py --quiet build_ext --inplace
compgen -G "streams/kernels/*.so" >/dev/null || { echo "the kernels were not built"; exit 1; }
# CPython keeps what it allocates for its own end, so leaks are not looked for; a report comes past the capture of tests
ASAN_OPTIONS=detect_leaks=0 LD_PRELOAD="${libraries[*]}" PYTHONPATH="$copy" \
  "$python" -m pytest -q --capture=sys -p no:cacheprovider tests/streams/kernels
