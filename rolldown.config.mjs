import { readFileSync } from "node:fs";
import { defineConfig } from "rolldown";
import { commanderAsModules } from "./scripts/commander-as-modules.mjs";
import { thirdPartyLicenses } from "./scripts/third-party-licenses.mjs";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

export default defineConfig({
  input: { main: "src/cli/start.ts" },
  platform: "node",
  external: ["encoding"],
  transform: {
    define: {
      FLAMINGO_VERSION: JSON.stringify(version),
      // ws looks for faster programs of others, which nobody has installed
      "process.env.WS_NO_BUFFER_UTIL": '"1"',
      "process.env.WS_NO_UTF_8_VALIDATE": '"1"',
    },
  },
  output: {
    dir: "dist",
    format: "cjs",
    entryFileNames: "[name].cjs",
    chunkFileNames: "[name].cjs",
    cleanDir: true,
    // readable stack traces are worth more than a smaller file: minifying changes nothing measurable at start-up
    comments: false,
    codeSplitting: {
      groups: [
        // what every command line needs is one file, else start-up opens ten
        { name: "main", tags: ["$initial"] },
        { name: "ioredis", test: /node_modules\/ioredis\// },
        { name: "ws", test: /node_modules\/ws\// },
      ],
    },
  },
  plugins: [
    commanderAsModules(),
    {
      // a chunk that uses none of the bundler's functions loads them all the same
      name: "no-idle-runtime",
      generateBundle(_, bundle) {
        for (const chunk of Object.values(bundle))
          if (chunk.type === "chunk")
            chunk.code = chunk.code.replace(/^require\("\.\/rolldown-runtime\.cjs"\);\n/m, "");
      },
    },
    {
      // ioredis can colour what it logs for its own authors
      name: "no-colours-of-debug",
      resolveId: (id) => (id === "supports-color" ? "\0nothing" : null),
      load: (id) => (id === "\0nothing" ? "export {}" : null),
    },
    {
      name: "third-party-licenses",
      generateBundle(_, bundle) {
        const modules = Object.values(bundle).flatMap((chunk) =>
          chunk.type === "chunk" ? chunk.moduleIds : [],
        );
        this.emitFile({
          type: "asset",
          fileName: "THIRD_PARTY_LICENSES.txt",
          source: thirdPartyLicenses(modules),
        });
      },
    },
  ],
});
