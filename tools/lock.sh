#!/bin/sh
# Pin every requirement with its hashes, from pyproject.toml. No registry is named in the files.
set -eu
uv=${UV:-.venv/bin/uv}
lock() {
  extra=$1 target=$2
  shift 2
  "$uv" pip compile pyproject.toml --extra "$extra" --universal --generate-hashes \
    --no-header --no-emit-index-url --quiet --output-file "$target" "$@"
}
lock dev requirements/dev.txt
# What runs, here and on Lambda, is what was tested: the same versions.
as_tested='--constraints requirements/dev.txt'
lock local requirements/run.txt $as_tested
lock functions functions/requirements.txt $as_tested
lock letter functions/letter/requirements.txt $as_tested
lock settlement functions/settlement/requirements.txt $as_tested
lock bench requirements/bench.txt --constraints functions/letter/requirements.txt
printf 'uv\n' | "$uv" pip compile - --universal --generate-hashes --no-header \
  --no-emit-index-url --quiet --output-file requirements/uv.txt
# A checkov that is of these years: left alone the resolver goes back to one that asks for less.
printf 'aws-sam-cli\ncheckov>=3.2.400\n' | "$uv" pip compile - --universal --generate-hashes --no-header \
  --python-version 3.11 --no-emit-index-url --quiet --output-file requirements/sam.txt
# The maker of SBOMs, in an environment of its own: what it brings slows every import of jsonschema.
printf 'cyclonedx-bom\n' | "$uv" pip compile - --universal --generate-hashes --no-header \
  --python-version 3.11 --no-emit-index-url --quiet --output-file requirements/sbom.txt
