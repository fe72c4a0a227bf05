// Reads the lists whose paths are its arguments, page by page, one after the other.
import { close, send } from "./plain-client.js";

interface List {
  metadata: { continue?: string };
  items: unknown[];
}

async function readLists(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    let token: string | undefined;
    do {
      const from = token === undefined ? "" : `&continue=${encodeURIComponent(token)}`;
      const { metadata } = (await send("GET", `${path}?limit=500${from}`)) as List;
      token = metadata.continue;
    } while (token);
  }
  close();
}

void readLists(process.argv.slice(2));
