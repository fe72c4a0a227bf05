import { expect, test } from "vitest";
import type { SyncWindow } from "../../src/argo/app-project.js";
import { closedWindow } from "../../src/argo/sync-windows.js";
import { application, appProject } from "../builders/argo.js";

const now = new Date("2026-11-28T10:30:00Z");
const open = { schedule: "0 10 * * *", duration: "1h" };
const shut = { schedule: "0 12 * * *", duration: "1h" };
const all = { applications: ["*"] };
const allow = { kind: "allow", ...all };
const deny = { kind: "deny", ...all };

const closed = (windows: SyncWindow[], isManual = true) =>
  closedWindow(application("web"), appProject("shop", { syncWindows: windows }), { isManual, now });

test.each<[windows: SyncWindow[], isManual: boolean, permitted: boolean]>([
  [[], true, true],
  [[{ ...allow, ...open }], true, true],
  [[{ ...allow, ...shut }], true, false],
  [[{ ...allow, ...shut, manualSync: true }], true, true],
  [[{ ...allow, ...shut, manualSync: true }], false, false],
  [
    [
      { ...allow, ...shut },
      { ...allow, ...open },
    ],
    true,
    true,
  ],
  [[{ ...deny, ...open }], true, false],
  [[{ ...deny, ...shut }], true, true],
  [
    [
      { ...deny, ...open },
      { ...allow, ...open },
    ],
    true,
    false,
  ],
  [
    [
      { ...deny, ...open, manualSync: true },
      { ...deny, ...open },
    ],
    true,
    false,
  ],
  [[{ ...deny, ...open, timeZone: "Europe/Berlin" }], true, true],
])("with %j, pressed by somebody %s, a sync is permitted: %s", (windows, isManual, permitted) =>
  expect(closed(windows, isManual)).toBe(
    permitted ? undefined : "Cannot sync: the sync windows of the AppProject shop do not permit it now",
  ),
);

test.each<[lists: SyncWindow, isMeant: boolean]>([
  [{}, false],
  [{ applications: ["w*"] }, true],
  [{ applications: ["other"] }, false],
  [{ applications: ["other"], namespaces: ["apps"] }, true],
  [{ clusters: ["https://kubernetes.*"] }, true],
  [{ clusters: ["in-cluster"] }, false],
  [{ applications: ["other"], namespaces: ["apps"], andOperator: true }, false],
  [{ applications: ["web"], namespaces: ["apps"], andOperator: true }, true],
])("a window with %j is for the Application: %s", (lists, isMeant) =>
  expect(closed([{ kind: "deny", ...open, ...lists }]) !== undefined).toBe(isMeant),
);

test.each([
  { schedule: "@daily", duration: "1h" },
  { schedule: "0 10 * * *", duration: "soon" },
])("a window with %j permits nothing", (times) =>
  expect(closed([{ ...allow, ...times }])).toBe(
    "Cannot sync: a sync window of the AppProject shop cannot be read",
  ),
);
