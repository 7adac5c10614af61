# Sourced by run and test: what has to be on the machine, and how it gets there.

# What the program is linked with.
# shellcheck disable=SC2034 # for whoever sources this
libraries=(libsqlite3-dev libisal-dev libbz2-dev liblzma-dev libcrypt-dev libcurl4-openssl-dev zlib1g-dev libzstd-dev pkg-config)
# What the Swift toolchain itself calls and loads.
toolchain=(binutils ca-certificates g++ git libc6-dev libcurl4-openssl-dev libncurses-dev libsqlite3-dev libxml2-dev tzdata)

# Says what is wrong and gives up.
fail() {
    echo "$1" >&2
    exit 1
}

# Installs those of the given Debian packages that are missing, and says so.
install_packages() {
    local package missing=() root=()
    for package in "$@"; do
        [[ "$(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null)" == installed ]] || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    command -v apt-get >/dev/null || fail "These packages are missing, and there is no apt-get to install them with: ${missing[*]}"
    if ((EUID != 0)); then
        command -v sudo >/dev/null || fail "Please install these packages as root, then start this again: apt-get install ${missing[*]}"
        root=(sudo)
    fi
    echo "Installing packages that are missing: ${missing[*]}"
    "${root[@]}" apt-get -qq update || echo "The lists of packages could not be brought up to date; going on with those that are there."
    # No service of a package is started (RUNLEVEL): tests start their own.
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -qq -y install --no-install-recommends "${missing[@]}" ||
        fail "Installing these packages did not work, see above: ${missing[*]}"
}

# Sees to a Swift toolchain of at least 6.3 that works.
require_swift() {
    command -v swift >/dev/null ||
        fail "Swift 6.3 is missing. It is at https://www.swift.org/install/linux/ (with swiftly: swiftly install 6.3)."
    if ! command -v g++ >/dev/null || ! command -v git >/dev/null || ! swift build --version >/dev/null 2>&1; then
        install_packages "${toolchain[@]}"
    fi
    local version
    version="$(swift --version 2>&1)" || fail "swift does not start: $version"
    if [[ ! "$version" =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]]; then
        fail "swift --version says nothing about a version: $version"
    elif ((BASH_REMATCH[1] * 1000 + BASH_REMATCH[2] < 6003)); then
        fail "Swift 6.3 is needed, and this is ${BASH_REMATCH[1]}.${BASH_REMATCH[2]}. See https://www.swift.org/install/linux/."
    fi
}
