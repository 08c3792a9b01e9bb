#!/bin/sh
# Runs after the deb or rpm package is unpacked: makes the sandbox usable, puts the command on the PATH and tells the desktop
# about the files. electron-builder fills in the two names. DPKG_ROOT is dpkg's own variable for another root.
set -e

program='${executable}'
folder='/opt/${sanitizedProductName}'
root="${DPKG_ROOT:-}"

# Always: a probe such as `unshare` succeeds on Ubuntu 23.10 and later although AppArmor then takes the new namespace's
# rights away, and without either sandbox Chromium refuses to start. With the bit set it works on every system.
chmod 4755 "$root$folder/chrome-sandbox"

link="$root/usr/bin/$program"
if [ -L "$link" ] || [ ! -e "$link" ]; then
  mkdir -p "$root/usr/bin"
  ln -sfn "$folder/$program" "$link"
else
  echo "$link is not a link; it stays as it is. Start Raft Lab from the menu or as '$folder/$program'." >&2
fi

# A cache that cannot be renewed now is renewed at the next chance; the package is installed all the same.
if command -v update-mime-database >/dev/null 2>&1; then
  update-mime-database "$root/usr/share/mime" || true
fi
if command -v update-desktop-database >/dev/null 2>&1; then
  update-desktop-database "$root/usr/share/applications" || true
fi
