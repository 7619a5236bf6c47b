#!/bin/sh
# Resolves pyproject.toml into the locks of this folder: every release pinned, the hashes of all its files, for every
# platform and Python that the project supports. Takes uv's own options, such as --upgrade.
set -eu

cd "$(dirname "$0")/.."
tools=build/lock
[ -x "$tools/bin/uv" ] || { .venv/bin/python -m venv "$tools" && "$tools/bin/pip" install -qq 'uv>=0.9,<1'; }

resolve() {
    target=$1
    shift
    "$tools/bin/uv" --quiet pip compile pyproject.toml --output-file "$target" --universal --python-version 3.11 \
        --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --strip-extras "$@"
    printf 'wrote %s\n' "$target"
}

resolve requirements/audit.txt --group backend --group installer "$@"
resolve requirements/spark.txt --extra spark --group backend --group installer --constraint requirements/audit.txt "$@"
resolve requirements/dev.txt --group backend --group installer --group dev --constraint requirements/audit.txt "$@"
