#!/bin/sh
# What a person does with the Debian package, in a root of its own. Arguments: an older and a newer package.
# Prints a line for each step, `ok WHAT` or `FAILED WHAT`; Debian's own tools say what is right.
old=$1 new=$2
unit=/usr/lib/systemd/system/bootwire.service
wanted=/etc/systemd/system/multi-user.target.wants/bootwire.service
config=/etc/bootwire/bootwire.yaml
state=/var/lib/bootwire

# The step's name, then a function of this file.
step() {
  if (set -e; "$2") >/tmp/step.log 2>&1; then echo "ok $1"; else echo "FAILED $1"; cat /tmp/step.log >&2; fi
}

install_package() { apt-get install -y -q --no-install-recommends "$1"; }

installs() { apt-get update -q; install_package "$old"; }
is_whole() { test -z "$(dpkg --audit)"; dpkg --verify bootwire; }
has_user() { getent passwd bootwire | grep -q nologin; }
waits_for_configuration() { test -L "$wanted"; grep -q "ConditionPathExists=$config" "$unit"; ! test -e "$config"; }
makes_configuration() { bootwire init "$config"; bootwire check "$config"; }
upgrades() {
  cp "$config" /tmp/kept
  install_package "$new"
  cmp /tmp/kept "$config"
  test "$(dpkg-query -W -f '${Version}' bootwire)" = "$(dpkg-deb -f "$new" Version)"
}

# What systemd does with the unit: its user, its one capability, its state folder.
as_unit() {
  caps=-all,+net_bind_service
  STATE_DIRECTORY=$state exec setpriv --reuid=bootwire --regid=bootwire --clear-groups --no-new-privs \
    --inh-caps=$caps --ambient-caps=$caps --bounding-set=$caps "$@"
}
network() {
  ip link set lo up
  ip link add lan0 type veth peer name far0
  ip address add 10.91.0.2/24 brd + dev lan0
  ip link set lan0 up
  ip link set far0 up
}
serves() {
  network
  printf 'server: { interface: lan0 }\nprofiles: { disk: { local: true } }\nunknown: { after: local }\n' >"$config"
  install -d -o bootwire -g bootwire -m 750 "$state"
  # shellcheck disable=SC2046 # words of the unit
  as_unit $(sed -n 's/^ExecStart=//p' "$unit") >/tmp/daemon.log 2>&1 &
  daemon=$!
  for _ in $(seq 100); do grep -q '"event":"ready"' /tmp/daemon.log && break; sleep 0.1; done
  cat /tmp/daemon.log
  curl -sf http://10.91.0.2:8080/boot.ipxe | head -1 | grep '^#!ipxe'
  bootwire tftp get tftp://10.91.0.2/undionly.kpxe /tmp/undionly.kpxe
  cmp /tmp/undionly.kpxe /usr/lib/ipxe/undionly.kpxe
  test "$(stat -c %U /proc/$daemon)" = bootwire
  kill -TERM $daemon
  wait $daemon
}
removed() { apt-get remove -y -q bootwire; ! test -e /usr/bin/bootwire; test -e "$config"; test -d "$state"; }
purged() {
  dpkg --purge bootwire
  for left in "$state" /usr/lib/bootwire "$wanted" "$unit" /usr/lib/sysctl.d/90-bootwire.conf; do
    ! test -e "$left" || { echo "left: $left"; return 1; }
  done
  ! getent passwd bootwire
}

if [ "$1" = in-network ]; then set -e; serves; exit; fi
serves_alone() { unshare --net sh "$0" in-network; }

step 'it installs' installs
step 'dpkg finds nothing wrong with it' is_whole
step 'its user has no shell' has_user
step 'it is enabled, and waits for a configuration' waits_for_configuration
step 'init and check work' makes_configuration
step 'an upgrade keeps the configuration' upgrades
step 'it serves as its unit says: a script by HTTP, iPXE by TFTP, without root' serves_alone
step 'removed, it leaves configuration and state' removed
step 'purged, it leaves nothing of its own' purged
