import { expect, test } from "vitest";
import { parseSubject } from "../../src/applications/subject.js";

test.each([
  ["podinfo", { application: "podinfo" }],
  ["application.argoproj.io/podinfo", { application: "podinfo" }],
  ["applications.argoproj.io/podinfo", { application: "podinfo" }],
  ["app/podinfo", { application: "podinfo" }],
  ["Application/podinfo", { application: "podinfo" }],
  ["ks/podinfo", { ref: { kind: "Kustomization", name: "podinfo" } }],
  ["HelmRelease/podinfo", { ref: { kind: "HelmRelease", name: "podinfo" } }],
])("parseSubject() reads %s", (text, subject) => expect(parseSubject(text)).toEqual(subject));

test.each([
  [
    "Podinfo",
    "\"Podinfo\" is no name of an Application: it must consist of lower-case letters, digits, '-' and '.', and start and end with a letter or digit",
    "Write the name of an Application, or ks/NAME or hr/NAME for a workload",
  ],
  [
    "app/",
    "\"\" is no name of an Application: it must consist of lower-case letters, digits, '-' and '.', and start and end with a letter or digit",
    "Write the name of an Application, or ks/NAME or hr/NAME for a workload",
  ],
  [
    "pod/x",
    '"pod/x" names the kind "pod", which is no Flux workload',
    "Kinds are ks (kustomization), hr (helmrelease), rset (resourceset) and fi (fluxinstance), and their plurals",
  ],
])("parseSubject() refuses %s", (text, message, hint) => {
  expect(() => parseSubject(text)).toThrow(expect.objectContaining({ message, hint, exitCode: 2 }));
});
