# shellcheck shell=bash
# What must be on the machine: Rust, a C compiler, packages of the system. Sourced after base.sh.

: "${repo:?source base.sh first}"

# The oldest Rust that builds this workspace: `rust-version` in Cargo.toml.
rust_version() { sed -n 's/^rust-version = "\(.*\)"/\1/p' "$repo/Cargo.toml"; }

is_root() { [ "$(id -u)" -eq 0 ]; }

# How to become root without a dialogue that nobody answers: empty for root itself; fails when there is no way.
# With a terminal sudo may ask for the password.
become_root() {
  if is_root; then return 0; fi
  command -v sudo >/dev/null || return 1
  if sudo -n true 2>/dev/null || [ -t 0 ]; then echo sudo; else return 1; fi
}

# Installs Debian or Homebrew packages, as root; fails where that is not possible. Names differ, so each caller gives
# both: `install_packages "postgresql" "postgresql@17"`. An empty name = not offered there.
install_packages() {
  local debian=$1 brew=$2 sudo log=$repo/.local/install.log
  mkdir -p "$repo/.local"
  if [ -n "$debian" ] && command -v apt-get >/dev/null && sudo=$(become_root); then
    say "installing $debian (apt-get)"
    # shellcheck disable=SC2086 # lists of words on purpose
    {
      if [ -z "${lists_are_new:-}" ]; then apt_get update || true; fi # old lists may still do
      lists_are_new=yes
      apt_get --no-install-recommends install $debian
    } >"$log" 2>&1
  elif [ -n "$brew" ] && command -v brew >/dev/null && ! is_root; then
    say "installing $brew (Homebrew)"
    # shellcheck disable=SC2086
    HOMEBREW_NO_AUTO_UPDATE=1 brew install --quiet $brew >"$log" 2>&1
  else
    return 1
  fi || {
    tail -n 20 "$log" >&2
    return 1
  }
}

# dpkg's lock may be held by another installation: wait for it.
apt_get() {
  # shellcheck disable=SC2086 # empty for root
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@"
}

need_rust() {
  local wanted found
  if ! command -v cargo >/dev/null && [ -x "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" ]; then
    PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH" # installed, but this shell was opened before
    export PATH
  fi
  wanted=$(rust_version)
  command -v cargo >/dev/null || die "Rust $wanted is needed and there is no cargo. Install it with:
  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --default-toolchain $wanted.0 --profile minimal -c clippy -c rustfmt"
  found=$(cd "$repo" && rustc --version | sed 's/^rustc \([0-9]*\.[0-9]*\).*/\1/')
  [ "$(printf '%s\n%s\n' "$wanted" "$found" | sort -t. -k1,1n -k2,2n | head -n 1)" = "$wanted" ] ||
    die "Rust $wanted or newer is needed, this is $found. Update it with:
  rustup toolchain install $wanted.0 --profile minimal -c clippy -c rustfmt"
}

need_c_compiler() {
  local name
  for name in "${CC:-cc}" gcc clang; do
    if command -v "$name" >/dev/null; then return 0; fi
  done
  install_packages "gcc libc6-dev" "" ||
    die "a C compiler is needed (the cryptographic library is C). Install it with: apt-get install gcc libc6-dev  (macOS: xcode-select --install)"
}

# Where cargo puts what it builds: CARGO_TARGET_DIR and the configuration have a say.
target_directory() {
  (cd "$repo" && cargo metadata --format-version 1 --no-deps --offline) |
    sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'
}
