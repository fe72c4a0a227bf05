type Env = Readonly<Record<string, string | undefined>>;

/** What a program needs to start, and where it may write. */
const toStart = /^(?:PATH|PATHEXT|SYSTEMROOT|TMPDIR|TEMP|TMP)$/;
/** What git and HTTPS need beside it: settings and keys at home, an agent, proxies, certificates. */
const toFetch = /^(?:HOME|USERPROFILE|APPDATA|GIT_.*|SSH_.*|SSL_CERT_.*|(?:HTTPS?|ALL|NO)_PROXY)$/;

/**
 * The environment that kustomize gets. It puts variables into ConfigMaps where an `envs` file names one without a value, so it
 * has none to tell.
 */
export function environmentOf(env: Env, mayFetch: boolean): Env {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => {
      const upper = name.toUpperCase();
      return toStart.test(upper) || (mayFetch && toFetch.test(upper));
    }),
  );
}
