import { isMap } from "../../../is-map.js";
import type { Budget } from "./budget.js";
import { notFilledIn, TemplateError } from "./errors.js";
import { call } from "./functions.js";
import type { Node, Operand, Pipeline } from "./parse.js";
import { entriesOf, fieldOf, isTrue, print, sizeOf, typeName, type Value } from "./values.js";

/**
 * Fills in a template as Go's text/template does with `missingkey=error`. Templates begin at `inputs`; what `.` is outside of `with`
 * and `range` is not documented.
 *
 * @throws TemplateError for what Go fails with
 * @throws NotTold for what is not filled in here
 */
export function fillIn(template: readonly Node[], inputs: Value, budget: Budget): string {
  return new Evaluation(inputs, budget).textOf(template, undefined);
}

/** What `.` is; undefined outside. */
type Dot = Value | undefined;

class Evaluation {
  readonly #inputs: Value;
  readonly #budget: Budget;
  readonly #variables: { name: string; value: Value }[] = [];

  constructor(inputs: Value, budget: Budget) {
    this.#inputs = inputs;
    this.#budget = budget;
  }

  textOf(nodes: readonly Node[], dot: Dot): string {
    return nodes.map((node) => this.#node(node, dot)).join("");
  }

  #node(node: Node, dot: Dot): string {
    this.#budget.spend(1);
    if ("text" in node) {
      this.#budget.spend(node.text.length);
      return node.text;
    }
    const outer = this.#variables.length;
    if ("put" in node) {
      const value = this.#pipeline(node.put, dot);
      if (node.put.variables.length > 0) return "";
      this.#budget.spendOn(value);
      return value === null ? "<no value>" : print(value);
    }
    const made = node.block === "range" ? this.#range(node, dot) : this.#choice(node, dot);
    this.#variables.length = outer;
    return made;
  }

  #choice({ block, on, body, otherwise }: Extract<Node, { block: string }>, dot: Dot): string {
    const value = this.#pipeline(on, dot);
    this.#budget.spend(sizeOf(value));
    if (!isTrue(value)) return this.textOf(otherwise, dot);
    return this.textOf(body, block === "with" ? value : dot);
  }

  #range({ on, body, otherwise }: Extract<Node, { block: string }>, dot: Dot): string {
    const over = this.#pipeline({ ...on, variables: [] }, dot);
    this.#budget.spend(typeof over === "bigint" ? Math.max(0, Number(over)) : sizeOf(over));
    const entries = itemsOf(over);
    if (entries.length === 0) return this.textOf(otherwise, dot);
    const outer = this.#variables.length;
    return entries
      .map(([key, value]) => {
        const values = on.variables.length > 1 ? [key, value] : [value];
        for (const [index, name] of on.variables.entries())
          this.#set(name, values[index] as Value, on.declares);
        const made = this.textOf(body, value);
        this.#variables.length = outer;
        return made;
      })
      .join("");
  }

  #pipeline({ variables, declares, commands }: Pipeline, dot: Dot): Value {
    let value: Value | undefined;
    for (const command of commands) value = this.#command(command, dot, value);
    for (const name of variables) this.#set(name, value as Value, declares);
    return value as Value;
  }

  #set(name: string, value: Value, isNew: boolean): void {
    const known = isNew ? undefined : this.#variable(name);
    if (known) known.value = value;
    else this.#variables.push({ name, value });
  }

  #variable(named: string): { name: string; value: Value } | undefined {
    this.#budget.spend(this.#variables.length);
    return this.#variables.findLast(({ name }) => name === named);
  }

  /** @param piped what the command before it made: the last argument */
  #command([first, ...rest]: Operand[], dot: Dot, piped: Value | undefined): Value {
    const { term, fields } = first as Operand;
    if (term !== "dot" && "call" in term && term.call !== "inputs" && fields.length === 0) {
      return this.#call(term.call, rest, dot, piped);
    }
    if (rest.length > 0 || piped !== undefined)
      throw new TemplateError("can't give argument to non-function");
    return this.#operand(first as Operand, dot);
  }

  #call(name: string, operands: readonly Operand[], dot: Dot, piped: Value | undefined): Value {
    if (name === "and" || name === "or") return this.#firstThatDecides(name, operands, dot, piped);
    const args = operands.map((operand) => this.#operand(operand, dot));
    return call(name, piped === undefined ? args : [...args, piped], this.#budget);
  }

  #firstThatDecides(
    name: "and" | "or",
    operands: readonly Operand[],
    dot: Dot,
    piped: Value | undefined,
  ): Value {
    let value: Value | undefined;
    for (const operand of operands) {
      value = this.#operand(operand, dot);
      this.#budget.spend(sizeOf(value));
      if (isTrue(value) === (name === "or")) return value;
    }
    const last = piped ?? value;
    if (last === undefined)
      throw new TemplateError(`wrong number of args for ${name}: want at least 1 got 0`);
    return last;
  }

  #operand({ term, fields }: Operand, dot: Dot): Value {
    this.#budget.spend(1 + fields.length);
    return fields.reduce(fieldOf, this.#term(term, dot));
  }

  #term(term: Operand["term"], dot: Dot): Value {
    if (term === "dot") {
      if (dot === undefined) throw notFilledIn(". outside of with and range");
      return dot;
    }
    if ("value" in term) return term.value;
    if ("pipeline" in term) return this.#pipeline(term.pipeline, dot);
    if ("variable" in term) return this.#variable(term.variable)?.value as Value;
    return term.call === "inputs" ? this.#inputs : this.#call(term.call, [], dot, undefined);
  }
}

function itemsOf(value: Value): [Value, Value][] {
  if (value === null) return [];
  if (Array.isArray(value)) return value.map((item, index) => [BigInt(index), item]);
  if (isMap(value)) return entriesOf(value);
  if (typeof value === "bigint")
    return Array.from({ length: Number(value) }, (_, index) => [BigInt(index), BigInt(index)]);
  throw new TemplateError(`range can't iterate over ${print(value)} of type ${typeName(value)}`);
}
