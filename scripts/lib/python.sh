# shellcheck shell=bash
# The one pinned Python environment, `.venv` of the checkout: tools that are not Rust. Sourced after machine.sh.

: "${repo:?source base.sh first}"

# Makes `.venv` hold exactly the given requirements files of scripts/; nothing is done when it does already.
need_venv() {
  local file python=$repo/.venv/bin/python stamp wanted
  for file in "$@"; do
    stamp=$repo/.venv/$file.installed
    wanted=$(cksum <"$repo/scripts/$file")
    # The path is in the stamp because an environment that was moved does not work.
    if [ -x "$python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted $repo" ]; then continue; fi
    [ -x "$python" ] && [ "$(cat "$repo/.venv/path" 2>/dev/null)" = "$repo" ] || make_venv
    say "installing scripts/$file into .venv"
    "$python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps -r "$repo/scripts/$file" >&2
    echo "$wanted $repo" >"$stamp"
  done
}

make_venv() {
  need_python
  say "making .venv"
  rm -rf "$repo/.venv"
  python3 -m venv "$repo/.venv" >&2
  echo "$repo" >"$repo/.venv/path"
}

# Debian's python3 comes without what makes an environment.
need_python() {
  if has_python; then return 0; fi
  install_packages "python3 python3-venv" "python3" || true
  has_python ||
    die "Python 3.11 or newer with venv is needed. Install it with: apt-get install python3-venv"
}

# The pinned packages want 3.11, Debian 12's.
has_python() { python3 -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
