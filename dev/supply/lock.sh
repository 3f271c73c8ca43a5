#!/bin/sh
# Write requirements.lock: every pin of constraints.txt with the digests of all its files, for
# every system and every Python that we support. Asks the package index; `make install` does not.
#
#   sh dev/supply/lock.sh .venv/bin/python
set -eu

tool="uv==0.13.9"
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"$1" -m venv "$place/tool"
"$place/tool/bin/pip" install --quiet --disable-pip-version-check "$tool"
lock() {
    target=$1
    shift
    {
        echo "# Every file that may be installed, by its digest. Written by: make lock."
        "$place/tool/bin/uv" --no-config pip compile --quiet --system-certs --universal \
            --python-version 3.11 --generate-hashes --no-header --no-annotate --no-strip-extras \
            --no-emit-index-url --constraints constraints.txt "$@" pyproject.toml
    } >"$place/lock"
    mv "$place/lock" "$target"
}
# With what it is developed with, for \`make install\`; then what an office needs, alone.
lock requirements.lock --extra dev --extra dask
lock deploy/requirements.lock
