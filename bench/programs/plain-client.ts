import { readFileSync } from "node:fs";
import { Agent, request as httpsRequest } from "node:https";

/** Where the API server is and who asks: JSON in the file that BENCH_SERVER names. */
export interface Server {
  url: string;
  ca: string;
  token: string;
}

const { url, ca, token } = JSON.parse(readFileSync(process.env["BENCH_SERVER"] ?? "", "utf8")) as Server;
const agent = new Agent({ keepAlive: true, ca });
const authorization = `Bearer ${token}`;

/** What one would write in five minutes: one request, the parsed answer. */
export function send(method: string, path: string, body?: string, contentType?: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization,
      accept: "application/json",
      ...(contentType === undefined ? {} : { "content-type": contentType }),
    };
    const request = httpsRequest(url + path, { method, agent, headers });
    request.once("error", reject);
    request.once("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () => {
        const text = Buffer.concat(chunks).toString();
        if ((response.statusCode ?? 500) >= 300) reject(new Error(`${method} ${path}: ${text}`));
        else resolve(JSON.parse(text));
      });
    });
    request.end(body);
  });
}

export function close(): void {
  agent.destroy();
}
