import { expect, test } from "vitest";
import { whoAmI } from "../../src/kube/who-am-i.js";
import { clusterTest } from "../cluster/cluster.js";
import { kubeFor } from "./kube-for.js";

clusterTest("whoAmI() is the name by which the API server knows one", async ({ cluster }) => {
  expect(await whoAmI(kubeFor(cluster))).toBe("admin");
  expect(await whoAmI(kubeFor(cluster, { user: "alice" }))).toBe("alice");
});

test("whoAmI() of an API server that does not tell is not known", async () => {
  const create = () => Promise.reject(new Error("nobody asks for what is not served"));
  expect(await whoAmI({ servedVersion: async () => undefined, create })).toBeUndefined();
});
