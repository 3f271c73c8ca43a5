#!/bin/sh
# Build the wheel, install it where none of our sources are, and lay the tests beside it.
#
#   sh tests/install-wheel.sh .venv/bin build/installed
#
# The new environment holds our wheel alone; what it depends on is taken from the first one by a
# plain path, which brings no editable install along. Then, in build/installed/tests-alone:
# ../bin/python -m pytest -m "not checkout".
set -eu

bin=$1
target=$2
rm -rf "$target"
mkdir -p "$target/wheel"
"$bin/python" -m build --wheel --no-isolation --outdir "$target/wheel" . >/dev/null
"$bin/python" -m venv --without-pip "$target"
"$bin/pip" --quiet --disable-pip-version-check --python "$target/bin/python" \
    install --no-deps --no-index "$target"/wheel/*.whl
packages() { "$1/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; }
packages "$bin" >"$(packages "$target/bin")/what-it-depends-on.pth"

alone="$target/tests-alone"
mkdir "$alone"
for each in tests data dev docs deploy benchmarks pyproject.toml Makefile constraints.txt requirements.lock LICENSE ./*.md; do
    cp -R "$each" "$alone/"
done
find "$alone" -name __pycache__ -type d -prune -exec rm -rf {} +

# Nothing is proved if the sources are found all the same.
cd "$alone"
../bin/python -c '
import sys, educonnect_admin
from importlib.metadata import distribution
assert educonnect_admin.__file__.startswith(sys.prefix), educonnect_admin.__file__
assert distribution("educonnect-admin").read_text("direct_url.json").find("editable") < 0
'
