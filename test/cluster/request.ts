import { Agent, request as httpsRequest } from "node:https";

export interface Answer {
  status: number;
  /** parsed where it is JSON, else the text */
  body: unknown;
}

export interface RequestOptions {
  /** sent as JSON, a text as it is */
  body?: unknown;
  headers?: Record<string, string>;
}

/** Sends JSON requests with one identity. Plain on purpose: flamingo's own client is what these tests test. */
export type Requester = (method: string, path: string, options?: RequestOptions) => Promise<Answer>;

export interface Login {
  /** PEM, of who signed the server's certificate */
  ca: string;
  token?: string | undefined;
  /** a client certificate and its key, PEM */
  cert?: string | undefined;
  key?: string | undefined;
}

export function createRequester(server: string, { token, ...certificates }: Login): Requester {
  const agent = new Agent({ ...certificates, keepAlive: true, maxSockets: 16 });
  return (method, path, { body, headers } = {}) =>
    new Promise((resolve, reject) => {
      const sent = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
      const request = httpsRequest(`${server}${path}`, {
        method,
        agent,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          accept: "application/json",
          // of a DELETE Node does not say by itself how long its body is
          ...(sent === undefined
            ? {}
            : { "content-type": "application/json", "content-length": Buffer.byteLength(sent) }),
          ...headers,
        },
      });
      request.once("error", reject);
      request.once("response", (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.once("error", reject);
        response.once("end", () => resolve({ status: response.statusCode ?? 0, body: parsed(text) }));
      });
      request.end(sent);
    });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
