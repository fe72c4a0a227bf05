declare const FLAMINGO_VERSION: string | undefined;

/** The version of package.json, put in by the bundler; "dev" where the sources run unbundled. */
export const version: string = typeof FLAMINGO_VERSION === "string" ? FLAMINGO_VERSION : "dev";
