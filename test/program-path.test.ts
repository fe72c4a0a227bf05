import { expect, test } from "vitest";
import { programPath } from "../src/program-path.js";

const there = ["C:\\tools\\kustomize.exe", "C:\\sdk\\gcloud.CMD", "tools\\kubectl.EXE", ".\\kubectl.EXE"];
const env = { Path: 'tools;.;C:\\empty;"C:\\tools";C:\\sdk', PATHEXT: ".exe;.CMD" };

test.each<[name: string, path: string | undefined]>([
  ["kustomize", "C:\\tools\\kustomize.exe"],
  ["kustomize.exe", "C:\\tools\\kustomize.exe"],
  ["gcloud", "C:\\sdk\\gcloud.CMD"],
  // only beside where one stands
  ["kubectl", undefined],
  [".\\kubectl.EXE", ".\\kubectl.EXE"],
  ["C:\\other\\aws.exe", "C:\\other\\aws.exe"],
])("on Windows %s is %s", (name, path) =>
  expect(programPath(name, env, { platform: "win32", isFile: (one) => there.includes(one) })).toBe(path),
);

test("Windows has endings of its own", () =>
  expect(
    programPath(
      "aws",
      { PATH: "C:\\aws" },
      { platform: "win32", isFile: (one) => one === "C:\\aws\\aws.EXE" },
    ),
  ).toBe("C:\\aws\\aws.EXE"));

test("elsewhere the system looks for it", () =>
  expect(programPath("kustomize", {}, { platform: "linux", isFile: () => false })).toBe("kustomize"));
