#!/usr/bin/env bash
# usage: repository.sh dnf|zypper
# Creates /srv/repository with signed RPM packages of an Engine, made from those of Debian under the names that the distributions and Docker use:
# two versions of the Engine, and version 99, which refuses to be installed.
set -e -o pipefail
export DEBIAN_FRONTEND=noninteractive
test -e /srv/repository/gpg && exit
rm -rf /srv/build /srv/repository /var/cache/dnf /var/cache/zypp /var/lib/dnf
mkdir -p /srv/build /srv/repository
cd /srv/build

apt-get download -qq docker.io containerd runc
dpkg --info docker.io_*.deb | grep -q docker-cli && apt-get download -qq docker-cli
for file in *.deb; do dpkg-deb -x "$file" "${file%%_*}"; done
mkdir -p docker-cli/usr/bin
[ ! -e docker.io/usr/bin/docker ] || mv docker.io/usr/bin/docker docker-cli/usr/bin/
cp -a runc/usr/. containerd/usr/
[ "$1" = dnf ] || cp -a docker-cli/usr/. docker.io/usr/
for folder in docker.io docker-cli containerd; do
  [ ! -d $folder/lib ] || cp -a $folder/lib/. $folder/usr/lib/
  rm -rf "./$folder"/{lib,etc} "./$folder/usr/share"
done
mkdir -p empty/srv stub/etc podman-docker/usr/bin
touch stub/etc/stub
printf '#!/bin/sh\nexec podman "$@"\n' > podman-docker/usr/bin/docker
chmod 755 podman-docker/usr/bin/docker

gpg --batch --list-secret-keys molecule > /dev/null 2>&1 || gpg --batch --quiet --passphrase '' --quick-generate-key molecule default default never
cat > ~/.rpmmacros <<'END'
%_gpg_name molecule
%__gpg /usr/bin/gpg
%_topdir /srv/build/rpmbuild
%_binary_payload w0.gzdio
%_build_id_links none
%__os_install_post %{nil}
END

package() { # FOLDER NAME VERSION REQUIRES CONFLICTS PROVIDES
  local scripts=""
  # The scripts of Docker's packages: the group, and a restart when the package is upgraded.
  case $1 in docker.io)
    scripts="%post
getent group docker >/dev/null || groupadd --system docker
systemctl daemon-reload
%preun
[ \$1 -ne 0 ] || systemctl --no-reload disable --now docker.service docker.socket
%postun
systemctl daemon-reload
[ \$1 -eq 0 ] || systemctl try-restart docker.service
" ;;
  esac
  [ "$3" != 99 ] || scripts="%pre
echo 'this version refuses to be installed' >&2
exit 1
$scripts"
  (cd "$1" && find . -type f -o -type l | sed 's/^\.//') > listed
  cat > package.spec <<END
Name: $2
Version: $3
Release: 1
Summary: $2
License: none
AutoReqProv: no
${4:+Requires: $4}
${5:+Conflicts: $5}
${6:+Provides: $6}
%description
$2
%install
mkdir -p %{buildroot}
cp -a /srv/build/$1/. %{buildroot}
${scripts}
%files -f /srv/build/listed
END
  rpmbuild -bb --quiet package.spec
}
index() { # FOLDER PACKAGE...
  mkdir -p "$1"
  for name in "${@:2}"; do cp rpmbuild/RPMS/x86_64/"$name"-[0-9]*.rpm "$1"; done
  rpm --addsign "$1"/*.rpm > /dev/null 2>&1
  createrepo_c --quiet "$1"
  gpg --batch --yes --detach-sign --armor "$1/repodata/repomd.xml"
}
package containerd containerd 1.6.20
package podman-docker podman-docker 4.3.1
package stub python3-docker 7.1.0
# What Debian's packages provide, which are not in the database of rpm.
touch empty/srv/debian
package empty debian 1 "" "" "/bin/sh, glibc, dnf-command(versionlock)"
rpm --install rpmbuild/RPMS/x86_64/debian-*.rpm
if [ "$1" = dnf ]; then
  for version in 20.10.24 20.10.25; do
    package docker.io docker-ce $version "containerd.io, docker-ce-cli" moby-engine
    package docker-cli docker-ce-cli $version
  done
  package stub docker-ce 99 "containerd.io, docker-ce-cli"
  package stub docker-ce-cli 99
  package containerd containerd.io 1.6.20
  package docker.io moby-engine 20.10.24 containerd
  package docker-cli docker-cli 20.10.24
  index /srv/repository/41/x86_64/stable docker-ce docker-ce-cli containerd.io
  index /srv/repository/own moby-engine docker-cli containerd podman-docker python3-docker
else
  for version in 20.10.24 20.10.25; do package docker.io docker $version containerd docker-ce; done
  package stub docker 99 containerd
  package docker.io docker-ce 20.10.24 containerd
  index /srv/repository/own docker containerd podman-docker python3-docker
  index /srv/repository/other docker-ce
fi
gpg --armor --export molecule > /srv/repository/gpg
