#!/bin/sh
# Runs after the deb or rpm package's files are gone: takes away what after-install.sh made. electron-builder fills in the
# two names. DPKG_ROOT is dpkg's own variable for another root.
set -e

program='${executable}'
folder='/opt/${sanitizedProductName}'
root="${DPKG_ROOT:-}"

# An upgrade runs this, too: dpkg names it, rpm gives the number of versions that stay. rpm runs the new version's
# after-install.sh before this one, so the link must be left alone.
case "${1:-}" in
  upgrade | failed-upgrade | abort-install | abort-upgrade | [1-9]*) exit 0 ;;
esac

link="$root/usr/bin/$program"
if [ "$(readlink "$link" || true)" = "$folder/$program" ]; then
  rm -f "$link"
fi
