import { createRequire } from "node:module";

const folder = createRequire(import.meta.url)
  .resolve("commander")
  .replace(/index\.js$/, "lib/");

/** Commander's own index also makes a command, for programs that have no other. */
const index = `
export { Command } from "${folder}command.js";
export { CommanderError } from "${folder}error.js";
export { Option } from "${folder}option.js";`;

const forms = [
  // subcommands that are programs of their own: ours are not, and loading what it takes is a tenth of the time of `--help`
  ["const childProcess = require('node:child_process');", "const childProcess = {};"],
  [/^const (\{.*\}) = require\('(\..*)'\);/gm, "import $1 from '$2';"],
  [/^exports\.(\w+) = \1;/gm, "export { $1 };"],
];

/**
 * A plugin for the bundler. Commander is CommonJS: each of its files would stay in a function of its own, which V8 reads
 * twice, and that is a twentieth of the time of `--help`. As modules they are flat.
 */
export function commanderAsModules() {
  return {
    name: "commander-as-modules",
    resolveId: (id) => (id === "commander" ? "\0commander" : null),
    load: (id) => (id === "\0commander" ? index : null),
    transform(code, id) {
      if (!id.startsWith(folder)) return null;
      const module = forms.reduce((text, [form, replacement]) => text.replace(form, replacement), code);
      const left = /^.*(\brequire\('(\.|node:child)|\bexports\.).*$/m.exec(module)?.[0];
      if (left) throw new Error(`${id} has a form that is not known here: ${left}`);
      return { code: module, map: null };
    },
  };
}
