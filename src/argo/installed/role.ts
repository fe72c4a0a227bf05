import type { Container } from "../../kube/kinds.js";
/** What a container runs of Argo CD. Told by its command line, since images are mirrored and containers renamed. */

/** The components that tell what an Argo CD is, most telling first: the Flux Subsystem lives in the controller. */
export const tellingRoles = ["application-controller", "server", "repo-server"] as const;

/** Argo CD's components, as the label `app.kubernetes.io/component` calls them. */
export const roles = [
  ...tellingRoles,
  "applicationset-controller",
  "notifications-controller",
  "commit-server",
  "dex-server",
  "redis",
] as const;

export type Role = (typeof roles)[number];

/** All of Argo CD is one binary that does what it is called by: `cmd/main.go` of Argo CD 2.2 to 3.6. */
const programs = new Map<string, Role>([
  ["argocd-application-controller", "application-controller"],
  ["argocd-server", "server"],
  ["argocd-repo-server", "repo-server"],
  ["argocd-applicationset-controller", "applicationset-controller"],
  // an image of its own, up to Argo CD 2.3
  ["applicationset-controller", "applicationset-controller"],
  ["argocd-notifications", "notifications-controller"],
  ["argocd-commit-server", "commit-server"],
  ["argocd-dex", "dex-server"],
]);

/**
 * The component that a container is: by what it runs, otherwise by its name in Argo CD's own manifests.
 *
 * @example roleOf({ args: ["/usr/local/bin/argocd-server"] }) // "server"
 * @example roleOf({ command: ["sh", "-c", "entrypoint.sh argocd-repo-server --redis a:6379"] }) // "repo-server"
 */
export function roleOf({ name = "", command = [], args = [], env = [] }: Container): Role | undefined {
  // this variable wins over the name that the binary is called by
  const program = env.find((variable) => variable.name === "ARGOCD_BINARY_NAME")?.value;
  const words = program ? [program] : [...command, ...args];
  return roleRunBy(words) ?? roles.find((role) => name === `argocd-${role}`);
}

const shells = new Set(["sh", "ash", "bash", "dash"]);
/** Programs and words of the shell behind which the program proper follows, with flags and variables in between. */
const starters = /^(tini|dumb-init|env|exec|nice|nohup|command|vault-env|if|then|else|do|!|.*\.sh)$/;
const betweenThem = /^(-.*|[A-Za-z_]\w*=.*)$/;

function roleRunBy([first = "", ...rest]: readonly string[]): Role | undefined {
  const program = first.slice(first.lastIndexOf("/") + 1);
  const isShell = shells.has(program);
  const scriptFlag = isShell ? rest.findIndex((word) => /^-[a-z]*c$/.test(word)) : -1;
  if (scriptFlag !== -1) return roleIn(rest[scriptFlag + 1] ?? "");
  if (!isShell && !starters.test(program)) return programs.get(program);
  const next = rest.findIndex((word) => !betweenThem.test(word));
  return next === -1 ? undefined : roleRunBy(rest.slice(next));
}

/** Of the first command in a shell script that is one of Argo CD's. */
function roleIn(script: string): Role | undefined {
  const commands = script.replaceAll("\\\n", " ").split(/&&|\|\||[;|&\n(){}]/);
  return commands.map((line) => roleRunBy(wordsOf(line))).find((role) => role !== undefined);
}

function wordsOf(line: string): string[] {
  const words = line.replaceAll(/["']/g, "").split(/\s+/).filter(Boolean);
  const next = words.findIndex((word) => !betweenThem.test(word));
  return next === -1 ? [] : words.slice(next);
}
