import { beforeEach, describe, expect, test } from "vitest";
import { UserError } from "../../../src/errors.js";
import { Emitter } from "../../../src/loopback/engine/emitter.js";
import { Metrics } from "../../../src/loopback/engine/metrics.js";
import { application, generated } from "../../builders/argo.js";
import { ks } from "../../builders/flux.js";

let lines: string[];
let metrics: Metrics;
let told: Emitter;

beforeEach(() => {
  lines = [];
  metrics = new Metrics();
  const say = (text: string) => void lines.push(text);
  const nothing = () => {};
  told = new Emitter({
    metrics,
    listener: {
      remark: say,
      answered: say,
      failed: (key, error) => say(`${key}: ${error.message}`),
      reported: nothing,
      dropped: nothing,
      auto: nothing,
      undone: nothing,
    },
  });
});

const kind = (group: string) => ({ group, kind: "Ingress", plural: "ingresses", versions: ["v1"] });
const [networking, traefik] = [kind("networking.k8s.io"), kind("traefik.io")];
const away = new UserError("Cannot watch Ingresses: connection refused", { hint: "Wait" });

describe("an API server that is away", () => {
  test("is told once, and once when the last kind is heard again", () => {
    expect(told.trouble(networking, undefined)).toBeUndefined();
    told.trouble(networking, away);
    told.trouble(traefik, away);
    told.trouble(traefik, away);
    expect(lines).toEqual([`${away.message}; what is shown may be old until it is heard again`]);
    expect(told.trouble(networking, undefined)).toBeUndefined();
    expect(told.trouble(traefik, undefined)).toBe("over");
    expect(lines.slice(1)).toEqual(["All kinds are heard again"]);
    expect(told.trouble(traefik, undefined)).toBeUndefined();
    told.trouble(traefik, away);
    expect(lines.slice(2)).toHaveLength(1);
  });
});

test("a failure is told again only when it is another one, or came back", () => {
  told.failed("argocd/web", new UserError("a"));
  told.failed("argocd/web", new UserError("a"));
  told.failed("argocd/api", new UserError("a"));
  told.failed("argocd/web", new UserError("b"));
  told.succeeded("argocd/web");
  told.failed("argocd/web", new UserError("b"));
  expect(lines).toEqual(["argocd/web: a", "argocd/api: a", "argocd/web: b", "argocd/web: b"]);
});

test("an answer is told and counted once, however often it is looked at", () => {
  const asking = { ...application("web"), operation: { sync: {} } };
  told.answered("argocd/web", "sync", []);
  expect(metrics.answers).toEqual({});
  told.answered("argocd/web", "sync", ["one", "two"]);
  told.looksAt("argocd/web", asking);
  told.answered("argocd/web", "sync", ["one", "two"]);
  told.answered("argocd/web", "sync", ["three"]);
  expect(metrics.answers).toEqual({ sync: 1 });
  told.looksAt("argocd/web", application("web"));
  told.answered("argocd/web", "sync", ["three"]);
  told.answered("argocd/web", "refresh", ["five"]);
  expect(lines).toEqual(["one", "two", "three", "three", "five"]);
  expect(metrics.answers).toEqual({ sync: 2, refresh: 1 });
});

test("an Application that loses skip-reconcile is told each time that it does", () => {
  const lost = application("web", {}, { annotations: { "flamingo/engine": "loopback" } });
  const ours = generated(ks("web"));
  for (const one of [lost, lost, ours, undefined, lost]) told.looksAt("argocd/web", one);
  expect(lines).toHaveLength(2);
  expect(new Set(lines)).toEqual(
    new Set([
      "Application argocd/web has lost argocd.argoproj.io/skip-reconcile: Argo CD reconciles it by itself now, and flamingo leaves it alone",
    ]),
  );
});
