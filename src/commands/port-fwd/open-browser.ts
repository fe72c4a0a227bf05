import { spawn } from "node:child_process";
import { platform } from "node:process";
import type { Deps } from "../deps.js";

/** What opens an address in the user's browser; xdg-open elsewhere. */
const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** Opens an address in the browser, without waiting for it; says so when that fails. */
export function openBrowser(url: string, { env, say }: Pick<Deps, "env" | "say">): void {
  const [program, ...args] = openers[platform] ?? ["xdg-open"];
  const failed = (why: string) => say.warning(`Cannot open the browser: ${why}`, `Open ${url} yourself`);
  const child = spawn(program, [...args, url], { env, stdio: "ignore", detached: true });
  child.once("error", () => failed(`there is no ${program}`));
  child.once("exit", (code) => {
    if (code !== 0) failed(`${program} ended with ${code}`);
  });
  // a browser that it starts may stay for hours
  child.unref();
}
