/** Runs scenes beside each other, which saves waiting for one after the other. Whose failure it is, is said. */
export async function together(scenes: Readonly<Record<string, () => Promise<void>>>): Promise<void> {
  const failures: Error[] = [];
  await Promise.all(
    Object.entries(scenes).map(([name, scene]) =>
      scene().catch((error: Error) => {
        error.message = `${name}: ${error.message}`;
        failures.push(error);
      }),
    ),
  );
  const [first] = failures;
  if (first)
    throw failures.length > 1 ? new AggregateError(failures, failures.map(String).join("\n")) : first;
}
