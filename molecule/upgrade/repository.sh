#!/usr/bin/env bash
# Creates and signs /srv/repository: docker-ce 5:20.10 from Debian 12 and 5:26.1 from Debian 13, each with docker-ce-cli, and containerd.io with runc.
set -e -o pipefail
export DEBIAN_FRONTEND=noninteractive
test -e /srv/repository/gpg && exit
rm -rf /srv/build /srv/repository
mkdir -p /srv/build/old/lists/partial /srv/repository/pool /srv/repository/dists/trixie/stable/binary-amd64
cd /srv/build

sed 's/trixie/bookworm/' /etc/apt/sources.list | grep -v updates > old/sources.list
cat > old/apt.conf <<END
Dir::Etc::SourceList "/srv/build/old/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State::Lists "/srv/build/old/lists";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
END
apt-get update -qq
apt-get install -qq --no-install-recommends gpg gpg-agent > /dev/null
apt-get download -qq docker.io docker-cli containerd runc
(cd old && export APT_CONFIG=/srv/build/old/apt.conf && apt-get update -qq && apt-get download -qq docker.io/bookworm)
for name in docker.io docker-cli containerd runc; do dpkg-deb -R ${name}_*.deb $name; done
dpkg-deb -R old/docker.io_*.deb old/docker.io

# Docker's containerd.io contains its own runc, and the docker command is in a separate package in every version.
cp -a runc/usr/. containerd/usr/
mkdir -p old/docker-cli/usr/bin
cp -a docker-cli/DEBIAN old/docker-cli/
rm -f old/docker-cli/DEBIAN/{md5sums,conffiles}
mv old/docker.io/usr/bin/docker old/docker-cli/usr/bin/
rm -r old/docker.io/usr/share

# Versions that cannot be installed, each for another reason, and one whose daemon does not start.
stub() { # FOLDER FROM COMMAND
  mkdir -p "$1/$(dirname "$3")"
  cp -a "$2/DEBIAN" "$1/"
  rm -f "$1"/DEBIAN/{md5sums,conffiles}
  printf '#!/bin/sh\necho "this version does not work" >&2\nexit 1\n' > "$1/$3"
  chmod 755 "$1/$3"
}
refuse() { # SCRIPT
  printf '#!/bin/sh\necho "this version refuses to be installed" >&2\nexit 1\n' > "$1"
  chmod 755 "$1"
}
for fault in preinst postinst dependency checksum missing; do
  stub $fault docker.io usr/sbin/dockerd
  stub $fault-cli docker-cli usr/bin/docker
done
refuse preinst/DEBIAN/preinst
refuse postinst/DEBIAN/postinst
sed -i 's/^Depends: /&unobtainable, /' dependency/DEBIAN/control
cp -a docker.io start
cp -a docker-cli start-cli
mv start/usr/sbin/dockerd start/usr/sbin/dockerd.works
cat > start/usr/sbin/dockerd <<'END'
#!/bin/sh
case "$*" in *--validate* | *--version* | *--help*) exec dockerd.works "$@" ;; esac
echo "this version does not start" >&2
exit 1
END
chmod 755 start/usr/sbin/dockerd

package() { # FOLDER NAME VERSION
  sed -i -e "s/^Package: .*/Package: $2/; s/^Version: .*/Version: $3/" \
    -e '/^Depends:/{s/containerd\( ([^)]*)\)\?/containerd.io/;s/runc\( ([^)]*)\)\?,\? *//;s/lsb-base, *//;s/, *$//}' \
    -e '/^\(Conflicts\|Breaks\|Replaces\|Provides\|Recommends\|Suggests\|Built-Using\|Static-Built-Using\):/d' "$1/DEBIAN/control"
  dpkg-deb -Znone -b "$1" "/srv/repository/pool/$2_${3#*:}.deb" > /dev/null
}
package old/docker.io docker-ce 5:20.10.24
package old/docker-cli docker-ce-cli 5:20.10.24
package docker.io docker-ce 5:26.1.5
package docker-cli docker-ce-cli 5:26.1.5
version=0
for fault in preinst postinst dependency checksum missing start; do
  package $fault docker-ce 5:99.$version
  package $fault-cli docker-ce-cli 5:99.$version
  version=$((version + 1))
done
package containerd containerd.io 1.7.24

cd /srv/repository
for package in pool/*.deb; do
  dpkg-deb -f "$package"
  printf 'Filename: %s\nSize: %s\nSHA256: %s\n\n' "$package" "$(stat -c %s "$package")" "$(sha256sum "$package" | cut -d' ' -f1)"
done > dists/trixie/stable/binary-amd64/Packages
rm pool/docker-ce_99.4.deb
printf ' ' >> pool/docker-ce_99.3.deb
cd dists/trixie
index=stable/binary-amd64/Packages
printf 'Suite: trixie\nCodename: trixie\nComponents: stable\nArchitectures: amd64\nDate: %s\nSHA256:\n %s %s %s\n' \
  "$(date -Ru)" "$(sha256sum $index | cut -d' ' -f1)" "$(stat -c %s $index)" $index > Release
gpg --batch --list-secret-keys molecule > /dev/null 2>&1 || gpg --batch --quiet --passphrase '' --quick-generate-key molecule default default never
gpg --batch --yes --clearsign --output InRelease Release
rm -rf /srv/build
gpg --armor --export molecule > /srv/repository/gpg
