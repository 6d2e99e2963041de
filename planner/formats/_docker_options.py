"""Options of container commands that take a value, so that the first operand of a command line can be found.

The lists are those of `--help` of docker (https://docs.docker.com/reference/cli/docker/), podman, nerdctl and
buildah together; no name means different things in them where it matters.
"""

from planner.formats._command_line import Options

DOCKER = Options.of(
    """host context config log-level tlscacert tlscert tlskey root runroot url connection identity
    storage-driver storage-opt cgroup-manager events-backend hooks-dir network-cmd-path namespace
    runtime tmpdir volumepath module conmon ssh out imagestore address snapshotter data-root cni-path
    cni-netconfpath hosts-dir bridge-ip""",
    "Hclna",
)

_RUN_BOTH = """
    add-host annotation attach blkio-weight blkio-weight-device cap-add cap-drop cgroup-parent cgroupns
    cidfile cpu-count cpu-percent cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares cpus
    cpuset-cpus cpuset-mems detach-keys device device-cgroup-rule device-read-bps device-read-iops
    device-write-bps device-write-iops dns dns-opt dns-option dns-search domainname entrypoint env
    env-file expose gpus group-add health-cmd health-interval health-retries health-start-interval
    health-start-period health-timeout hostname io-maxbandwidth io-maxiops ip ip6 ipc isolation
    kernel-memory label label-file link link-local-ip log-driver log-opt mac-address memory
    memory-reservation memory-swap memory-swappiness mount name net net-alias network network-alias
    oom-score-adj pid pids-limit platform publish pull restart runtime security-opt shm-size stop-signal
    stop-timeout storage-opt sysctl tmpfs ulimit user userns uts volume volume-driver volumes-from
    workdir"""
_RUN_PODMAN = """
    arch os variant authfile cert-dir cgroup-conf cgroups chrootdirs conmon-pidfile creds decryption-key
    env-merge gidmap group-entry health-log-destination health-max-log-count health-max-log-size
    health-on-failure health-startup-cmd health-startup-interval health-startup-retries
    health-startup-success health-startup-timeout hostuser hosts-file image-volume init-ctr init-path
    intel-rdt-closid passwd-entry personality pidfile pod pod-id-file preserve-fd preserve-fds requires
    retry retry-delay sdnotify seccomp-policy secret shm-size-systemd signature-policy subgidname
    subuidname systemd timeout tz uidmap umask unsetenv"""
_RUN_NERDCTL = (
    "cosign-key verify ipfs-address rdt-class cosign-certificate-identity cosign-certificate-oidc-issuer"
)
RUN = Options.of(f"{_RUN_BOTH} {_RUN_PODMAN} {_RUN_NERDCTL}", "aceEhlmpuvw")

PULL = Options.of(
    """platform authfile cert-dir creds decryption-key arch os variant retry retry-delay policy
    signature-policy verify cosign-key ipfs-address unpack snapshotter sign-by compression-format
    compression-level digestfile format encryption-key encrypt-layer annotation""",
    "f",
)

BUILD = Options.of(
    """add-host allow annotation attest build-arg build-context builder cache-from cache-to call
    cgroup-parent file iidfile label metadata-file network no-cache-filter output platform policy print
    progress provenance sbom secret shm-size ssh tag target ulimit cpu-period cpu-quota cpu-shares
    cpuset-cpus cpuset-mems isolation memory memory-swap security-opt authfile creds format from jobs
    layer-label logfile manifest os arch variant runtime runtime-flag timestamp source-date-epoch userns
    userns-uid-map userns-gid-map userns-uid-map-user userns-gid-map-group volume cap-add cap-drop
    device dns dns-option dns-search env group-add unsetenv unsetlabel unsetannotation hooks-dir
    ignorefile ipc pid uts sign-by retry retry-delay signature-policy cpp-flag cert-dir decryption-key
    cw os-version os-feature cache-ttl blob-cache cni-config-path cni-plugin-path build-arg-file
    buildkit-host""",
    "fotcmve",
)

BUILDX_CREATE = Options.of(
    "bootstrap-timeout buildkitd-config buildkitd-flags config driver driver-opt name node platform"
)
COMPOSE = Options.of(
    "ansi env-file file parallel profile progress project-directory project-name host context log-level",
    "fpHc",
)
IMAGETOOLS = Options.of("annotation file metadata-file platform progress tag format builder", "ft")
BAKE = Options.of("allow builder call file metadata-file progress provenance sbom set", "f")
SCOUT = Options.of(
    """env epss-percentile epss-score exit-code format ignore-base locations org output platform ref stream to
    only-base only-cve-id only-fixed only-metric only-package only-package-type only-severity only-stage
    only-vex-affected vex-author vex-location""",
    "eo",
)
TAG = Options.of("")
COMMIT = Options.of("author change message format iidfile squash-to authfile creds platform", "acfm")
SERVICE = Options.of(
    """cap-add cap-drop config constraint container-label credential-spec dns dns-option dns-search
    endpoint-mode entrypoint env env-file generic-resource group health-cmd health-interval
    health-retries health-start-interval health-start-period health-timeout host hostname isolation
    label limit-cpu limit-memory limit-pids log-driver log-opt max-concurrent mode mount name network
    oom-score-adj placement-pref publish replicas replicas-max-per-node reserve-cpu reserve-memory
    restart-condition restart-delay restart-max-attempts restart-window rollback-delay
    rollback-failure-action rollback-max-failure-ratio rollback-monitor rollback-order
    rollback-parallelism secret stop-grace-period stop-signal sysctl ulimit update-delay
    update-failure-action update-max-failure-ratio update-monitor update-order update-parallelism user
    workdir args image""",
    "elpuw",
)
BUILDAH_FROM = RUN | PULL
