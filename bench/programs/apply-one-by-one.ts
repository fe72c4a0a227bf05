// Applies the objects of a JSON list in a file, each when the one before is done, with the requests that flamingo sends.
import { readFileSync } from "node:fs";
import { close, send } from "./plain-client.js";

interface Item {
  metadata: { name: string; namespace: string };
}

async function applyAll(file: string): Promise<void> {
  const { items } = JSON.parse(readFileSync(file, "utf8")) as { items: Item[] };
  for (const item of items) {
    const { name, namespace } = item.metadata;
    const path = `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/applications/${name}?fieldManager=flamingo`;
    await send("PATCH", path, JSON.stringify(item), "application/apply-patch+yaml");
  }
  close();
}

void applyAll(process.argv[2] ?? "");
