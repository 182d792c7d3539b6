# Shared by try.sh and test.sh: what to install, and how to build.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${FENCEPOST_BUILD:-$root/build}

# Installs those of the Debian packages named in the given files that are missing.
install_missing() {
  local wanted missing=() package
  wanted=$(grep -hv '^#' "$@" | sort -u)
  for package in $wanted; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  echo "installing: ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      "${missing[@]}" >/dev/null
}

# build_all [cmake option]...
build_all() {
  local log=$build/build.log
  echo "building in $build"
  cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo "$@" >"$log" 2>&1 &&
    ninja -C "$build" >>"$log" 2>&1 && return 0
  tail -50 "$log"
  return 1
}
