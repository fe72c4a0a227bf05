/**
 * Severities as GitHub reviewed them, by the part of a GHSA id that is enough to know it. Not every advisory has one
 * here: those without stay null.
 */
const severities = {
  critical: [
    "9766-5277",
    "2hj5-g64g",
    "786q-9hcg",
    "jwv5-8mqv",
    "fwr2-64vr",
    "q9hr-j4rf",
    "3jfq-742w",
    "r642-gv9p",
  ],
  high: ["h98r-wv3h", "jmvp-698c", "f9gq-prrc", "wp4p-9pxh", "gpx4-37g2", "6v85-wr92", "92mw-q256"],
  moderate: [
    ...["2gvw-w6fj", "9m6p-x4h2", "3cqf-953p", "87p9-x75h", "v8wx-v5jq", "47g2-qmh2", "g88p-r42r"],
    ...["2vgg-9h6w", "x32m-mvfj"],
  ],
};

/** The Go vulnerability database leaves this one out. */
const leftOut = {
  id: "GHSA-92mw-q256-5vwg",
  aliases: ["CVE-2024-22424"],
  severity: "high",
  summary: "Cross-site request forgery",
  affected: [
    { from: "0", fixed: "2.7.16" },
    { from: "2.8.0", fixed: "2.8.8" },
    { from: "2.9.0", fixed: "2.9.4" },
    { from: "2.10.0-rc1", fixed: "2.10.0-rc2" },
  ],
};

/**
 * Where the database knows less than code and advisory. 786q-9hcg-v9ff: code and backports (2.10.19 and .20 among them;
 * the later one counts here) show that it is older than 2.13. The two about ServerSideDiff: the API came with 3.2, the
 * advisories say nothing of 2.x, the database marks all of it.
 */
const corrections = {
  "GHSA-786q-9hcg-v9ff": (ranges) => [
    { from: "2.2.0", fixed: "2.10.20" },
    { from: "2.11.0", fixed: "2.11.14" },
    { from: "2.12.0", fixed: "2.12.13" },
    ...ranges,
  ],
  "GHSA-3v3m-wc6v-x4x3": (ranges) => ranges.filter(({ limit }) => limit === undefined),
  "GHSA-rg3g-4rw9-gqrp": (ranges) => ranges.filter(({ limit }) => limit === undefined),
};

/** OSV entries → our advisories, known by their GHSA id, in the order of the data. */
export function advisoriesFrom(vulns) {
  return [...vulns.map(advisoryFrom), leftOut];
}

function advisoryFrom({ id: goId, aliases, summary, ranges }) {
  const [id, ...others] = aliases.filter((alias) => alias.startsWith("GHSA-"));
  const affected = Object.entries(ranges).flatMap(([module, list]) =>
    list.flatMap(({ events }) => rangesFrom(events, module)),
  );
  return {
    id,
    aliases: [...others, ...aliases.filter((alias) => alias.startsWith("CVE-")), goId],
    severity: severityOf(id),
    summary,
    affected: corrections[id]?.(affected) ?? affected,
  };
}

/** Each major version is a Go module of its own: "0" of v3 is its very beginning, and what is not fixed ends with it. */
function rangesFrom(events, module) {
  const [first, limit] = { v2: ["0", "3.0.0-0"], v3: ["3.0.0-0", "4.0.0-0"] }[module];
  const ranges = [];
  for (const { introduced, fixed } of events) {
    if (introduced !== undefined) ranges.push({ from: introduced === "0" ? first : introduced, limit });
    else ranges.push({ from: ranges.pop().from, fixed });
  }
  return ranges;
}

function severityOf(id) {
  const known = Object.entries(severities).find(([, ids]) =>
    ids.some((part) => id.startsWith(`GHSA-${part}-`)),
  );
  return known ? known[0] : null;
}
