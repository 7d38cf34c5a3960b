# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of the containers of container_set. Written by tools/write_option_docs.py; edit the rows in module_utils/container."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the containers of container_set."""

    DOCUMENTATION = r"""
options:
  containers:
    description:
      - The containers of the set. Each entry has the options of M(flotilla.docker.container_run) and a few more.
      - Options that an entry does not set come from O(defaults).
    type: list
    elements: dict
    default: []
    suboptions:
      annotations:
        description:
          - "Annotations for the OCI runtime."
          - "Needs Engine API 1.43."
        type: "dict"
      auto_remove:
        description:
          - "Let the Engine remove the container when it exits. Such a container cannot have a restart policy."
        type: "bool"
      blkio_weight:
        description:
          - "Weight of block I/O relative to other containers, from 10 to 1000."
        type: "int"
      blkio_weight_device:
        description:
          - "Weight of block I/O by device."
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
          - "Linux capabilities to drop."
        type: "list"
        elements: "str"
      capabilities:
        description:
          - "Linux capabilities to add, such as V(NET_ADMIN), with or without C(CAP_), in any case. V(ALL) adds all."
        type: "list"
        elements: "str"
      cgroup_parent:
        description:
          - "Parent cgroup of the container."
        type: "str"
      cgroupns_mode:
        description:
          - "Cgroup namespace. The Engine's default depends on the cgroup version."
          - "Needs Engine API 1.41."
        type: "str"
        choices: ["host", "private"]
      cleanup:
        description:
          - "With O(containers[].detach=false), remove the container after it has exited."
          - "If neither the entry nor O(defaults) sets it, V(false) is used."
        type: "bool"
      command:
        description:
          - "Command to run instead of the image's, as a list of words or as a string that is split like a shell would."
          - "An empty list means the image's own command."
        type: "raw"
      command_handling:
        description:
          - "V(compatibility) joins lists in O(containers[].command) and O(containers[].entrypoint) and splits them again, as old versions of
            M(community.docker.docker_container) did."
          - "If neither the entry nor O(defaults) sets it, V(correct) is used."
        type: "str"
        choices: ["compatibility", "correct"]
      comparisons:
        description:
          - "How to compare options with the container: V(strict), V(ignore) or V(allow_more_present), by the option's name or alias."
          - "V(strict) allows only values of the task and the image. V(allow_more_present) is for sets and dictionaries. The key V(*) is for all
            options and takes V(strict) or V(ignore)."
        type: "dict"
      container_default_behavior:
        description:
          - "V(compatibility) gives O(containers[].auto_remove), O(containers[].init), O(containers[].interactive), O(containers[].memory),
            O(containers[].paused), O(containers[].privileged), O(containers[].read_only) and O(containers[].tty) the value false or 0 if the task
            does not set them."
          - "If neither the entry nor O(defaults) sets it, V(no_defaults) is used."
        type: "str"
        choices: ["compatibility", "no_defaults"]
      count:
        description:
          - "Number of containers to run from this entry. They are named C(NAME-1) to C(NAME-N), or as O(containers[].name_template) defines."
          - "If it is not set, there is one container, which has the name of the entry. With V(1) it is named C(NAME-1)."
          - "Each container gets one host port of a range in O(containers[].published_ports), such as V(8080-8085:80), in order."
        type: "int"
      cpu_period:
        description:
          - "Period of the CFS scheduler in microseconds."
        type: "int"
      cpu_quota:
        description:
          - "CPU time per O(containers[].cpu_period) in microseconds."
        type: "int"
      cpu_rt_period:
        description:
          - "Period of the real-time scheduler in microseconds. The kernel and the Engine must allow real-time scheduling for containers."
        type: "int"
      cpu_rt_runtime:
        description:
          - "CPU time per O(containers[].cpu_rt_period) for real-time tasks, in microseconds."
        type: "int"
      cpu_shares:
        description:
          - "Weight relative to other containers when CPU time is short; 1024 is the usual weight."
        type: "int"
      cpus:
        description:
          - "Maximum number of CPUs, such as V(1.5)."
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
          - "Address of the host for O(containers[].published_ports) without an address. The Engine's default is all addresses."
        type: "str"
      depends_on:
        description:
          - "Names of entries whose containers are started first, as a list, or as a dictionary with a condition for each."
          - "V(started): the containers run. V(healthy): their health checks succeed. V(completed): they exited with code 0."
          - "The conditions of compose files, such as V(service_healthy), are accepted too."
        type: "raw"
      detach:
        description:
          - "V(false) waits for the container to exit, returns its log in C(container.Output) and fails if its exit code is not 0."
          - "By default, the task does not wait."
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
          - "Devices that a driver provides, such as GPUs."
          - "Needs Engine API 1.40."
        type: "list"
        elements: "dict"
        suboptions:
          capabilities:
            description:
              - "Sets of capabilities that the device must have, such as V([[gpu]]). All of one set are required."
            type: "list"
            elements: "list"
          count:
            description:
              - "Number of devices. V(-1) means all."
            type: "int"
          device_ids:
            description:
              - "Ids of the devices."
            type: "list"
            elements: "str"
          driver:
            description:
              - "Driver of the devices, such as V(nvidia)."
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
      drain:
        description:
          - "What to do before a running container is stopped, so that it receives no new requests."
          - "If this fails, the task warns and stops the container."
        type: "dict"
        suboptions:
          command:
            description:
              - "Run a command in the container."
            type: "list"
            elements: "str"
          http:
            description:
              - "Send a request to the container."
            type: "dict"
            suboptions:
              port:
                description:
                  - "Port of the container."
                type: "int"
                required: true
              path:
                description:
                  - "Path of the request."
                type: "str"
                required: true
              method:
                description:
                  - "Method of the request."
                type: "str"
                default: "POST"
              host:
                description:
                  - "Value of the Host header."
                type: "str"
          wait:
            description:
              - "Time to wait afterwards, so that running requests complete and proxies remove the container."
            type: "str"
            default: "10s"
      entrypoint:
        description:
          - "Program that O(containers[].command) is passed to, instead of the image's. With it the image's command is not used."
          - "An empty list clears the image's entry point."
        type: "list"
        elements: "str"
      env:
        description:
          - "Environment variables. Put words such as yes, and numbers with a point, into quotes: YAML changes them."
          - "Values of variables whose names look secret, and of those in O(containers[].secret_env), are masked in all output, and so are user and
            password in addresses, such as those of proxies."
        type: "dict"
      env_file:
        description:
          - "File on the managed host with lines KEY=VALUE. O(containers[].env) takes precedence."
        type: "path"
      etc_hosts:
        description:
          - "Additional entries of C(/etc/hosts): name to address. V(host-gateway) is the address of the host."
        type: "dict"
      exposed_ports:
        description:
          - "Ports that the container listens on, without publishing them."
        type: "list"
        elements: "str"
        aliases: ["exposed", "expose"]
      force_kill:
        description:
          - "Kill the container with O(containers[].kill_signal) instead of stopping it. It must exit within O(containers[].stop_timeout)."
          - "If neither the entry nor O(defaults) sets it, V(false) is used."
        type: "bool"
        aliases: ["forcekill"]
      grace:
        description:
          - "Seconds after which a container that was just started must still be running. If it exited or restarted, the task fails with its exit code
            and the end of its log."
          - "V(0) disables the check. A container that was not started is not checked."
          - "If neither the entry nor O(defaults) sets it, V(1.0) is used."
        type: "float"
      groups:
        description:
          - "Additional groups of the process, by name or number."
        type: "list"
        elements: "str"
      healthcheck:
        description:
          - "How the Engine checks that the container is healthy."
        type: "dict"
        suboptions:
          test:
            description:
              - "Command that succeeds while the container is healthy: a string for the container's shell, or a list that starts with V(CMD), V(CMD-SHELL)
                or V(NONE). V(NONE) disables the image's check."
            type: "raw"
          test_cli_compatible:
            description:
              - "V(true) uses the image's test if O(containers[].healthcheck.test) is not set, to change only its times."
            type: "bool"
            default: false
          interval:
            description:
              - "Time between two checks, such as V(30s) or V(1m30s)."
            type: "str"
          timeout:
            description:
              - "Maximum duration of one check."
            type: "str"
          start_period:
            description:
              - "Time after the start during which failures do not count."
            type: "str"
          start_interval:
            description:
              - "Time between two checks during O(containers[].healthcheck.start_period) (API 1.44)."
            type: "str"
          retries:
            description:
              - "Failures in a row that make the container unhealthy."
            type: "int"
      healthy_wait_timeout:
        description:
          - "Maximum time to wait for O(containers[].state=healthy), in seconds. With V(0) or less, as long as the health check allows."
          - "If neither the entry nor O(defaults) sets it, V(300.0) is used."
        type: "float"
      hostname:
        description:
          - "Host name inside the container."
        type: "str"
      image:
        description:
          - "Image to run, by name, tag, digest or id. Required if the container does not exist."
          - "A task with an image describes the whole container: options that an earlier task declared and that are missing here are removed from it
            (see O(containers[].track_declared))."
          - "A task without an image, and one with O(containers[].state=stopped), O(containers[].restart) or O(containers[].paused), changes only what
            it names. If that takes a new container, it is created with everything that the old one has, its anonymous volumes included."
        type: "str"
      image_comparison:
        description:
          - "Image whose defaults O(containers[].comparisons) uses, either O(containers[].image) or the image that the container was created from."
          - "If neither the entry nor O(defaults) sets it, V(desired-image) is used."
        type: "str"
        choices: ["desired-image", "current-image"]
      image_label_mismatch:
        description:
          - "With strict comparison of O(containers[].labels): V(fail) if the image has labels that O(containers[].labels) does not set, because they
            cannot be removed."
          - "If neither the entry nor O(defaults) sets it, V(ignore) is used."
        type: "str"
        choices: ["ignore", "fail"]
      image_name_mismatch:
        description:
          - "Whether to replace a container that was created from another tag of the same image."
          - "If neither the entry nor O(defaults) sets it, V(recreate) is used."
        type: "str"
        choices: ["recreate", "ignore"]
      init:
        description:
          - "Run an init process in the container that forwards signals and reaps processes."
        type: "bool"
      interactive:
        description:
          - "Keep standard input open even if nothing is attached."
        type: "bool"
      ipc_mode:
        description:
          - "IPC namespace: V(private), V(shareable), V(host), V(none) or V(container:name)."
        type: "str"
      keep_volumes:
        description:
          - "V(false) removes the anonymous volumes of a container together with it."
          - "If neither the entry nor O(defaults) sets it, V(true) is used."
        type: "bool"
      kernel_memory:
        description:
          - "Limit of kernel memory. Engines from API 1.42 on ignore it, because the kernel no longer supports it."
        type: "str"
      kill_signal:
        description:
          - "Signal for O(containers[].force_kill=true). The default is SIGKILL."
        type: "str"
      label_file:
        description:
          - "File on the managed host with lines KEY=VALUE. O(containers[].labels) takes precedence."
        type: "path"
      labels:
        description:
          - "Labels of the container, as strings."
        type: "dict"
      links:
        description:
          - "Other containers to reach by name on the default network, each as V(container:alias). On user-defined networks use
            O(containers[].networks[].aliases)."
        type: "list"
        elements: "str"
      log_driver:
        description:
          - "Logging driver, such as V(json-file), V(local), V(journald) or V(none)."
        type: "str"
      log_options:
        description:
          - "Options of the O(containers[].log_driver), such as C(max-size)."
        type: "dict"
        aliases: ["log_opt"]
      mac_address:
        description:
          - "MAC address on the first network."
        type: "str"
      masked_paths:
        description:
          - "Paths to mask in the container instead of the Engine's default list. An empty list masks none."
        type: "list"
        elements: "str"
      memory:
        description:
          - "Hard memory limit, such as V(512m). V(0) means no limit. The minimum is 6m."
          - "Units are V(b), V(k), V(m), V(g) and V(t), powers of 1024."
        type: "str"
      memory_reservation:
        description:
          - "Soft memory limit, which the kernel enforces when memory is short."
        type: "str"
      memory_swap:
        description:
          - "Limit of memory and swap together. V(unlimited) or V(-1) sets no limit for swap."
          - "The default is twice O(containers[].memory)."
        type: "str"
      memory_swappiness:
        description:
          - "How much the kernel swaps the container's anonymous pages, from 0 to 100. V(-1) means the default. Needs cgroup v1."
        type: "int"
      mounts:
        description:
          - "Mounts with all options. The source of a bind mount must exist unless O(containers[].mounts[].create_mountpoint) is true."
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
              - "Type of the mount. V(image) needs API 1.47, V(cluster) API 1.42."
            type: "str"
            default: "volume"
            choices: ["bind", "npipe", "tmpfs", "volume", "cluster", "image"]
          read_only:
            description:
              - "Whether the mount is read-only."
            type: "bool"
          consistency:
            description:
              - "Consistency of the mount. Only Docker Desktop uses it."
            type: "str"
            choices: ["default", "consistent", "cached", "delegated"]
          propagation:
            description:
              - "Mount propagation between host and container."
            type: "str"
            choices: ["private", "rprivate", "shared", "rshared", "slave", "rslave"]
          non_recursive:
            description:
              - "Do not include mounts below the source."
            type: "bool"
          create_mountpoint:
            description:
              - "Create the source on the host if it is missing (API 1.42)."
            type: "bool"
          read_only_non_recursive:
            description:
              - "Allow writing to mounts below a read-only one (API 1.44)."
            type: "bool"
          read_only_force_recursive:
            description:
              - "Fail if mounts below a read-only one cannot be made read-only (API 1.44)."
            type: "bool"
          no_copy:
            description:
              - "Do not copy the image's content at that path into a new volume."
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
            type: "raw"
          tmpfs_options:
            description:
              - "Further mount options of a tmpfs, as a list of dictionaries (API 1.46). An option without a value has the value V(null)."
            type: "list"
            elements: "dict"
      name:
        description:
          - "Name of the container."
        type: "str"
        required: true
      name_template:
        description:
          - "Template for the names of the containers with O(containers[].count), with a placeholder for the number, such as V(web-%02d)."
        type: "str"
      network_mode:
        description:
          - "Network to create the container on: V(bridge), V(host), V(none), V(container:name), or the name of a network."
          - "With O(containers[].networks) and O(containers[].networks_cli_compatible=true), the first of them is the default."
        type: "str"
      networks:
        description:
          - "Networks to connect to. The container is connected and disconnected in place, without a replacement."
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
              - "Names by which other containers on the network reach the container."
            type: "list"
            elements: "str"
          links:
            description:
              - "Other containers on the network to reach by another name, each as V(container:alias)."
            type: "list"
            elements: "str"
          ipv4_address:
            description:
              - "Fixed IPv4 address. The network must have been created with a subnet."
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
              - "MAC address on this network."
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
          - "V(true) creates the container on the first of O(containers[].networks), as docker run does. V(false) also keeps it on the default
            network."
          - "If neither the entry nor O(defaults) sets it, V(true) is used."
        type: "bool"
      oom_killer:
        description:
          - "V(true) disables the OOM killer for the container. Set O(containers[].memory) with it."
        type: "bool"
      oom_score_adj:
        description:
          - "How likely the kernel is to kill the container when the host runs out of memory, from -1000 (never) to 1000."
        type: "int"
      output_logs:
        description:
          - "With O(containers[].detach=false), also write the log to the system log of the managed host. It may contain secrets."
          - "If neither the entry nor O(defaults) sets it, V(false) is used."
        type: "bool"
      paused:
        description:
          - "Whether the processes of the container are paused."
        type: "bool"
      pid_mode:
        description:
          - "PID namespace: V(host) or V(container:name)."
        type: "str"
      pids_limit:
        description:
          - "Maximum number of processes and threads. V(-1) or V(0) means no limit."
        type: "int"
      platform:
        description:
          - "Platform of the image, as V(os/architecture/variant)."
        type: "str"
      privileged:
        description:
          - "Give the container extended privileges on the host."
        type: "bool"
      publish_all_ports:
        description:
          - "Publish every exposed port on a free port of the host."
        type: "bool"
      published_ports:
        description:
          - "Ports to publish, each as V(host:container), V(address:host:container), V(address::container) or V(container), followed by C(/udp) or
            C(/sctp) if it is not TCP."
          - "Ranges such as V(8000-8003:80-83) are allowed. Put IPv6 addresses in brackets, and the entry in quotes."
        type: "list"
        elements: "raw"
        aliases: ["ports"]
      pull:
        description:
          - "Whether to pull the image: V(missing) pulls it if the host does not have it, V(always) checks the registry each time, V(never) does not
            pull."
          - "V(true) means V(always), V(false) means V(missing)."
          - "If neither the entry nor O(defaults) sets it, V(missing) is used."
        type: "raw"
        choices: ["never", "missing", "always", true, false]
      pull_check_mode_behavior:
        description:
          - "What check mode predicts for O(containers[].pull=always). V(registry) asks the registry for the digest, so the prediction is exact."
          - "V(image_not_present) predicts a change only if the host does not have the image. V(always) always predicts one."
          - "If neither the entry nor O(defaults) sets it, V(registry) is used."
        type: "str"
        choices: ["registry", "image_not_present", "always"]
      read_only:
        description:
          - "Mount the container's root file system read-only."
        type: "bool"
      readonly_paths:
        description:
          - "Paths that are read-only in the container instead of the Engine's default list. An empty list makes none read-only."
        type: "list"
        elements: "str"
      ready:
        description:
          - "When a started container counts as ready, in addition to its health check. The managed host repeats these checks until they succeed."
          - "If the container is not ready within O(containers[].ready.timeout), it has failed."
        type: "dict"
        suboptions:
          http:
            description:
              - "Send a GET request and compare the status code of the response."
            type: "dict"
            suboptions:
              port:
                description:
                  - "Port of the container."
                type: "int"
                required: true
              path:
                description:
                  - "Path of the request."
                type: "str"
                default: "/"
              status:
                description:
                  - "Status codes that mean that the container is ready."
                type: "list"
                elements: "int"
                default: [200]
              host:
                description:
                  - "Value of the Host header."
                type: "str"
          tcp:
            description:
              - "Open a TCP connection."
            type: "dict"
            suboptions:
              port:
                description:
                  - "Port of the container."
                type: "int"
                required: true
          command:
            description:
              - "Run a command in the container. Exit code 0 means that the container is ready."
            type: "list"
            elements: "str"
          timeout:
            description:
              - "Maximum time to wait, such as V(90s) or V(2m)."
            type: "str"
            default: "60s"
          interval:
            description:
              - "Time between two attempts."
            type: "str"
            default: "500ms"
      recreate:
        description:
          - "Replace the container even if nothing differs. Without O(containers[].image), the new container gets all settings of the old one."
          - "If neither the entry nor O(defaults) sets it, V(false) is used."
        type: "bool"
      removal_wait_timeout:
        description:
          - "Maximum time to wait for a container that the Engine is already removing, in seconds. The default is O(timeout)."
        type: "float"
      restart:
        description:
          - "Restart the container if it is running and is not replaced or started by this task."
          - "If neither the entry nor O(defaults) sets it, V(false) is used."
        type: "bool"
      restart_policy:
        description:
          - "What the Engine does when the container exits."
        type: "str"
        choices: ["no", "on-failure", "always", "unless-stopped"]
      restart_retries:
        description:
          - "Maximum number of restarts with O(containers[].restart_policy=on-failure)."
        type: "int"
      runtime:
        description:
          - "OCI runtime of the Engine, such as V(runc)."
        type: "str"
      secret_env:
        description:
          - "Names of variables in O(containers[].env) whose values are masked in all output, in addition to those whose names look secret (PASSWORD,
            TOKEN, SECRET, KEY and the like)."
        type: "list"
        elements: "str"
      security_opts:
        description:
          - "Options for SELinux, AppArmor, seccomp and new privileges, such as V(no-new-privileges)."
          - "V(systempaths=unconfined) removes the protection of paths in C(/proc) and C(/sys), as with docker run."
        type: "list"
        elements: "str"
      shm_size:
        description:
          - "Size of C(/dev/shm), such as V(128m). The Engine's own default is 64m."
        type: "str"
      state:
        description:
          - "V(started): the container exists as described and is running. The module checks after O(containers[].grace) seconds that it still runs."
          - "V(healthy): as V(started), and its health check succeeds within O(containers[].healthy_wait_timeout)."
          - "V(present): the container exists as described. If it was running, it also runs after a replacement."
          - "V(stopped): the container exists and is not running. Options that the task does not set are kept."
          - "V(absent): the container is stopped and removed."
          - "If neither the entry nor O(defaults) sets it, V(started) is used."
        type: "str"
        choices: ["absent", "present", "healthy", "stopped", "started"]
      stop_signal:
        description:
          - "Signal that stops the container, such as V(SIGQUIT)."
        type: "str"
      stop_timeout:
        description:
          - "Seconds between O(containers[].stop_signal) and SIGKILL when the container is stopped, by this module too."
          - "The container is not replaced because of this option alone, unless O(containers[].comparisons) requires it."
        type: "int"
      storage_opts:
        description:
          - "Options of the storage driver, such as C(size)."
        type: "dict"
      sysctls:
        description:
          - "Kernel parameters of the container's namespaces."
        type: "dict"
      tmpfs:
        description:
          - "Paths in the container to mount a tmpfs on, each with mount options after a colon, such as V(/run:size=64m)."
        type: "list"
        elements: "str"
      track_declared:
        description:
          - "Keep the names of the options that the task declares in a label, so that options removed from the task are also removed from the
            container."
          - "V(false) writes no label and keeps everything that the task does not mention, as community.docker.docker_container does."
          - "If neither the entry nor O(defaults) sets it, V(true) is used."
        type: "bool"
      tty:
        description:
          - "Allocate a pseudo-terminal."
        type: "bool"
      ulimits:
        description:
          - "Limits per process, each as V(name:soft:hard) or V(name:both), such as V(nofile:1024:2048)."
        type: "list"
        elements: "str"
      user:
        description:
          - "User, and group after a colon, by name or number, that the process runs as."
        type: "raw"
      userns_mode:
        description:
          - "User namespace: V(host) disables the Engine's remapping."
        type: "str"
      uts:
        description:
          - "UTS namespace: V(host) shares the host's name."
        type: "str"
      volume_driver:
        description:
          - "Driver of volumes that are created with the container."
        type: "str"
      volumes:
        description:
          - "Volumes and bind mounts, each as V(name:/path), V(/directory:/path:ro) or V(/path) for an anonymous volume."
          - "A source that starts with C(~), C(./) or C(../) is resolved on the managed host."
        type: "list"
        elements: "str"
      volumes_from:
        description:
          - "Containers whose volumes are mounted, each followed by C(:ro) for read-only."
        type: "list"
        elements: "str"
      working_dir:
        description:
          - "Working directory of the process in the container."
        type: "str"
"""
