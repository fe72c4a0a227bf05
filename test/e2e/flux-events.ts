import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { type HttpServer, serve } from "./http-server.js";

/** What Flux's controllers send to notification-controller (event/v1beta1 of fluxcd/pkg/apis): the parts that tests look at. */
export interface FluxEvent {
  involvedObject: { kind: string; namespace: string; name: string };
  severity: "info" | "error";
  reason: string;
  message: string;
  metadata?: Record<string, string>;
}

/**
 * Takes down what Flux's controllers send, one event a line of `log`, for as long as they run: they wait with their work for
 * whoever does not answer.
 */
export async function startFluxEvents(folder: string): Promise<HttpServer & { log: string }> {
  const log = join(folder, "flux-events.log");
  writeFileSync(log, "");
  const receiver = await serve(async (request, response) => {
    appendFileSync(log, `${JSON.stringify(await json(request))}\n`);
    response.end();
  });
  return { ...receiver, log };
}

/** What was sent of one object until now, in the order in which it came. */
export function fluxEventsOf(log: string, about: FluxEvent["involvedObject"]): FluxEvent[] {
  const lines = readFileSync(log, "utf8").split("\n").slice(0, -1);
  return lines
    .map((line) => JSON.parse(line) as FluxEvent)
    .filter(
      ({ involvedObject: { kind, namespace, name } }) =>
        kind === about.kind && namespace === about.namespace && name === about.name,
    );
}
