import { isIP } from "node:net";
import { aborted } from "../../abort.js";
import { ExitCode, usageError } from "../../errors.js";
import { listenOn } from "../../kube/port-forward/local-port.js";
import { findServer } from "../../survey/find-server.js";
import { nameProblem } from "../../text/names.js";
import { command } from "../command.js";
import { type Flag, parsed, texts, toggle } from "../flag.js";
import { openBrowser } from "./open-browser.js";
import { Passage } from "./passage.js";
import { waitForPod } from "./wait-for-pod.js";

export const portFwd = command({
  description: `Forward a local port to Argo CD's page, without kubectl.

The address is told on stdout, with the scheme that the server speaks and its root path. Each new connection goes to a pod that is Ready then, so it survives restarts and upgrades of Argo CD. It goes on until it is stopped.`,
  examples: [
    ["flamingo port-fwd --open", "open Argo CD's page in the browser"],
    ["flamingo port-fwd --port 0", "on a port that is free"],
    ["flamingo port-fwd --address 0.0.0.0", "for other machines, too"],
    ["flamingo port-fwd -N gitops --service gitops-server", "by a Service of your own"],
  ],
  flags: {
    port: {
      ...parsed("--port <port>", "local port, 0 for one that is free (default 8080)", (word) =>
        portNumber("--port", word),
      ),
      default: 8080,
    } satisfies Flag<number>,
    address: texts(
      "--address <address>",
      "localhost or IP addresses to listen on, with commas between them; may be repeated (default localhost)",
    ),
    open: toggle("--open", "open the page in the browser"),
    service: parsed(
      "--service <name>",
      "name of the Service (default: of the one before Argo CD's server)",
      (word) => {
        const problem = nameProblem(word);
        if (problem) throw usageError(`--service ${JSON.stringify(word)} is no name: ${problem}`);
        return word;
      },
    ),
    targetPort: parsed(
      "--target-port <port>",
      "port of the Service, its number or its name (default: the one for what the server speaks)",
      (word) => (/^\d/.test(word) ? portNumber("--target-port", word) : word),
    ),
  },
  endless: () => true,
  async run(deps, options) {
    const { port, open, service: wanted, targetPort } = options;
    const hosts = hostsFrom(options.address ?? ["localhost"]);
    const { argocd: namespace } = deps.namespaces;
    const kube = await deps.kube();
    const { service, scheme, rootPath, unknown, ...found } = await findServer(kube, namespace, wanted);
    for (const why of unknown)
      deps.say.warning(`What the server speaks is not known for sure: flamingo ${why}`);
    const to = { namespace, service, port: targetPort ?? found.port };
    const passage = new Passage(kube, to, deps);
    await waitForPod(() => passage.check(), kube, namespace, deps);
    const local = await listenOn(hosts, port, (socket) => void passage.take(socket));
    try {
      const url = `${scheme}://${nameFor(hosts)}:${local.number}${rootPath}`;
      deps.say.done(`Forwarding to port ${to.port} of Service ${service} in ${namespace}, until Ctrl-C`);
      deps.stdout.stream.write(`${url}\n`);
      if (open) openBrowser(url, deps);
      await Promise.race([aborted(deps.signal), passage.broken]);
    } finally {
      local.close();
    }
    return ExitCode.done;
  },
});

function portNumber(flag: string, word: string): number {
  const number = /^\d+$/.test(word) ? Number(word) : Number.NaN;
  if (number <= 65_535) return number;
  throw usageError(`${flag} ${JSON.stringify(word)} is no port`, "Write a number up to 65535");
}

/** As kubectl takes them: no names but one, since others may stand for any machine. */
function hostsFrom(given: readonly string[]): string[] {
  const hosts = [...new Set(given.flatMap((list) => list.split(",")))];
  const wrong = hosts.find((host) => host !== "localhost" && isIP(host) === 0);
  if (wrong === undefined) return hosts;
  throw usageError(`--address ${JSON.stringify(wrong)} is no address`, "Write localhost or an IP address");
}

/** How this machine itself gets there. */
function nameFor(hosts: readonly string[]): string {
  const [first = ""] = hosts;
  if (hosts.some((host) => host === "localhost" || /^[0.:]+$/.test(host))) return "localhost";
  return isIP(first) === 6 ? `[${first}]` : first;
}
