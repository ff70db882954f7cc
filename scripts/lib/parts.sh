# shellcheck shell=bash
# The parts of `scripts/test` and `scripts/check-release`: timed, all run, the failed ones named at the end.
# Sourced after base.sh and python.sh.

: "${repo:?source base.sh first}"

failed_parts=

# part NAME COMMAND…: the command may be a function; it runs in a shell of its own.
part() {
  local name=$1 began=$SECONDS
  shift
  say "== $name"
  run "$@"
  if was_interrupted; then exit 130; fi
  [ "$run_status" -eq 0 ] || failed_parts="$failed_parts $name"
  # The tests' own summary is the last line that they print, and it has the time.
  if [ "$name" != tests ]; then took "$name" "$began"; fi
}

took() { say "$1: $((SECONDS - $2)) s"; }

# Ends the script with the right status.
end_parts() {
  if [ -n "$failed_parts" ]; then
    say "failed:$failed_parts"
    exit 1
  fi
}

# Every shell script of the repository, told by its first line; scripts/lib is checked with those that source it.
# shellcheck disable=SC2329 # run as a part
check_scripts() {
  local file checked=0
  cd "$repo"
  while IFS= read -r file; do
    head -n 1 "$file" | grep -q '^#!.*bash' || continue
    bash -n "$file"
    .venv/bin/shellcheck --external-sources --check-sourced "$file"
    checked=$((checked + 1))
  done < <(find .ci scripts -type f -print)
  say "$checked scripts checked"
  [ "$checked" -gt 0 ]
}

# SAM's own checks and CloudFormation's. All three work without network and credentials: `sam validate` asks IAM only
# about managed policies whose name SAM does not know, and the template names none.
# shellcheck disable=SC2329 # run as a part
check_template() {
  cd "$repo"
  unset AWS_PROFILE
  export SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=eu-central-1 AWS_EC2_METADATA_DISABLED=true
  export __SAM_CLI_APP_DIR=$repo/.local/sam # not in the home directory
  mkdir -p "$__SAM_CLI_APP_DIR"
  .venv/bin/sam validate --template-file template.yaml
  .venv/bin/sam validate --template-file template.yaml --lint
  .venv/bin/cfn-lint template.yaml
}

# nextest runs each test in a process of its own and ends hanging ones (.config/nextest.toml). Where it is not
# installed, cargo's own runner: building nextest would take longer than the tests.
# shellcheck disable=SC2329 # run as a part
run_tests() {
  cd "$repo"
  if cargo nextest --version >/dev/null 2>&1; then
    exec cargo nextest run --locked --workspace --profile "$(if [ -n "${CI:-}" ]; then echo ci; else echo default; fi)"
  fi
  say "cargo-nextest is not installed: using cargo test"
  exec cargo test --locked --workspace --no-fail-fast
}
