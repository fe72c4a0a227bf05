/** Pods of the size that they have in real clusters: about 6 kB with their managed fields. */

const at = "2026-01-02T03:04:05Z";

/** The node of the first, second and third Pod. */
export function nodeOf(item: number): string {
  return `node-${item}.eu-1.compute.internal`;
}

export function podSpec(app: string) {
  return {
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } },
    terminationGracePeriodSeconds: 30,
    containers: [
      {
        name: app,
        image: `registry.example.com/shop/${app}:1.27.3@sha256:${"ab".repeat(32)}`,
        ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
        envFrom: [{ configMapRef: { name: `${app}-config` } }],
        env: [
          { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
          { name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
          { name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "shop-db", key: "password" } } },
          { name: "OTEL_EXPORTER_OTLP_ENDPOINT", value: "http://otel-collector.observability:4317" },
        ],
        resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
        livenessProbe: { httpGet: { path: "/healthz", port: "http" }, initialDelaySeconds: 10 },
        readinessProbe: { httpGet: { path: "/readyz", port: "http" }, periodSeconds: 5 },
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"] },
          readOnlyRootFilesystem: true,
        },
        volumeMounts: [
          { name: "tmp", mountPath: "/tmp" },
          { name: "config", mountPath: "/etc/shop", readOnly: true },
        ],
      },
    ],
    volumes: [
      { name: "tmp", emptyDir: {} },
      { name: "config", configMap: { name: `${app}-config` } },
    ],
  };
}

/** As a kubelet writes it. */
export function podStatus(app: string, item: number) {
  const image = `registry.example.com/shop/${app}:1.27.3`;
  const types = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"];
  return {
    phase: "Running",
    qosClass: "Burstable",
    hostIP: `10.0.0.${item + 1}`,
    hostIPs: [{ ip: `10.0.0.${item + 1}` }],
    podIP: podAddress(item),
    podIPs: [{ ip: podAddress(item) }],
    startTime: at,
    conditions: types.map((type) => ({ type, status: "True", lastProbeTime: null, lastTransitionTime: at })),
    containerStatuses: [
      {
        name: app,
        containerID: `containerd://${"cd".repeat(32)}`,
        image,
        imageID: `${image}@sha256:${"ab".repeat(32)}`,
        lastState: {},
        ready: true,
        restartCount: 0,
        started: true,
        state: { running: { startedAt: at } },
      },
    ],
  };
}

export function podAddress(item: number): string {
  return `10.42.${item + 1}.17`;
}
