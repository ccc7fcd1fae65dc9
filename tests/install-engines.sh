#!/bin/sh
# Install the libraries that the tests of the neural engines run, where this machine has them.
# Without them those tests are skipped, each with its reason. Usage: install-engines.sh PYTHON
python="$1"
torch="torch==2.13.0" # what the tests were written with
pip="$python -m pip --disable-pip-version-check"

"$python" -c "import torch, transformers, gliner, spacy, presidio_analyzer, onnxruntime" \
  >/dev/null 2>&1 && exit 0

# A build for graphics cards brings gigabytes that no test needs.
is_small() {
  # shellcheck disable=SC2086 # words
  report=$($pip install --quiet --dry-run --report - "$@" 2>/dev/null) || return 1
  ! printf '%s' "$report" | grep -qiE '"name": *"(nvidia|cuda|triton)'
}

if ! "$python" -c "import torch" >/dev/null 2>&1; then
  cpu="--index-url https://download.pytorch.org/whl/cpu --retries 0 --timeout 20"
  # shellcheck disable=SC2086 # words
  if is_small "$torch"; then
    $pip install --quiet "$torch"
  elif is_small "$torch" $cpu; then
    $pip install --quiet "$torch" $cpu
  else
    echo "no build of torch without CUDA is on offer: tests of engines that need it will be skipped"
  fi
fi

extra=engines-test
version=$("$python" -c "import torch; print(torch.__version__)" 2>/dev/null) || extra=presidio,spacy,gliner
# shellcheck disable=SC2086 # words
$pip install --quiet -e ".[$extra]" ${version:+"torch==$version"} ||
  echo "could not install all engines: their tests will be skipped"
exit 0
