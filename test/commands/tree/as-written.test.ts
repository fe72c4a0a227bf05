import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { Ajv } from "ajv";
import { describe, expect } from "vitest";
import { ownClusterTest, type TestCluster } from "../../cluster/cluster.js";
import { isRedisMissing, startRedis } from "../../loopback/redis-server.js";
import { installArgo, installFlux, run, stock } from "../check/scene.js";
import { operatorCrds, prepareRedis, shop } from "./scene.js";

const schema = JSON.parse(readFileSync("schemas/tree.schema.json", "utf8"));
const validate = new Ajv({ allErrors: true, strict: true, strictTypes: false }).compile(schema);

/** What `flamingo loopback --once` writes for an Application. */
async function written(cluster: TestCluster, application: string): Promise<string> {
  const redis = await startRedis();
  const client = redis.client();
  await prepareRedis(client);
  const { exitCode, stderr } = await run(cluster, `loopback --once --redis 127.0.0.1:${redis.port}`);
  expect({ exitCode, stderr: stderr.replace(/^✔.*\n/gm, "") }).toEqual({ exitCode: 0, stderr: "" });
  const value = await client.getBuffer(`app|resources-tree|${application}|1.8.3.gz`);
  return gunzipSync(value ?? Buffer.alloc(0)).toString();
}

const shopTest = ownClusterTest(async (cluster) => {
  await installFlux(cluster);
  await installArgo(cluster, stock);
  await cluster.installCrds(operatorCrds);
  await shop(cluster, { custom: true });
});

describe.skipIf(isRedisMissing())("tree -o json", () => {
  shopTest("is what the engine writes, byte for byte", async ({ cluster }) => {
    const tree = await written(cluster, "web");
    expect(validate(JSON.parse(tree)) || validate.errors).toBe(true);
    for (const subject of ["web", "ks/web -n shop"])
      expect(await run(cluster, `tree ${subject} -o json`)).toEqual({
        exitCode: 0,
        stdout: `${tree}\n`,
        stderr: "",
      });
  });
});
