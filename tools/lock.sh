#!/bin/sh
# Pin every requirement with its hashes, from pyproject.toml. No registry is named in the files.
set -eu
uv=${UV:-.venv/bin/uv}
lock() {
  extra=$1 target=$2
  "$uv" pip compile pyproject.toml --extra "$extra" --universal --generate-hashes \
    --no-header --no-emit-index-url --quiet --output-file "$target"
}
lock local requirements/run.txt
lock dev requirements/dev.txt
lock functions functions/requirements.txt
lock letter functions/letter/requirements.txt
lock settlement functions/settlement/requirements.txt
printf 'uv\n' | "$uv" pip compile - --universal --generate-hashes --no-header \
  --no-emit-index-url --quiet --output-file requirements/uv.txt
printf 'aws-sam-cli\n' | "$uv" pip compile - --universal --generate-hashes --no-header \
  --python-version 3.11 --no-emit-index-url --quiet --output-file requirements/sam.txt
