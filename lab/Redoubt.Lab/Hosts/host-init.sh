# First process of a lab host: runs in fresh mount, network, pid, uts and ipc namespaces, builds the host's own root
# folder, says "ready" and stays until its standard input ends. When it ends, the kernel ends every process of the
# host and drops all its mounts and devices: nothing has to be cleaned up, however the lab itself came to its end.
# Few processes are started on purpose: they are what making a host costs.
set -euo pipefail
: "${LAB_NAME:?}" "${LAB_FOLDER:?}" "${LAB_PACKAGES:?}" "${LAB_VISIBLE:?}"

base=$LAB_FOLDER/mount
root=$base/root
mount -t tmpfs -o mode=0755 lab "$base"
mkdir "$base/upper" "$base/work" "$root"

# The machine's own files, read only; above them, in memory, the unpacked packages and what this host writes. (The
# packages cannot be a layer of their own: the kernel refuses layers of which one lies inside the other.) Then one
# folder all hosts share and may write (homes, keys); the others (checkout, SDK) are seen read only.
cp -a "$LAB_PACKAGES/." "$base/upper/"
{
  echo "lab $root overlay lowerdir=/,upperdir=$base/upper,workdir=$base/work"
  echo "proc $root/proc proc defaults"
  echo "sysfs $root/sys sysfs ro"
  echo "lab $root/run tmpfs mode=0755"
  echo "lab $root/tmp tmpfs mode=1777"
  echo "lab $root/var/tmp tmpfs mode=1777"
  echo "lab $root/var/log tmpfs mode=0755"
  echo "lab $root/dev tmpfs mode=0755"
  echo "devpts $root/dev/pts devpts X-mount.mkdir,newinstance,ptmxmode=0666,mode=0620,gid=5"
  echo "lab $root/dev/shm tmpfs X-mount.mkdir,mode=1777"
  echo "$LAB_FOLDER $root$LAB_FOLDER none X-mount.mkdir,bind"
  IFS=:
  for folder in $LAB_VISIBLE; do
    echo "$folder $root$folder none X-mount.mkdir,bind,ro"
  done
  unset IFS
} >"$base/fstab"
mount --all --fstab "$base/fstab"
cp -a /dev/{null,zero,full,random,urandom,tty} "$root/dev/"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"

# Accounts exist only here. alice is an ordinary user, carol an administrator; keys decide who gets in.
alice=$root/var/lib/lab/alice
carol=$root/var/lib/lab/carol
mkdir -p "$root/etc/ssh" "$root/run/sshd" "$alice" "$carol"
echo "root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
sshd:x:105:65534::/run/sshd:/usr/sbin/nologin
alice:x:1000:1000::/var/lib/lab/alice:/bin/bash
carol:x:1001:1001::/var/lib/lab/carol:/bin/bash
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin" >"$root/etc/passwd"
echo "root:x:0:
daemon:x:1:
adm:x:4:
tty:x:5:
sudo:x:27:carol
utmp:x:43:
systemd-journal:x:101:
alice:x:1000:
carol:x:1001:
nogroup:x:65534:" >"$root/etc/group"
# "*" is no password, yet no lock either: logins by key work.
echo "root:*:20000::::::
sshd:*:20000::::::
alice:*:20000::::::
carol:*:20000::::::
nobody:*:20000::::::" >"$root/etc/shadow"
chmod 0640 "$root/etc/shadow"
chown 1000:1000 "$alice"
chown 1001:1001 "$carol"
rm -f "$root/etc/resolv.conf" "$root/etc/nologin"
: >"$root/etc/resolv.conf"
printf 'passwd: files\ngroup: files\nshadow: files\nhosts: files\n' >"$root/etc/nsswitch.conf"
printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts"
echo "$LAB_NAME" >"$root/etc/hostname"
umask 002
: >"$root/run/utmp"
: >"$root/var/log/wtmp"
umask 022
chgrp 43 "$root/run/utmp" "$root/var/log/wtmp"
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
