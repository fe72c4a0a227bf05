import { expect, test } from "vitest";
import { admissionPolicies } from "../../../src/install/engine/admission-policy.js";

interface Policy {
  spec: {
    matchConditions?: { expression: string }[];
    variables?: { expression: string }[];
    validations?: { expression: string }[];
  };
}

/** All that the API server has to understand, without what is only quoted. */
const expressions = (admissionPolicies("argocd") as unknown as Policy[]).flatMap(
  ({ spec: { matchConditions = [], variables = [], validations = [] } }) =>
    [...matchConditions, ...variables, ...validations].map(({ expression }) =>
      expression.replace(/'(?:\\.|[^'\\])*'/g, "''"),
    ),
);

/**
 * What of that Kubernetes 1.30 knows, the first that serves these policies: CEL's own, and optional values, which are there since
 * 1.28 (`pkg/cel/environment/base.go` of k8s.io/apiserver). It takes new expressions by what the minor before understands, too.
 */
const known = ["all", "exists", "has", "matches", "orValue", "size", "startsWith"];

test("the admission policies call nothing that is younger than they are", () => {
  const called = expressions.flatMap((expression) =>
    [...expression.matchAll(/(\w+)\(/g)].map(([, name]) => name),
  );
  expect([...new Set(called)].sort()).toEqual(known);
});

test("they go through lists and maps by one variable, since two want Kubernetes 1.32", () => {
  const macro = /\.(all|exists)\(\w+, /;
  expect(expressions.filter((expression) => macro.test(expression)).length).toBeGreaterThan(5);
  for (const expression of expressions) expect(expression).not.toMatch(/\.(all|exists)\(\w+, \w+,/);
});
