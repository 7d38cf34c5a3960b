# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of container_run. Written by tools/write_option_docs.py from module_utils/container; edit the rows there."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of container_run."""

    DOCUMENTATION = r"""
options:
  annotations:
    description:
      - "Annotations for the OCI runtime."
      - "Needs Engine API 1.43."
    type: "dict"
  auto_remove:
    description:
      - "Let the Engine remove the container when its process ends. Such a container cannot have a restart policy."
    type: "bool"
  blkio_weight:
    description:
      - "Weight of block I/O against other containers, from 10 to 1000."
    type: "int"
  blkio_weight_device:
    description:
      - "Weight of block I/O for single devices."
    type: "list"
    elements: "dict"
    suboptions:
      path:
        description:
          - "Path of the device on the host."
        type: "str"
        required: true
      weight:
        description:
          - "Weight, from 10 to 1000."
        type: "int"
        required: true
  cap_drop:
    description:
      - "Linux capabilities to take away."
    type: "list"
    elements: "str"
  capabilities:
    description:
      - "Linux capabilities to add, such as V(NET_ADMIN), with or without C(CAP_), in any case. V(ALL) adds all."
    type: "list"
    elements: "str"
  cgroup_parent:
    description:
      - "Parent cgroup of the container's."
    type: "str"
  cgroupns_mode:
    description:
      - "Whether the container has a cgroup namespace of its own. The daemon's default follows the cgroup version."
      - "Needs Engine API 1.41."
    type: "str"
    choices: ["host", "private"]
  cleanup:
    description:
      - "With O(detach=false), remove the container after it has ended."
    type: "bool"
    default: false
  command:
    description:
      - "Command to run instead of the image's, as a list of words or as a string that is split like a shell would."
      - "An empty list means the image's own command."
    type: "raw"
  command_handling:
    description:
      - "V(compatibility) joins lists in O(command) and O(entrypoint) and splits them again, as old versions of other modules did."
    type: "str"
    default: "correct"
    choices: ["compatibility", "correct"]
  comparisons:
    description:
      - "How to compare single options with the container: V(strict), V(ignore) or V(allow_more_present), by the option's name or alias."
      - "V(strict) allows nothing more than the task and the image say. V(allow_more_present) is for sets and dictionaries. The key V(*) is for all
        options and takes V(strict) or V(ignore)."
    type: "dict"
  container_default_behavior:
    description:
      - "V(compatibility) gives O(auto_remove), O(init), O(interactive), O(memory), O(paused), O(privileged), O(read_only) and O(tty) the value false or
        0 where the task does not set them."
    type: "str"
    default: "no_defaults"
    choices: ["compatibility", "no_defaults"]
  cpu_period:
    description:
      - "Period of the CFS scheduler in microseconds."
    type: "int"
  cpu_quota:
    description:
      - "CPU time per O(cpu_period) in microseconds."
    type: "int"
  cpu_rt_period:
    description:
      - "Period of the real-time scheduler in microseconds. The kernel and the daemon must allow real-time scheduling for containers."
    type: "int"
  cpu_rt_runtime:
    description:
      - "CPU time per O(cpu_rt_period) for real-time tasks, in microseconds."
    type: "int"
  cpu_shares:
    description:
      - "Weight against other containers when CPU time is short; 1024 is the usual weight."
    type: "int"
  cpus:
    description:
      - "How many CPUs the container may use at most, such as V(1.5)."
    type: "float"
  cpuset_cpus:
    description:
      - "CPUs to run on, such as V(0-2,4)."
    type: "str"
  cpuset_mems:
    description:
      - "NUMA memory nodes to use, such as V(0,1)."
    type: "str"
  default_host_ip:
    description:
      - "Address of the host for O(published_ports) that name none. If it is not set, the daemon's own default is used, which is all addresses."
    type: "str"
  detach:
    description:
      - "V(false) waits for the container to end, returns its log in C(container.Output) and fails if its exit code is not 0."
    type: "bool"
  device_cgroup_rules:
    description:
      - "Rules of the device cgroup, such as V(c 42:* rmw)."
    type: "list"
    elements: "str"
  device_read_bps:
    description:
      - "Bytes per second that may be read from a device."
    type: "list"
    elements: "dict"
    suboptions:
      path:
        description:
          - "Path of the device on the host."
        type: "str"
        required: true
      rate:
        description:
          - "Bytes per second, such as V(10m)."
        type: "str"
        required: true
  device_read_iops:
    description:
      - "Reads per second from a device."
    type: "list"
    elements: "dict"
    suboptions:
      path:
        description:
          - "Path of the device on the host."
        type: "str"
        required: true
      rate:
        description:
          - "Operations per second."
        type: "int"
        required: true
  device_requests:
    description:
      - "Devices that a driver hands out, such as GPUs."
      - "Needs Engine API 1.40."
    type: "list"
    elements: "dict"
    suboptions:
      capabilities:
        description:
          - "Sets of what the device must be able to do, such as V([[gpu]]); all of one set must hold."
        type: "list"
        elements: "list"
      count:
        description:
          - "How many devices; V(-1) for all."
        type: "int"
      device_ids:
        description:
          - "Ids of the devices."
        type: "list"
        elements: "str"
      driver:
        description:
          - "Driver that hands them out, such as V(nvidia)."
        type: "str"
      options:
        description:
          - "Options for the driver."
        type: "dict"
  device_write_bps:
    description:
      - "Bytes per second that may be written to a device."
    type: "list"
    elements: "dict"
    suboptions:
      path:
        description:
          - "Path of the device on the host."
        type: "str"
        required: true
      rate:
        description:
          - "Bytes per second, such as V(10m)."
        type: "str"
        required: true
  device_write_iops:
    description:
      - "Writes per second to a device."
    type: "list"
    elements: "dict"
    suboptions:
      path:
        description:
          - "Path of the device on the host."
        type: "str"
        required: true
      rate:
        description:
          - "Operations per second."
        type: "int"
        required: true
  devices:
    description:
      - "Devices of the host, each as V(path on host:path in container:permissions)."
    type: "list"
    elements: "str"
  dns_opts:
    description:
      - "Options of the resolver, such as V(ndots:2)."
    type: "list"
    elements: "str"
  dns_search_domains:
    description:
      - "Domains to search names in, in order."
    type: "list"
    elements: "str"
  dns_servers:
    description:
      - "Name servers, in order."
    type: "list"
    elements: "str"
  domainname:
    description:
      - "NIS domain name inside the container."
    type: "str"
  entrypoint:
    description:
      - "Program that O(command) is handed to, instead of the image's. With it the image's command no longer counts."
      - "An empty list clears the image's entry point."
    type: "list"
    elements: "str"
  env:
    description:
      - "Environment variables. All values must be strings, so put numbers and words such as yes into quotes."
      - "Values whose names look secret, and those that O(secret_env) names, are masked in what the module returns."
    type: "dict"
  env_file:
    description:
      - "File on the host with lines KEY=VALUE; what O(env) says wins."
    type: "path"
  etc_hosts:
    description:
      - "More lines of C(/etc/hosts): name to address. V(host-gateway) stands for the host's own address."
    type: "dict"
  exposed_ports:
    description:
      - "Ports that the container listens on, without publishing them."
    type: "list"
    elements: "str"
    aliases: ["exposed", "expose"]
  force_kill:
    description:
      - "Kill the container instead of stopping it."
    type: "bool"
    default: false
    aliases: ["forcekill"]
  grace:
    description:
      - "Seconds to watch a container that was just started: one that ends or restarts meanwhile is a failure, with its exit code and the end of its
        log."
      - "V(0) switches the watch off. It costs nothing when nothing was started."
    type: "float"
    default: 1.0
  groups:
    description:
      - "More groups of the process, by name or number."
    type: "list"
    elements: "str"
  healthcheck:
    description:
      - "How the Engine finds out whether the container is well."
    type: "dict"
    suboptions:
      test:
        description:
          - "Command that succeeds while the container is well: a string for the container's shell, or a list that begins with V(CMD), V(CMD-SHELL) or
            V(NONE). V(NONE) switches the image's check off."
        type: "raw"
      test_cli_compatible:
        description:
          - "V(true) takes the image's test where O(healthcheck.test) is not set, so that only its times are changed."
        type: "bool"
        default: false
      interval:
        description:
          - "Time between two checks, such as V(30s) or V(1m30s)."
        type: "str"
      timeout:
        description:
          - "Longest time of one check."
        type: "str"
      start_period:
        description:
          - "Time after the start in which failures do not count."
        type: "str"
      start_interval:
        description:
          - "Time between two checks during O(healthcheck.start_period) (API 1.44)."
        type: "str"
      retries:
        description:
          - "Failures in a row that make the container unhealthy."
        type: "int"
  healthy_wait_timeout:
    description:
      - "Longest wait for O(state=healthy), in seconds. V(0) or less waits as long as the health check itself allows."
    type: "float"
    default: 300.0
  hostname:
    description:
      - "Host name inside the container."
    type: "str"
  image:
    description:
      - "Image to run, by name, tag, digest or id. Needed where the container has to be created or replaced."
    type: "str"
  image_comparison:
    description:
      - "Which image's own settings count for O(comparisons): that of O(image), or the one that the container was made from."
    type: "str"
    default: "desired-image"
    choices: ["desired-image", "current-image"]
  image_label_mismatch:
    description:
      - "With strict comparison of O(labels): V(fail) if the image brings labels that O(labels) does not set, because they cannot be removed."
    type: "str"
    default: "ignore"
    choices: ["ignore", "fail"]
  image_name_mismatch:
    description:
      - "Whether a container that was made under another tag of the same image is replaced."
    type: "str"
    default: "recreate"
    choices: ["recreate", "ignore"]
  init:
    description:
      - "Run a small init as process 1, which passes signals on and reaps children."
    type: "bool"
  interactive:
    description:
      - "Keep standard input open though nothing is attached."
    type: "bool"
  ipc_mode:
    description:
      - "IPC namespace: V(private), V(shareable), V(host), V(none) or V(container:name)."
    type: "str"
  keep_volumes:
    description:
      - "V(false) removes the anonymous volumes of a container together with it."
    type: "bool"
    default: true
  kernel_memory:
    description:
      - "Limit of kernel memory. Engines from API 1.42 on ignore it, because the kernel dropped it."
    type: "str"
  kill_signal:
    description:
      - "Signal for O(force_kill=true) instead of SIGKILL."
    type: "str"
  label_file:
    description:
      - "File on the host with lines KEY=VALUE; what O(labels) says wins."
    type: "path"
  labels:
    description:
      - "Labels of the container, as strings."
    type: "dict"
  links:
    description:
      - "Other containers to reach by name on the default network, each as V(container:alias). User-defined networks have names of their own."
    type: "list"
    elements: "str"
  log_driver:
    description:
      - "Logging driver, such as V(json-file), V(local), V(journald) or V(none)."
    type: "str"
  log_options:
    description:
      - "Options of the O(log_driver), such as C(max-size)."
    type: "dict"
    aliases: ["log_opt"]
  mac_address:
    description:
      - "Ethernet address on the first network."
    type: "str"
  masked_paths:
    description:
      - "Paths to hide in the container instead of the Engine's own list. An empty list hides none."
    type: "list"
    elements: "str"
  memory:
    description:
      - "Hard memory limit, such as V(512m). V(0) means no limit; the Engine takes nothing below 6m."
      - "Units are V(b), V(k), V(m), V(g) and V(t), powers of 1024."
    type: "str"
  memory_reservation:
    description:
      - "Soft memory limit, which the kernel enforces when memory is short."
    type: "str"
  memory_swap:
    description:
      - "Limit of memory and swap together. V(unlimited) or V(-1) sets no limit for swap."
      - "If only O(memory) is set, the Engine makes this twice as much."
    type: "str"
  memory_swappiness:
    description:
      - "How readily the kernel swaps the container's anonymous pages, from 0 to 100."
    type: "int"
  mounts:
    description:
      - "Mounts with all that can be said of them. A bind's source must exist unless its O(mounts[].create_mountpoint) is true."
    type: "list"
    elements: "dict"
    suboptions:
      target:
        description:
          - "Path in the container."
        type: "str"
        required: true
      source:
        description:
          - "Volume, image or path on the host. A volume without a source is anonymous."
        type: "str"
      type:
        description:
          - "What is mounted. V(image) needs API 1.47, V(cluster) API 1.42."
        type: "str"
        default: "volume"
        choices: ["bind", "npipe", "tmpfs", "volume", "cluster", "image"]
      read_only:
        description:
          - "Whether the mount is read-only."
        type: "bool"
      consistency:
        description:
          - "How strictly host and container see the same; only Docker Desktop minds."
        type: "str"
        choices: ["default", "consistent", "cached", "delegated"]
      propagation:
        description:
          - "How mounts below it spread between host and container."
        type: "str"
        choices: ["private", "rprivate", "shared", "rshared", "slave", "rslave"]
      non_recursive:
        description:
          - "Leave mounts below the source out."
        type: "bool"
      create_mountpoint:
        description:
          - "Create the source on the host if it is missing (API 1.42)."
        type: "bool"
      read_only_non_recursive:
        description:
          - "Let mounts below a read-only one be written (API 1.44)."
        type: "bool"
      read_only_force_recursive:
        description:
          - "Fail if mounts below a read-only one cannot be made read-only (API 1.44)."
        type: "bool"
      no_copy:
        description:
          - "Do not fill a new volume with what the image has at that path."
        type: "bool"
      labels:
        description:
          - "Labels of a volume that is created."
        type: "dict"
      volume_driver:
        description:
          - "Driver of a volume that is created."
        type: "str"
      volume_options:
        description:
          - "Options for the volume's driver."
        type: "dict"
      subpath:
        description:
          - "Path inside the volume (API 1.45) or image to mount."
        type: "str"
      tmpfs_size:
        description:
          - "Size of a tmpfs, such as V(64m)."
        type: "str"
      tmpfs_mode:
        description:
          - "File mode of a tmpfs in octal, such as V('1777')."
        type: "str"
      tmpfs_options:
        description:
          - "More mount options of a tmpfs, as a list of dictionaries (API 1.46). An option without a value has V(null)."
        type: "list"
        elements: "dict"
  name:
    description:
      - "Name of the container."
    type: "str"
    required: true
  network_mode:
    description:
      - "Network to create the container on: V(bridge), V(host), V(none), V(container:name), or the name of a network."
      - "With O(networks) and O(networks_cli_compatible=true), the first of them is the default."
    type: "str"
  networks:
    description:
      - "Networks to be on. Differences are repaired by connecting and disconnecting; the container is not replaced."
      - "The networks must exist."
    type: "list"
    elements: "dict"
    suboptions:
      name:
        description:
          - "Name of the network."
        type: "str"
        required: true
      aliases:
        description:
          - "Names by which others on the network reach the container."
        type: "list"
        elements: "str"
      links:
        description:
          - "Other containers on the network to reach by another name, each as V(container:alias)."
        type: "list"
        elements: "str"
      ipv4_address:
        description:
          - "Fixed IPv4 address. The network needs a subnet of its own."
        type: "str"
      ipv6_address:
        description:
          - "Fixed IPv6 address."
        type: "str"
      link_local_ips:
        description:
          - "Link-local addresses."
        type: "list"
        elements: "str"
      mac_address:
        description:
          - "Ethernet address on this network."
        type: "str"
      driver_opts:
        description:
          - "Options for the network's driver."
        type: "dict"
      gw_priority:
        description:
          - "The network with the highest number gives the container's default gateway (API 1.48)."
        type: "int"
  networks_cli_compatible:
    description:
      - "V(true) creates the container on the first of O(networks), as docker run does. V(false) leaves it on the default network too."
    type: "bool"
    default: true
  oom_killer:
    description:
      - "V(true) keeps the kernel's OOM killer away from the container's processes. Set O(memory) with it."
    type: "bool"
  oom_score_adj:
    description:
      - "How likely the kernel is to kill this container when memory runs out, from -1000 (never) to 1000."
    type: "int"
  output_logs:
    description:
      - "With O(detach=false), also write the log to the host's system log. Mind what it contains."
    type: "bool"
    default: false
  paused:
    description:
      - "Whether the processes of the container are frozen."
    type: "bool"
  pid_mode:
    description:
      - "PID namespace: V(host) or V(container:name)."
    type: "str"
  pids_limit:
    description:
      - "How many processes and threads the container may have. V(-1) or V(0) means no limit."
    type: "int"
  platform:
    description:
      - "Platform of the image, as V(os/architecture/variant)."
    type: "str"
  privileged:
    description:
      - "Give the container nearly all rights on the host."
    type: "bool"
  publish_all_ports:
    description:
      - "Publish every exposed port at a free port of the host."
    type: "bool"
  published_ports:
    description:
      - "Ports to publish, each as V(host:container), V(address:host:container), V(address::container) or V(container), with C(/udp) or C(/sctp) behind
        it where it is not TCP."
      - "Ranges such as V(8000-8003:80-83) are allowed. IPv6 addresses stand in brackets."
    type: "list"
    elements: "str"
    aliases: ["ports"]
  pull:
    description:
      - "Whether to pull the image: V(missing) if the host does not have it, V(always) to see whether the tag has moved, V(never)."
      - "V(true) means V(always), V(false) means V(missing)."
    type: "raw"
    default: "missing"
    choices: ["never", "missing", "always", true, false]
  pull_check_mode_behavior:
    description:
      - "What check mode says of O(pull=always). V(registry) asks the registry for the digest, so the answer is the one that the run will give."
      - "V(image_not_present) foresees a change only if the image is not there. V(always) always foresees one."
    type: "str"
    default: "registry"
    choices: ["registry", "image_not_present", "always"]
  read_only:
    description:
      - "Mount the container's root file system read-only."
    type: "bool"
  readonly_paths:
    description:
      - "Paths to make read-only in the container instead of the Engine's own list. An empty list makes none so."
    type: "list"
    elements: "str"
  recreate:
    description:
      - "Replace the container even if nothing differs."
    type: "bool"
    default: false
  removal_wait_timeout:
    description:
      - "Longest wait for a container that the Engine is removing already, in seconds. If it is not set, O(timeout) counts."
    type: "float"
  restart:
    description:
      - "Restart the container if it runs and is not replaced or started anyway."
    type: "bool"
    default: false
  restart_policy:
    description:
      - "What the Engine does when the process ends. Put V(no) into quotes, or YAML reads it as false."
    type: "str"
    choices: ["no", "on-failure", "always", "unless-stopped"]
  restart_retries:
    description:
      - "How often O(restart_policy=on-failure) tries."
    type: "int"
  runtime:
    description:
      - "OCI runtime that the daemon knows, such as V(runc)."
    type: "str"
  secret_env:
    description:
      - "Names of variables in O(env) whose values to mask in all that the module returns, beside those whose names look secret (PASSWORD, TOKEN,
        SECRET, KEY and the like)."
    type: "list"
    elements: "str"
  security_opts:
    description:
      - "Options for SELinux, AppArmor, seccomp and new privileges, such as V(no-new-privileges)."
      - "V(systempaths=unconfined) lifts the protection of paths in C(/proc) and C(/sys), as docker run does."
    type: "list"
    elements: "str"
  shm_size:
    description:
      - "Size of C(/dev/shm), such as V(128m). The daemon's own default is 64m."
    type: "str"
  state:
    description:
      - "V(started): it exists as described and runs. A short watch (O(grace)) sees whether it goes on running."
      - "V(healthy): as V(started), and its health check succeeds within O(healthy_wait_timeout)."
      - "V(present): it exists as described. One that runs goes on running, also through a replacement."
      - "V(stopped): it exists as described and does not run."
      - "V(absent): it is stopped and removed."
    type: "str"
    default: "started"
    choices: ["absent", "present", "healthy", "stopped", "started"]
  stop_signal:
    description:
      - "Signal that asks the process to end, such as V(SIGQUIT)."
    type: "str"
  stop_timeout:
    description:
      - "Seconds between O(stop_signal) and SIGKILL when the container is stopped, by this module too."
      - "A difference alone does not replace the container unless O(comparisons) asks for it."
    type: "int"
  storage_opts:
    description:
      - "Options of the storage driver, such as C(size)."
    type: "dict"
  sysctls:
    description:
      - "Kernel settings of the container's namespaces."
    type: "dict"
  tmpfs:
    description:
      - "Paths in the container that are kept in memory, each with mount options after a colon, such as V(/run:size=64m)."
    type: "list"
    elements: "str"
  track_declared:
    description:
      - "Keep the names of the options that the task declares in a label of the container, so that what has left the task leaves the container."
      - "V(false) writes no label and lets everything stay that the task does not mention, as community.docker.docker_container does."
    type: "bool"
    default: true
  tty:
    description:
      - "Give the process a pseudo-terminal."
    type: "bool"
  ulimits:
    description:
      - "Limits per process, each as V(name:soft:hard) or V(name:both), such as V(nofile:1024:2048)."
    type: "list"
    elements: "str"
  user:
    description:
      - "User, and group after a colon, by name or number, that the process runs as."
    type: "str"
  userns_mode:
    description:
      - "User namespace: V(host) switches the daemon's remapping off."
    type: "str"
  uts:
    description:
      - "UTS namespace: V(host) shares the host's name."
    type: "str"
  volume_driver:
    description:
      - "Driver for volumes that are created with the container."
    type: "str"
  volumes:
    description:
      - "Volumes and folders of the host, each as V(name:/path), V(/folder:/path:ro) or V(/path) for an anonymous volume."
      - "A source that begins with C(~), C(./) or C(../) is looked up on the host that runs the module."
    type: "list"
    elements: "str"
  volumes_from:
    description:
      - "Containers whose volumes to mount, each with C(:ro) behind it where they are not to be written."
    type: "list"
    elements: "str"
  working_dir:
    description:
      - "Folder in the container that the process starts in."
    type: "str"
"""
