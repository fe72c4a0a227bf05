import { expect, onTestFinished } from "vitest";
import { Followed, type FollowWidth } from "../../src/kube/followed.js";
import { ConfigMap } from "../../src/kube/kinds.js";
import type { Kind } from "../../src/kube/object.js";
import { clusterTest, type TestCluster } from "../cluster/cluster.js";
import { kubeFor, type Login, proxyFor } from "./kube-for.js";

const nowhere: Kind = { group: "example.org", kind: "Nowhere", plural: "nowheres" };

/** What is told of its objects, and what `read` answers until it is what one waits for. */
function followed(cluster: TestCluster, width: FollowWidth, login: Login = {}) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const objects = new Followed(kubeFor(cluster, login), width, stop.signal);
  const news = objects.news();
  const until = async <T>(read: () => T, wanted: (value: T) => boolean): Promise<T> => {
    for (let value = read(); ; value = read()) {
      if (wanted(value)) return value;
      await news.next();
    }
  };
  return { objects, until, stop, news };
}

const isRead = (found: unknown) => found !== "unread";

clusterTest("tells what there is, what becomes of it, and what is not there", async ({ cluster }) => {
  const namespace = await cluster.createNamespace("followed-object");
  const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace } };
  await cluster.apply(map);
  const { objects, until, news, stop } = followed(cluster, "object");
  const a = () => objects.get(ConfigMap, { name: "a", namespace });
  expect(a()).toBe("unread");
  expect(await until(a, isRead)).toMatchObject({ metadata: { name: "a" } });
  expect(await until(() => objects.get(ConfigMap, { name: "b", namespace }), isRead)).toBeUndefined();
  expect(await until(() => objects.get(nowhere, { name: "a", namespace }), isRead)).toBeUndefined();
  await cluster.delete("v1", "ConfigMap", "a", namespace);
  expect(await until(a, (found) => found === undefined)).toBeUndefined();
  stop.abort();
  while (!(await news.next()).done);
});

clusterTest("watches a place once, whoever asks for however much of it", async ({ cluster }) => {
  const namespace = await cluster.createNamespace("followed-place");
  const proxy = await proxyFor(cluster);
  const { objects, until } = followed(cluster, "namespace", { server: proxy.server });
  for (const name of ["a", "b", "c"])
    expect(await until(() => objects.get(ConfigMap, { name, namespace }), isRead)).toBeUndefined();
  await expect.poll(() => proxy.requests.filter(({ query }) => query.has("watch"))).toHaveLength(1);
});

clusterTest("tells why nothing is known of what may not be read", async ({ cluster }) => {
  const namespace = await cluster.createNamespace("followed-rights");
  const { objects, until } = followed(cluster, "object", { user: "bob" });
  const ref = { name: "a", namespace };
  objects.get(ConfigMap, ref);
  const trouble = await until(
    () => objects.troubleWith(ConfigMap, ref),
    (error) => error !== undefined,
  );
  expect(trouble?.message).toContain("Cannot watch ConfigMaps in followed-rights: ");
  expect(objects.get(ConfigMap, ref)).toBe("unread");
});
