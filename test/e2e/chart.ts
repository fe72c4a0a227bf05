import { tarGz } from "./archive.js";

/** A Helm chart as a test writes it down. */
export interface Chart {
  name: string;
  version: string;
  /** contents by path, "templates/deployment.yaml": all but Chart.yaml */
  files: Readonly<Record<string, string>>;
}

/** Its Chart.yaml. */
export function metadataOf({ name, version }: Chart): object {
  return { apiVersion: "v2", name, version };
}

/** As `helm package` makes it. */
export function packed(chart: Chart): Buffer {
  const files = { "Chart.yaml": JSON.stringify(metadataOf(chart)), ...chart.files };
  return tarGz(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`${chart.name}/${path}`, text])),
  );
}
