#!/bin/sh
# The steps that make the image, in one place: the Dockerfile runs them, and so does the test suite in a
# clean folder, because an image cannot be built everywhere.
#
#   deploy/build-image.sh SOURCE TARGET
#
# SOURCE  a folder with the files that the Dockerfile copies
# TARGET  where the virtual environment is made; it must keep this path afterwards
set -eu

source=$(cd "$1" && pwd)
target=$2
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-315532800}   # the same wheel from the same files

"$python" -m venv "$work/builder"
"$work/builder/bin/pip" install -qq --no-compile --only-binary :all: --require-hashes -r "$source/requirements-build.lock"
(cd "$source" && "$work/builder/bin/python" -m hatchling build --target wheel --directory "$work/wheel")

# What a running service does not need, an intruder does not get: no installer inside the image.
"$python" -m venv --without-pip "$target"
into() { "$work/builder/bin/pip" --python "$target/bin/python" install -qq --no-compile "$@"; }
into --only-binary :all: --require-hashes -r "$source/requirements.lock"
into --no-deps --no-index "$work"/wheel/hamrah-*.whl
"$target/bin/python" -m compileall -q -j 0 "$target/lib"

"$target/bin/hamrah" --help >/dev/null
