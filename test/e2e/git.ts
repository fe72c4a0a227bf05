import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { loginFile } from "./git-server.js";

const run = promisify(execFile);

/** A repository on the rig's Git server, with one branch: main. */
export class Repository {
  /** what a GitRepository's or an Application's URL is */
  readonly url: string;
  readonly #work: string;

  private constructor(url: string, work: string) {
    this.url = url;
    this.#work = work;
  }

  /**
   * An empty one, in place of what an earlier try of the test has left.
   *
   * @param name of its own for each test
   * @param login "USER:PASSWORD", without which nobody reads it
   */
  static async create(
    { url, folder }: { url: string; folder: string },
    name: string,
    login?: string,
  ): Promise<Repository> {
    const bare = join(folder, `${name}.git`);
    const repository = new Repository(`${url}/${name}.git`, join(dirname(folder), "work", name));
    for (const old of [bare, repository.#work]) await rm(old, { recursive: true, force: true });
    await mkdir(repository.#work, { recursive: true });
    await run("git", ["init", "--quiet", "--bare", "--initial-branch=main", bare]);
    if (login !== undefined) await writeFile(join(bare, loginFile), login);
    await repository.#git("init", "--quiet", "--initial-branch=main");
    await repository.#git("remote", "add", "origin", bare);
    return repository;
  }

  /**
   * Commits and pushes. Answers the commit's full hash.
   *
   * @param files contents by path; null removes the file
   */
  async commit(files: Readonly<Record<string, string | null>>, message = "Change"): Promise<string> {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.#work, name);
      if (content === null) await rm(path);
      else {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, content);
      }
    }
    await this.#git("add", "--all");
    await this.#git("commit", "--quiet", "--allow-empty", "--message", message);
    await this.#git("push", "--quiet", "origin", "main");
    return await this.#git("rev-parse", "HEAD");
  }

  async #git(...args: string[]): Promise<string> {
    const who = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgSign=false"];
    const env = { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
    return (await run("git", [...who, ...args], { cwd: this.#work, env })).stdout.trim();
  }
}
