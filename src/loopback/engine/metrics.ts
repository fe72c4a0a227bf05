/** What `flamingo loopback` counts of itself, and how Prometheus reads it. */
import { breathe } from "../../breathe.js";

/** Upper bounds of the classes of a lag, in seconds. */
const lagBounds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export class Metrics {
  applications = 0;
  /** workloads that are in step: Synced and Healthy */
  inStep = 0;
  watched: () => { kinds: number; objects: number; unread: number } = () => ({
    kinds: 0,
    objects: 0,
    unread: 0,
  });
  /** whether redis answers */
  redis: () => boolean = () => false;
  leading = false;
  /** labels of each Application's `argocd_app_info`, where that is asked for */
  appInfos: () => Iterable<Readonly<Record<string, string>>> = () => [];
  readonly writes = { status: 0, tree: 0 };
  readonly answers: Record<string, number> = {};
  errors = 0;
  /** what a bug of flamingo kept from being taken in or reported */
  bugs = 0;
  readonly #lags = lagBounds.map(() => 0);
  #lagCount = 0;
  #lagSum = 0;

  /** From a change that was seen to the Application that shows it. */
  observeLag(seconds: number): void {
    this.#lagCount++;
    this.#lagSum += seconds;
    for (const [index, bound] of lagBounds.entries()) {
      if (seconds <= bound) this.#lags[index] = (this.#lags[index] ?? 0) + 1;
    }
  }

  /** Prometheus' text format 0.0.4. Others have their turn in between: there may be thousands of Applications. */
  async render(): Promise<string> {
    const lines: string[] = [];
    const { kinds, objects, unread } = this.watched();
    const metric = (name: string, type: string, help: string, samples: [labels: string, value: number][]) => {
      lines.push(`# HELP flamingo_loopback_${name} ${help}`, `# TYPE flamingo_loopback_${name} ${type}`);
      for (const [labels, value] of samples) lines.push(`flamingo_loopback_${name}${labels} ${value}`);
    };
    metric("leader", "gauge", "1 while this process holds the Lease", [["", Number(this.leading)]]);
    metric("applications", "gauge", "Applications of the engine loopback", [["", this.applications]]);
    metric("applications_in_step", "gauge", "Applications that are Synced and Healthy", [["", this.inStep]]);
    metric("watched_kinds", "gauge", "kinds of objects that are watched", [["", kinds]]);
    metric("watched_objects", "gauge", "objects that are kept in memory", [["", objects]]);
    metric("unread_kinds", "gauge", "kinds that could not be read", [["", unread]]);
    metric("redis_connected", "gauge", "1 while redis answers", [["", Number(this.redis())]]);
    metric("writes_total", "counter", "what was written", [
      ['{what="status"}', this.writes.status],
      ['{what="tree"}', this.writes.tree],
    ]);
    metric(
      "answers_total",
      "counter",
      "buttons and commands of Argo CD that were answered",
      Object.entries(this.answers).map(([kind, count]) => [`{kind="${kind}"}`, count]),
    );
    metric("errors_total", "counter", "Applications that could not be reported and are tried again", [
      ["", this.errors],
    ]);
    metric("bugs_total", "counter", "objects and Applications that flamingo failed on, which it should not", [
      ["", this.bugs],
    ]);
    metric("lag_seconds", "histogram", "from a change that was seen to the Application that shows it", [
      ...lagBounds.map((bound, index): [string, number] => [
        `_bucket{le="${bound}"}`,
        this.#lags[index] ?? 0,
      ]),
      ['_bucket{le="+Inf"}', this.#lagCount],
      ["_sum", Number(this.#lagSum.toFixed(6))],
      ["_count", this.#lagCount],
    ]);
    // two that tell it would count each twice
    if (this.leading) lines.push(...(await appInfoLines(this.appInfos())));
    return `${lines.join("\n")}\n`;
  }
}

/** As Argo CD's own controller has them: of none there is no head either. */
async function appInfoLines(infos: Iterable<Readonly<Record<string, string>>>): Promise<string[]> {
  const name = "argocd_app_info";
  const samples: string[] = [];
  for (const labels of infos) {
    samples.push(`${name}${labelsText(labels)} 1`);
    await breathe();
  }
  if (samples.length === 0) return [];
  return [`# HELP ${name} Information about application.`, `# TYPE ${name} gauge`, ...samples];
}

/** `{name="web",repo="https://git.example/r"}` */
function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return `{${pairs.join(",")}}`;
}

/** The text of a label's value: backslash, quotation mark and line feed are written as in C. */
function escaped(value: string): string {
  // nearly none has any, and there are a dozen for each of thousands of Applications
  return /[\\"\n]/.test(value)
    ? value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")
    : value;
}
