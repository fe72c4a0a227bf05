/**
 * Those that Argo CD's controller would take away when it has done its part: `resources-finalizer.argocd.argoproj.io`, with
 * "/background" or "/foreground" behind it or nothing, by which a deletion cascades, and those of its hooks
 * (`pre-delete-finalizer…`, `post-delete-finalizer…`). It leaves them where `skip-reconcile` is. RE2 reads it, too.
 */
export const argoFinalizer =
  /^(?:resources|pre-delete|post-delete)-finalizer\.argocd\.argoproj\.io(?:\/.*)?$/;

/** The finalizers of an Application without {@link argoFinalizer Argo CD's}. */
export function withoutArgoFinalizers(finalizers: readonly string[]): string[] {
  return finalizers.filter((finalizer) => !argoFinalizer.test(finalizer));
}
