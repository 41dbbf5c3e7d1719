# Shared by the scripts at the root of the checkout; sourced, not run. Works from any folder.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
configuration=Release
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=true

# Debian and Ubuntu packages: package | how to see that it is there (a program, a library or a file) | what it is for.
run_packages=(
  'nftables|nft|to drop attackers in the kernel'
  'libpcre2-8-0|libpcre2-8.so.0|for the regular expressions of rules'
  'libssl3|libssl.so.3|for the links between manager and agents'
)
lab_packages=(
  "${run_packages[@]}"
  'iproute2|ip|to connect the virtual hosts of the tests'
  'util-linux|nsenter|to make the virtual hosts of the tests'
)
# Besides those: what ./test needs to publish agent and enforcer as native programs.
native_packages=(
  'gcc|gcc|to link the native programs of agent and enforcer'
  'zlib1g-dev|/usr/include/zlib.h|to link the native programs of agent and enforcer'
)

say() { printf '%s\n' "$*" >&2; }

fail() {
  local status=$1
  shift
  say "$@"
  exit "$status"
}

# Puts a .NET 10 SDK first in PATH, wherever it is, or ends with one sentence on how to get it.
need_sdk() {
  local folder user_home=
  [[ -n ${SUDO_USER-} ]] && user_home=$(getent passwd "$SUDO_USER" | cut -d: -f6)
  for folder in "$(dirname "$(command -v dotnet || echo /)")" "${DOTNET_ROOT-}" ~/.dotnet "${user_home:+$user_home/.dotnet}" /usr/share/dotnet /usr/lib/dotnet; do
    if [[ -n $folder && -x $folder/dotnet ]] && "$folder/dotnet" --list-sdks 2>/dev/null | grep -q '^10\.'; then
      export PATH="$folder:$PATH"
      return
    fi
  done
  fail 3 'Redoubt is built with the .NET 10 SDK, which is not here: get it with "curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0".'
}

is_there() {
  case $1 in
    /*) [[ -e $1 ]] ;;
    *.so.*) ldconfig -p 2>/dev/null | grep -qF "$1" || PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null | grep -qF "$1" ;;
    *) PATH=$PATH:/sbin:/usr/sbin command -v "$1" >/dev/null ;;
  esac
}

# need_packages ENTRY…: installs what is missing when root, else says what is missing. Never fails: the program that
# needs a package says so itself, and tests are skipped with the reason.
need_packages() {
  local entry package sign purpose missing=() told=()
  for entry; do
    IFS='|' read -r package sign purpose <<<"$entry"
    is_there "$sign" || { missing+=("$package"); told+=("$package ($purpose)"); }
  done
  ((${#missing[@]})) || return 0

  local list
  list=$(printf ', %s' "${told[@]}")
  list=${list:2}
  if [[ $EUID != 0 ]] || ! command -v apt-get >/dev/null; then
    say "Missing: $list. Install with: sudo apt-get install ${missing[*]}"
    return 0
  fi
  say "Installing $list with apt-get."
  install_packages "${missing[@]}" || { apt-get -qq update && install_packages "${missing[@]}"; } || say "apt-get could not install ${missing[*]}."
}

install_packages() { DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "$@" >/dev/null 2>&1; }

# build PROJECT: builds unless the last build of it, or of one that contains it, is newer than every source. Quiet, but for
# one line and what the compiler has to say on an error.
build() {
  local project=$1 stamp log
  stamp=$(stamp_of "$project")
  log=$root/artifacts/build.log
  if [[ -e $stamp && -z $(newer_source "$stamp") ]]; then
    return 0
  fi
  need_sdk
  mkdir -p "$root/artifacts"
  say "Building ${project##*/} …"
  touch "$stamp.begun"
  trap end_compiler EXIT
  if ! (cd "$root" && dotnet build "$project" -c "$configuration" -v quiet --nologo -clp:NoSummary \
    -p:UseSharedCompilation=true "-p:SharedCompilationId=$compiler" >"$log" 2>&1); then
    grep -E ': (error|warning) ' "$log" | sort -u >&2 || cat "$log" >&2
    fail 1 "The build failed; all of it is in $log"
  fi
  end_compiler
  trap - EXIT

  # The solution holds the demo, and the demo's build the command line.
  case $project in
    "$solution") touch -r "$stamp.begun" "$(stamp_of "$demo_project")" "$(stamp_of "$redoubt_project")" ;;
    "$demo_project") touch -r "$stamp.begun" "$(stamp_of "$redoubt_project")" ;;
  esac
  mv "$stamp.begun" "$stamp"
}

solution=Redoubt.slnx
demo_project=lab/Redoubt.Demo/Redoubt.Demo.csproj
redoubt_project=apps/redoubt/redoubt.csproj

stamp_of() { printf '%s/artifacts/built-%s' "$root" "$(basename "$1")"; }

# One compiler process for all projects of a build is several times faster than one each. It has a name of its own, so that
# it can be ended with the build instead of staying for minutes.
compiler=redoubt-build-$$
end_compiler() {
  local file
  for file in $(grep -lsaF -- "-pipename:$compiler" /proc/[0-9]*/cmdline); do
    file=${file%/cmdline}
    [[ ${file#/proc/} == "$BASHPID" ]] || kill "${file#/proc/}" 2>/dev/null || true
  done
}

# A source that is newer than a file, if any. (Folders do not count: the build itself makes some.)
newer_source() {
  local folder folders=()
  for folder in src apps lab bench tests ruleset; do
    [[ -d $root/$folder ]] && folders+=("$root/$folder")
  done
  find "${folders[@]}" "$root"/*.props "$root"/*.slnx "$root/global.json" \
    \( -name bin -o -name obj -o -name TestResults \) -prune -o -type f -newer "$1" -print -quit
}
