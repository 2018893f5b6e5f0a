#!/bin/bash
# Makes the layers of the test image as tar files: layers.sh FOLDER
# FOLDER/debs holds Debian packages; what they hold becomes the layers, together with whatever else is rare or hard in real ones.
# As root the files have several owners and there are devices.
set -euo pipefail
cd "$1"
export LC_ALL=C TZ=UTC
umask 022
root=$([ "$(id -u)" = 0 ] && echo yes || echo no)

unpack() { dpkg-deb -x debs/"$1"_*.deb "$2"; }
# pack NAME FORMAT [OPTION…]: makes NAME.tar from the tree NAME, without a ./ before each path
pack() { (cd "$1" && tar --numeric-owner --sort=name --format="$2" "${@:3}" -cf ../"$1.tar" -- *); }

long() { printf "$1-%.0s" {1..24}; }

# the lowest layer: GNU format, paths that begin with ./
mkdir -p system/{etc,tmp,dev,root,home/user,srv/opaque/sub,srv/becomes-a-file,opt/whole/sub,usr/lib,usr/share/names,var/local}
unpack busybox-static system
unpack passwd system
cd system
chmod 1777 tmp
chmod 700 root
chmod 2775 var/local
ln bin/busybox bin/sh                                # a hard link
ln -s busybox bin/ls                                 # a link beside it
ln -s /bin/busybox usr/bin/env                       # an absolute link
ln -s ../../etc/nowhere usr/lib/dangling
ln -s loop usr/lib/loop
ln -s "/$(long target)/$(long target)" usr/lib/long-target
echo twin > usr/lib/twin-a && ln usr/lib/twin-a usr/lib/twin-b
echo "pair, first content" > etc/pair-a && ln etc/pair-a etc/pair-b
echo gone > etc/removed.conf
echo "is a file below" > etc/becomes-a-folder
echo "from below" > etc/comes-back
echo old > srv/opaque/old && echo old > srv/opaque/sub/old
echo x > srv/becomes-a-file/inside
echo x > opt/whole/file && echo x > opt/whole/sub/file
: > usr/share/names/empty
echo 1 > usr/share/names/$'täst 日本語 ☃.txt'
echo 2 > usr/share/names/' spaces around '
echo 3 > usr/share/names/'back\slash "quote" $dollar *'
echo 4 > usr/share/names/-dash
mkdir -p "usr/share/$(long gnu)/$(long gnu)"
echo deep > "usr/share/$(long gnu)/$(long gnu)/deep"
ln "usr/share/$(long gnu)/$(long gnu)/deep" "usr/share/$(long gnu)/$(long gnu)/twin of deep"
mkfifo var/local/fifo
touch -d @0 etc/removed.conf usr/share/names/empty
touch -d '1999-12-31 23:59:59' home/user usr/share/names/-dash
touch -d '2055-05-05 05:05:05' etc/pair-a            # beyond 32 bits
if [ $root = yes ]; then
    mknod -m 666 dev/null c 1 3
    mknod -m 660 dev/loop0 b 7 0
    chown 1000:1000 home/user
    chown 33:33 srv
    chown 3000000:4000000 usr/share/names/empty      # more than seven octal digits hold
    chown root:50 var/local && chmod 2775 var/local
fi
cd ..
tar --numeric-owner --sort=name --format=gnu -cf system.tar -C system .

# a layer of real programs: PAX format with times finer than a second
unpack libpython3.11-minimal python
unpack python3.11-minimal python
mkdir -p "python/usr/local/bin" "python/usr/share/$(long päx)/$(long päx)"
ln -s python3.11 python/usr/bin/python3
ln -s /usr/bin/python3.11 python/usr/local/bin/python
echo deep > "python/usr/share/$(long päx)/$(long päx)/tief"
touch -d '2020-02-02 02:02:02.123456789' "python/usr/share/$(long päx)/$(long päx)/tief"
pack python pax

tar -cf empty.tar -T /dev/null

# a layer that changes the ones below
unpack nginx changes
unpack nginx-common changes
mkdir -p changes/{etc/becomes-a-folder,srv/opaque,opt,home/user,usr/lib}
cd changes
touch etc/.wh.removed.conf opt/.wh.whole usr/lib/.wh.twin-a
touch etc/.wh.comes-back && echo "from above" > etc/comes-back
echo "pair, second content" > etc/pair-a             # etc/pair-b keeps the first
echo inside > etc/becomes-a-folder/inside
echo "is a file now" > srv/becomes-a-file
echo new > srv/opaque/new
chmod 711 home/user
if [ $root = yes ]; then chown 1001:1001 home/user && chown 33:33 srv; fi
cd ..
pack changes gnu
# the mark of an opaque folder, behind what the layer itself puts in there
touch changes/srv/opaque/.wh..wh..opq
tar --numeric-owner --format=gnu -C changes -rf changes.tar srv/opaque/.wh..wh..opq

# a hard link to a file of a lower layer
mkdir -p links/bin && cp -p system/bin/busybox links/bin/busybox && ln links/bin/busybox links/bin/zcat
pack links ustar
tar --delete -f links.tar bin/busybox

# bytes that do not compress, more than one piece of 8 MiB in which blobs are fetched
mkdir -p large/usr/share && head -c 9437184 /dev/zero | openssl enc -aes-128-ctr -K 0 -iv 0 2> /dev/null > large/usr/share/large
pack large ustar

for platform in amd64 arm64 armv6; do
    mkdir -p $platform/etc && echo $platform > $platform/etc/platform
    pack $platform ustar
done
