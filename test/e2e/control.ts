import { type HttpServer, serve } from "./http-server.js";
import type { Program, ProgramState } from "./program.js";

/** What tests ask of the process that holds the programs. */
export type ControlAction = "start" | "stop" | "restart";

/**
 * Serves `POST /ACTION/PROGRAM`, `POST /change-redis-password`, and `GET /states`, which answers `{"redis": "running"}`
 * and so on. Tests run in processes of their own and the programs belong to the one that starts them.
 */
export function startControl(
  programs: readonly Program[],
  changeRedisPassword: () => Promise<void>,
): Promise<HttpServer> {
  return serve(async (request, response) => {
    try {
      response.end(JSON.stringify(await answer(request.method ?? "", request.url ?? "")));
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error));
    }
  });

  async function answer(method: string, path: string): Promise<Record<string, ProgramState>> {
    if (method === "POST") await act(path);
    return Object.fromEntries(programs.map(({ name, state }) => [name, state]));
  }

  async function act(path: string): Promise<void> {
    if (path === "/change-redis-password") return await changeRedisPassword();
    const [, action, name] = path.split("/");
    const program = programs.find((candidate) => candidate.name === name);
    if (!program) throw new Error(`The rig has no ${name}, only ${programs.map((p) => p.name).join(", ")}`);
    if (action === "start" || action === "stop" || action === "restart") await program[action]();
    else throw new Error(`${path}: start, stop or restart`);
  }
}

/** @throws Error with what went wrong, such as the last words of a program that did not get ready */
export async function askControl(
  url: string,
  method: "GET" | "POST",
  path: string,
): Promise<Record<string, ProgramState>> {
  const response = await fetch(`${url}${path}`, { method });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text) as Record<string, ProgramState>;
}
