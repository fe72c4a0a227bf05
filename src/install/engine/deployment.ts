import { renderShard, type Shard } from "../../argo/shard.js";
import type { KubeObject } from "../../kube/object.js";
import { engineDeploymentName, engineName, metadataOf, shardLabels } from "./names.js";
import type { EngineWish } from "./wish.js";

/** Where the engine serves /healthz, /livez and /metrics. */
export const enginePort = { name: "http", number: 8080 } as const;

interface Deployment extends KubeObject {
  spec: object;
}

export function engineDeployment(wish: EngineWish, shard: Shard): Deployment {
  const { namespace, image, pullSecret, ha } = wish;
  const labels = shardLabels(shard);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataOf(engineDeploymentName(shard), namespace),
    spec: {
      replicas: ha ? 2 : 1,
      selector: { matchLabels: labels },
      // the next one waits for the Lease, which the last one gives back
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: engineName,
          automountServiceAccountToken: true,
          nodeSelector: { "kubernetes.io/os": "linux" },
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          // thousands of Applications are told that nobody reports them any more
          terminationGracePeriodSeconds: 60,
          ...(pullSecret === undefined ? {} : { imagePullSecrets: [{ name: pullSecret }] }),
          ...(ha ? { topologySpreadConstraints: [apart(labels)] } : {}),
          containers: [
            {
              name: "flamingo",
              image,
              args: argumentsOf(wish, shard),
              ports: [{ name: enginePort.name, containerPort: enginePort.number }],
              readinessProbe: probe("/healthz", 5),
              livenessProbe: probe("/livez", 10),
              // no limits: memory grows with the number of objects in the cluster
              resources: { requests: { cpu: "50m", memory: "128Mi" } },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ["ALL"] },
                readOnlyRootFilesystem: true,
              },
            },
          ],
        },
      },
    },
  };
}

function argumentsOf({ namespace, auto }: EngineWish, shard: Shard): string[] {
  const { project, projectTemplate } = auto ?? {};
  return [
    "loopback",
    ...(auto ? ["--auto", "-A"] : []),
    ...(project === undefined ? [] : ["--project", project]),
    ...(projectTemplate === undefined ? [] : ["--project-template", projectTemplate]),
    ...(shard.count === 1 ? [] : [`--shard=${renderShard(shard)}`]),
    "-N",
    namespace,
    "--listen",
    `:${enginePort.number}`,
    "--argocd-metrics",
  ];
}

function probe(path: string, periodSeconds: number): object {
  return { httpGet: { path, port: enginePort.name }, periodSeconds, timeoutSeconds: 5 };
}

function apart(labels: Readonly<Record<string, string>>): object {
  return {
    maxSkew: 1,
    topologyKey: "kubernetes.io/hostname",
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: labels },
  };
}
