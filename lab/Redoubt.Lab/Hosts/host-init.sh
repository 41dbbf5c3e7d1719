# First process of a lab host: runs in fresh mount, network, pid, uts and ipc namespaces, builds the host's own root
# folder, says "ready" and stays until its standard input ends. When it ends, the kernel ends every process of the
# host and drops all its mounts and devices: nothing has to be cleaned up, however the lab itself came to its end.
set -euo pipefail
: "${LAB_NAME:?}" "${LAB_FOLDER:?}" "${LAB_PACKAGES:?}" "${LAB_VISIBLE:?}"

base=$LAB_FOLDER/mount
mount -t tmpfs -o mode=0755 lab "$base"
mkdir "$base/upper" "$base/work" "$base/root"
root=$base/root

# The machine's own files, read only; above them, in memory, the unpacked packages and what this host writes. (The
# packages cannot be a layer of their own: the kernel refuses layers of which one lies inside the other.)
cp -a "$LAB_PACKAGES/." "$base/upper/"
mount -t overlay -o "lowerdir=/,upperdir=$base/upper,workdir=$base/work" lab "$root"

mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
for place in run:0755 tmp:1777 var/tmp:1777 var/log:0755; do
  mkdir -p "$root/${place%:*}"
  mount -t tmpfs -o "mode=${place#*:}" lab "$root/${place%:*}"
done

mount -t tmpfs -o mode=0755 lab "$root/dev"
for device in null zero full random urandom tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 lab "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"

# One folder all hosts share and may write (homes, keys); the others (checkout, SDK) are seen read only.
mkdir -p "$root$LAB_FOLDER"
mount --bind "$LAB_FOLDER" "$root$LAB_FOLDER"
IFS=: read -ra visible <<<"$LAB_VISIBLE"
for folder in "${visible[@]}"; do
  mkdir -p "$root$folder"
  mount --bind "$folder" "$root$folder"
  mount -o remount,bind,ro "$root$folder"
done

# Accounts exist only here. alice is an ordinary user, carol an administrator; keys decide who gets in.
mkdir -p "$root/etc/ssh" "$root/var/lib/lab/alice" "$root/var/lib/lab/carol" "$root/run/sshd"
cat >"$root/etc/passwd" <<END
root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
sshd:x:105:65534::/run/sshd:/usr/sbin/nologin
alice:x:1000:1000::/var/lib/lab/alice:/bin/bash
carol:x:1001:1001::/var/lib/lab/carol:/bin/bash
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
END
cat >"$root/etc/group" <<END
root:x:0:
daemon:x:1:
adm:x:4:
tty:x:5:
sudo:x:27:carol
utmp:x:43:
systemd-journal:x:101:
alice:x:1000:
carol:x:1001:
nogroup:x:65534:
END
# "*" is no password, yet no lock either: logins by key work.
cat >"$root/etc/shadow" <<END
root:*:20000::::::
sshd:*:20000::::::
alice:*:20000::::::
carol:*:20000::::::
nobody:*:20000::::::
END
chmod 0640 "$root/etc/shadow"
chown 1000:1000 "$root/var/lib/lab/alice"
chown 1001:1001 "$root/var/lib/lab/carol"
printf 'passwd: files\ngroup: files\nshadow: files\nhosts: files\n' >"$root/etc/nsswitch.conf"
rm -f "$root/etc/resolv.conf" "$root/etc/nologin"
: >"$root/etc/resolv.conf"
printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts"
printf '%s\n' "$LAB_NAME" >"$root/etc/hostname"
: >"$root/run/utmp"
: >"$root/var/log/wtmp"
chgrp 43 "$root/run/utmp" "$root/var/log/wtmp"
chmod 0664 "$root/run/utmp" "$root/var/log/wtmp"
hostname "$LAB_NAME"
ip link set lo up

cd "$root"
mkdir .machine
pivot_root . .machine
umount -l /.machine
rmdir /.machine
cd /

echo ready
read -r _ || true
