import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { Deps } from "../../../src/commands/deps.js";
import { confirm } from "../../../src/commands/install/confirm.js";
import type { Prepared } from "../../../src/install/prepare.js";
import { ConfigMap } from "../../../src/kube/kinds.js";
import type { Survey } from "../../../src/survey/survey.js";

const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "argocd" } };

function prepared(data: Record<string, string> | undefined): Prepared {
  const before = data && { ...object, data };
  const wanted = { ...object, data: { a: "1" } };
  return {
    wish: { mode: "all", argocd: "v2.8.4", image: "a:b", namespace: "argocd", anonymous: false },
    items: [{ object: wanted, kind: ConfigMap, before: before ?? null, force: false }],
    stages: [],
    isOurs: true,
    hasNamespace: true,
  };
}

/** What is asked on a terminal, and how it ends. */
async function answer(what: Prepared, present: boolean, typed: string) {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const stream = new PassThrough();
  const survey = { argos: [], flux: { present } } as unknown as Survey;
  const deps = { stdin, stderr: { stream, isTTY: true }, signal: new AbortController().signal };
  stdin.write(`${typed}\n`);
  const end = await confirm(what, survey, deps as unknown as Deps).then(
    () => "done",
    (error) => error.message,
  );
  return { end, asked: String(stream.read() ?? "") };
}

test("without a terminal", async () => {
  const survey = (namespace: string) =>
    ({
      argos: [{ namespace, image: { flavour: "stock", image: "quay.io/argoproj/argocd:v2.8.3" } }],
      flux: { present: true },
    }) as unknown as Survey;
  const deps = { stdin: {}, stderr: { isTTY: false } } as unknown as Deps;
  const theirs = { ...prepared({ a: "2" }), isOurs: false };
  await expect(confirm(theirs, survey("argocd"), deps)).rejects.toThrow(
    "Cannot change stock Argo CD v2.8.3 in argocd, which flamingo did not install, without being told to",
  );
  await expect(confirm(theirs, survey("other"), deps)).rejects.toThrow(
    "Cannot install beside stock Argo CD v2.8.3 in other without being told to",
  );
  await confirm(prepared({ a: "2" }), survey("argocd"), deps);
});

test.each<
  [data: Record<string, string> | undefined, flux: boolean, typed: string, asked: string, end: string]
>([
  [undefined, true, "", "", "done"],
  [{ a: "1" }, true, "", "", "done"],
  [{ a: "2" }, true, "y", "Change 1 object that is there? [y/N] ", "done"],
  [{ a: "2" }, true, "Yes", "Change 1 object that is there? [y/N] ", "done"],
  [{ a: "2" }, true, "", "Change 1 object that is there? [y/N] ", "Cannot install: the answer was no"],
  [
    undefined,
    false,
    "no",
    "Install without Flux, of which nothing is here yet? [y/N] ",
    "Cannot install: the answer was no",
  ],
])("with %o there, Flux %s and %j typed", async (data, flux, typed, asked, end) =>
  expect(await answer(prepared(data), flux, typed)).toEqual({ asked, end }),
);
