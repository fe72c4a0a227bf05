import { ExitCode } from "../errors.js";
import { grouped } from "../grouped.js";
import { canI } from "./access-review.js";
import type { Asked, Explanation } from "./asked.js";
import { afterTries, notAnApiServerHint } from "./explain-connection.js";
import type { Status, StatusCause, StatusError } from "./failure.js";
import { resourceName } from "./resource.js";

/** Why the API server, or a proxy before it, said no. Undefined for a "no" that only a bug of ours can have earned. */
export function explainStatus(asked: Asked, error: StatusError): Explanation | undefined {
  const { server, context } = asked;
  const { status, page, body } = error;
  const message = body.message ?? "";
  if (/HTTP request (was sent )?to (an )?HTTPS/i.test(page ?? message)) {
    return {
      why: `${server} speaks HTTPS, and was asked by HTTP`,
      hint: `The address in ${context} should begin with https://`,
    };
  }
  if (status === 401) return unauthorized(asked, message);
  if (status === 429) return busy(asked, error);
  if (status >= 500) return broken(asked, error);
  if (page !== undefined) {
    const title = page === "" ? "" : ` "${page}"`;
    return { why: `${server} answered ${status} with a web page${title}`, hint: notAnApiServerHint(context) };
  }
  if (/admission webhook|ValidatingAdmissionPolicy/.test(message)) return { why: message, hint: policyHint };
  if (status === 400 && /unable to parse requirement|found '.*', expected: /.test(message)) {
    return {
      why: `the label selector is wrong: ${message}`,
      hint: "Write it as in app=podinfo,tier!=cache or as in 'tier in (web,api)'",
      exitCode: ExitCode.usage,
    };
  }
  if (status === 403) return forbidden(asked, message);
  if (status === 404) return notFound(asked, error);
  if (status === 409) return conflict(error);
  if (status === 410) {
    return { why: `the list changed too much while it was read (${message})`, hint: "Run the command again" };
  }
  if (status === 413)
    return { why: "the object is larger than the API server takes", hint: "Make it smaller" };
  if (status === 422) return invalid(asked, error);
  return undefined;
}

const policyHint = "A policy of the cluster does not allow it: change what it names, or ask whoever keeps it";

function unauthorized({ server, context }: Asked, message: string): Explanation {
  const said = message === "" || message === "Unauthorized" ? "" : `: ${message}`;
  return {
    why: `${server} does not accept the credentials, which may have expired (401)${said}`,
    hint: `Renew the credentials of ${context}, or choose another --context`,
  };
}

function busy({ server }: Asked, { tries, retryAfter }: StatusError): Explanation {
  const wish = retryAfter === undefined ? "" : `; it asks to wait (Retry-After: ${retryAfter})`;
  return { why: `${server} has too much to do (429${afterTries(tries)})${wish}`, hint: "Try again later" };
}

function broken({ server, context }: Asked, { status, body, page, tries }: StatusError): Explanation {
  const message = body.message || (page === undefined ? "" : `a web page "${page}"`);
  const said = message === "" ? "" : `: ${message}`;
  const webhook = /webhook "([^"]+)"/.exec(message)?.[1];
  return {
    why: `${server} answered ${status}${afterTries(tries)}${said}`,
    hint: webhook
      ? `Look at the webhook ${webhook}: its service has to answer`
      : `Check the cluster of ${context}, and the proxies and load balancers before it, then try again`,
  };
}

function forbidden({ server, context, access }: Asked, message: string): Explanation {
  if (message.includes('User "system:anonymous"')) {
    return {
      why: `${server} was asked without credentials: ${message}`,
      hint: `Give the user of ${context} credentials, or choose another --context`,
    };
  }
  if (!/ cannot /.test(message)) return { why: message || "it is not permitted (403)" };
  const hint = "Choose another --context or --as, or ask for the right";
  if (!access) return { why: message, hint };
  return { why: message, hint: `${hint}; to check it: ${canI(access)}` };
}

/** An object named in the answer is missing; otherwise the whole API is. */
function notFound({ server, context, access }: Asked, { body }: StatusError): Explanation {
  const { name, kind } = body.details ?? {};
  if (name !== undefined && kind === "namespaces") {
    return {
      why: `the namespace ${name} does not exist`,
      hint: `Create it: kubectl create namespace ${name}`,
    };
  }
  if (name !== undefined) return { why: body.message ?? "not found", exitCode: ExitCode.notFound };
  if (!access) return { why: `${server} does not know this path (404)`, hint: notAnApiServerHint(context) };
  if (access.subresource !== undefined) {
    return {
      why: `${server} does not serve ${resourceName(access.kind)}/${access.subresource}`,
      hint: "The kind has no such part in this version: look at its CRD, or choose another --context",
      exitCode: ExitCode.notServed,
    };
  }
  return {
    why: `${server} does not serve ${resourceName(access.kind)}`,
    hint: `Install its CRD, or choose another --context; to see what is served: kubectl api-resources --api-group=${access.kind.group}`,
    exitCode: ExitCode.notServed,
  };
}

/** Server-side apply: fields that other managers own; or anything else that somebody did in between. */
function conflict({ body }: StatusError): Explanation {
  const fields = (body.details?.causes ?? []).filter(({ reason }) => reason === "FieldManagerConflict");
  if (fields.length === 0) return overtaken(body);
  const byManager = grouped(fields.map((cause) => [managerOf(cause), cause.field ?? "a field"]));
  const owned = [...byManager].map(
    ([manager, names]) => `${names.join(", ")} ${names.length === 1 ? "belongs" : "belong"} to ${manager}`,
  );
  const hint =
    fields.length === 1
      ? "Take this field over with --force, or leave it to its manager"
      : "Take these fields over with --force, or leave them to their managers";
  return { why: owned.join("; "), hint };
}

function overtaken({ message = "it was changed meanwhile", reason }: Status): Explanation {
  if (reason === "AlreadyExists") return { why: message, hint: "Delete it first, or choose another name" };
  const why = message
    .replace(/^Operation cannot be fulfilled on [^:]*: /, "")
    .replace(/; please apply your changes to the latest version and try again$/, "");
  return { why, hint: "Try again" };
}

/** `conflict with "kubectl-edit" using v1 at 2026-01-01T00:00:00Z` → "kubectl-edit" */
function managerOf({ message = "" }: StatusCause): string {
  return /conflict with "([^"]*)"/.exec(message)?.[1] ?? message;
}

function invalid({ access }: Asked, { body }: StatusError): Explanation {
  const causes = body.details?.causes ?? [];
  const faults = causes.map(({ field, message }) => (field ? `${field}: ${message}` : message));
  return {
    why: faults.length > 0 ? `it is invalid: ${faults.join("; ")}` : (body.message ?? "it is invalid"),
    hint: access && `See which fields there are: kubectl explain ${resourceName(access.kind)}`,
  };
}
