#!/usr/bin/env bash
# Makes sure that the tools which ferry's scripts need are on this machine. As root on Debian or
# Ubuntu it installs what is missing, elsewhere it names that in one line with the command.
#
#   prerequisites.sh build          JDK 17, Maven
#   prerequisites.sh build servers  also Python with venv, OpenSSH client and server,
#                               Nginx, zstd, age
#   prerequisites.sh s3             the S3 server, built with Go 1.25 or later, which no package has
#   prerequisites.sh link           a C compiler and iproute2, for link.py
#   prerequisites.sh peers          rsync, lftp and rclone, that ship is measured beside
set -euo pipefail

missing=()
s3=false

# What no package has is built last, with what was missing for it.
finish() {
  ! $s3 || python3 "$(dirname "${BASH_SOURCE[0]}")/s3.py" install >/dev/null || exit 2
  exit 0
}

# Is there a JDK of 17 or later? A runtime alone, without javac, cannot build.
has_jdk() {
  local javac="${JAVA_HOME:+$JAVA_HOME/bin/}javac" version
  version=$("$javac" -version 2>&1) || return 1
  version=${version#javac }
  [ "${version%%[!0-9]*}" -ge 17 ] 2>/dev/null
}

# Debian ships python3 without the part of venv that installs pip.
has_venv() {
  python3 -c 'import ensurepip, ssl, sys, venv; sys.exit(sys.version_info < (3, 10))' 2>/dev/null
}

has_sshd() {
  PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v sshd >/dev/null
}

has_nginx() {
  PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v nginx >/dev/null
}

for group in "${@:-build}"; do
  case $group in
    build)
      has_jdk || missing+=(openjdk-17-jdk-headless)
      command -v mvn >/dev/null || missing+=(maven)
      ;;
    servers)
      has_venv || missing+=(python3 python3-venv)
      command -v ssh-keygen >/dev/null || missing+=(openssh-client)
      has_sshd || missing+=(openssh-server)
      has_nginx || missing+=(nginx)
      command -v zstd >/dev/null || missing+=(zstd)
      command -v age >/dev/null || missing+=(age)
      ;;
    s3)
      s3=true
      command -v python3 >/dev/null || missing+=(python3)
      ;;
    link)
      command -v cc >/dev/null || missing+=(gcc libc6-dev)
      command -v ip >/dev/null || missing+=(iproute2)
      command -v sysctl >/dev/null || missing+=(procps)
      ;;
    peers)
      for tool in rsync lftp rclone; do
        command -v $tool >/dev/null || missing+=("$tool")
      done
      ;;
    *)
      echo "prerequisites.sh: there is no group '$group'" >&2
      exit 2
      ;;
  esac
done

[ ${#missing[@]} -gt 0 ] || finish

install="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "missing: ${missing[*]}; on Debian or Ubuntu: sudo sh -c '$install'" >&2
  exit 2
fi

echo "installing ${missing[*]}" >&2
# A package that starts a service must not open a port on this machine: policy-rc.d says no to all
# of them while the installation runs, where the machine has no rule of its own.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  printf '#!/bin/sh\nexit 101\n' >$policy
  chmod 755 $policy
  trap 'rm -f $policy' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
if ! sh -c "$install" >"$log" 2>&1 </dev/null; then
  tail -n 20 "$log" >&2
  echo "the installation failed, see $log" >&2
  exit 2
fi
rm -f "$log"
finish
