#!/usr/bin/env bash
# Brings the real programs that the tests talk to. Installs Debian's packages where it may; elsewhere it names what is
# missing and fails, so that no test is ever skipped for the want of a server.
set -euo pipefail

# program -> Debian's package; a program is looked for on the path and where Debian hides servers
declare -A package_of=(
  [chromium-headless-shell]=chromium-headless-shell
  [postgres]=postgresql
  [redis-server]=redis-server
  [postfix]=postfix
  [swaks]=swaks
  [opendkim]=opendkim
  [opendkim-testmsg]=opendkim-tools
  [knotd]=knot
  [dovecot]=dovecot-imapd
  [nginx]=nginx-light
  [setpriv]=util-linux
)
PATH="$PATH:/usr/sbin:/sbin:$(printf '%s:' /usr/lib/postgresql/*/bin)"

missing_packages() {
  local program
  for program in "${!package_of[@]}"; do
    command -v "$program" >/dev/null || printf '%s\n' "${package_of[$program]}"
  done | sort -u
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
  command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}

install() {
  # Postfix asks what it is for unless it is told; the tests run one of their own with its own configuration.
  echo 'postfix postfix/main_mailer_type select No configuration' | as_root debconf-set-selections
  as_root apt-get update -qq
  # shellcheck disable=SC2086  one word for each package
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $1 fonts-dejavu-core \
    fonts-noto-color-emoji </dev/null >/dev/null
}

missing=$(missing_packages | tr '\n' ' ')
[ -n "$missing" ] || exit 0
if may_install; then
  echo "Installing Debian packages for the tests: $missing"
  install "$missing"
  hash -r
  PATH="$PATH:$(printf '%s:' /usr/lib/postgresql/*/bin)"
  missing=$(missing_packages | tr '\n' ' ')
fi
if [ -n "$missing" ]; then
  echo "The tests need these Debian packages, which could not be installed: $missing" >&2
  echo "As root: apt-get install --no-install-recommends $missing" >&2
  exit 1
fi
