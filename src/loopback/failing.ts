/** How something that goes on by itself fails, which only a bug can cause: `failure` rejects with it, or stays as it is. */
export function failing(): { failure: Promise<never>; fail(error: unknown): void } {
  let fail: (error: unknown) => void = () => {};
  const failure = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // it may come before anybody waits for it
  failure.catch(() => {});
  return { failure, fail };
}
