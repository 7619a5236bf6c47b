#!/bin/sh
# Makes .venv and installs the packages that a lock beside this file pins, then the project itself.
#
#   sh requirements/install.sh audit    what an audit needs
#   sh requirements/install.sh dev      that, and what the tests and checks need
#
# An environment made from the same locks is used as it stands, so a second run costs nothing. PYTHON names the
# interpreter; without it the first Python 3.11 or newer on the path that can make environments is taken.
set -eu

layer=${1:?"say which lock: audit or dev"}
cd "$(dirname "$0")/.."
venv=.venv
marker=$venv/.claims-audit

fail() {
    printf 'claims-audit: %s\n' "$*" >&2
    exit 1
}

version_of() { "$1" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null; }
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
makes_environments() { "$1" -c 'import venv; from ensurepip import version' 2>/dev/null; }

# Sets `python`, or says in one sentence why there is none.
find_python() {
    old='' bare=''
    for python in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14 python}; do
        version=$(version_of "$python") || continue
        if ! new_enough "$python"; then
            old=${old:-"$python is $version"}
        elif ! makes_environments "$python"; then
            bare=${bare:-"$python ($version)"}
        else
            return 0
        fi
    done
    if [ -n "$bare" ]; then
        fail "$bare cannot make virtual environments: its venv module is missing." \
            "On Debian or Ubuntu: apt-get install python3-venv. Then run make again."
    elif [ -n "$old" ]; then
        fail "Python 3.11 or newer is needed, and $old." \
            "Install a newer one, or name it: make audit PYTHON=/path/to/python3.12"
    elif [ -n "${PYTHON:-}" ]; then
        fail "$PYTHON is not a Python that starts. Name one that is 3.11 or newer, or leave PYTHON out."
    fi
    fail "Python 3.11 or newer is needed, and there is no python3 on the path. Install it, then run make again."
}

# What the packages and the project in the environment were made from; scripts in it point into this very folder.
packages_key() { { cat "requirements/$1.txt"; pwd -P; } | cksum; }
project_key() { cat pyproject.toml audit/__init__.py | cksum; }
holds() { [ -f "$marker/$1" ] && [ "$(cat "$marker/$1")" = "$2" ]; }
starts() { "$venv/bin/python" -c '' 2>/dev/null; }
is_the_named_one() { [ -z "${PYTHON:-}" ] || holds python "$PYTHON"; }

install() {
    "$venv/bin/python" -m pip install -qq --no-input --disable-pip-version-check "$@" ||
        fail "the packages could not be installed; pip's own words stand above." \
            "Mend that (most often the network), then run make again."
}

install_project() {
    install --no-deps --no-index --no-build-isolation --editable .
    project_key >"$marker/project"
}

if holds "$layer" "$(packages_key "$layer")" && is_the_named_one && starts; then
    holds project "$(project_key)" || install_project
    exit 0
fi
if [ -e "$venv" ] && [ ! -d "$marker" ]; then
    fail "there is a folder $venv here that make did not make. Move it away, then run make again."
fi

# The packages of tests go on top of an audit environment that still holds; anything else starts from nothing.
if [ "$layer" = audit ] || [ -e "$marker/dev" ] || ! holds audit "$(packages_key audit)" ||
    ! is_the_named_one || ! starts; then
    find_python
    rm -rf "$venv"
    mkdir -p "$marker"
    printf 'Making %s with Python %s.\n' "$venv" "$version" >&2
    "$python" -m venv "$venv" || fail "$python could not make the environment $venv; its own words stand above."
    printf '%s\n' "$python" >"$marker/python"
fi
printf 'Installing the pinned packages of requirements/%s.txt (once; some minutes on a slow line).\n' "$layer" >&2
install --only-binary :all: --require-hashes --requirement "requirements/$layer.txt"
install_project
packages_key audit >"$marker/audit"
[ "$layer" = audit ] || packages_key "$layer" >"$marker/$layer"
