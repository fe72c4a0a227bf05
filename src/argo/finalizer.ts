/**
 * Whether Argo CD's controller would take a finalizer of an Application away when it has done its part:
 * `resources-finalizer.argocd.argoproj.io`, with "/background" or "/foreground" behind it or nothing, by which a deletion
 * cascades, and those of its hooks (`pre-delete-finalizer…`, `post-delete-finalizer…`). It leaves them where `skip-reconcile` is.
 */
export function isArgoFinalizer(finalizer: string): boolean {
  return /^(?:resources|pre-delete|post-delete)-finalizer\.argocd\.argoproj\.io(?:\/.*)?$/.test(finalizer);
}
