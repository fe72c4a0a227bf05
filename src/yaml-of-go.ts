import { type LoadOptions, loadAll, YAMLException } from "js-yaml";

/** A change of a text: what stands at the offset `at` of the text as it was, `length` long, is replaced. */
interface Edit {
  at: number;
  length: number;
  by: string;
}

/** Why js-yaml refused a text, and the offset where. */
interface Refusal {
  reason: string;
  at: number;
}

/**
 * Every document of a text, as js-yaml's `loadAll()`. Go's YAML (kubectl, kustomize and Flux) reads some of what YAML forbids: once
 * js-yaml has refused that and said where, it is written as YAML wants it, so that no text in quotes or blocks is touched.
 *
 * @throws YAMLException with the place in this text
 */
export function loadAllAsGo(text: string, options: LoadOptions): unknown[] {
  const edits = new Map<number, Edit>();
  let first: Refusal | undefined;
  let changed = text;
  for (let budget = mostReadAgain; ; budget -= changed.length) {
    try {
      return loadAll(changed, options);
    } catch (error) {
      if (!(error instanceof YAMLException) || !error.mark) throw error;
      const refusal = { reason: error.reason, at: placeBefore(edits, error.mark.position) };
      first ??= refusal;
      const news = remediesFor(text, refusal).filter(({ at }) => !edits.has(at));
      if (news.length === 0 || budget < 0) {
        const told = budget < 0 || isAftermath(text, refusal, edits) ? first : refusal;
        return YAMLException.throwAt(text, told.at, told.reason);
      }
      for (const edit of news) edits.set(edit.at, edit);
      changed = textAfter(text, edits);
    }
  }
}

/** In characters: a second or two. An open quote would have each line of a text that follows it read by itself. */
const mostReadAgain = 20_000_000;

/** More than the indentation of any parent. */
const deep = " ".repeat(200);

/** What to write otherwise; nothing where Go refuses the text, too. */
function remediesFor(text: string, { reason, at }: Refusal): Edit[] {
  // within brackets and quotes Go looks at no indentation, only for the end of the document
  if (reason === "deficient indentation") {
    const start = lineStart(text, at);
    const isEnd = /^(?:---|\.\.\.)(?:\s|$)/.test(text.slice(start, start + 4));
    return isEnd ? [] : [{ at: start, length: 0, by: deep }];
  }
  // a comment right behind a comma, a bracket or a quote
  if (text[at] === "#") return [{ at, length: 0, by: " " }];
  // a dash as a whole entry between brackets
  if (/^-[,\]}]/.test(text.slice(at, at + 2))) return [{ at, length: 1, by: "'-'" }];
  if (text.startsWith("\\'", at - 1)) return [{ at: at - 1, length: 1, by: "" }];
  return aliasesAsKeys(text);
}

/** `*name: value`: in Go the name of an anchor has no colon. */
function aliasesAsKeys(text: string): Edit[] {
  if (!text.includes("*")) return [];
  const anchors = new Set(Array.from(text.matchAll(/&([\w-]+)/g), ([, name]) => name));
  return [...text.matchAll(/(?:^|[-?{,])[ \t]*\*([\w-]+)(?=:(?:[\s,}\]]|$))/gm)]
    .filter(([, name]) => anchors.has(name))
    .map((match) => ({ at: match.index + match[0].length, length: 0, by: " " }));
}

/** What an open bracket or quote makes of the lines below it tells nothing: better say where they begin. */
function isAftermath(text: string, { reason, at }: Refusal, edits: ReadonlyMap<number, Edit>): boolean {
  if (/^(?:duplicated|unidentified|unknown) /.test(reason)) return false;
  return reason.startsWith("unexpected end of") || edits.has(lineStart(text, at));
}

function lineStart(text: string, at: number): number {
  return Math.max(text.lastIndexOf("\n", at - 1), text.lastIndexOf("\r", at - 1)) + 1;
}

function textAfter(text: string, edits: ReadonlyMap<number, Edit>): string {
  let changed = "";
  let rest = 0;
  for (const { at, length, by } of inOrder(edits)) {
    changed += text.slice(rest, at) + by;
    rest = at + length;
  }
  return changed + text.slice(rest);
}

/** Where in the text as it was the place lies that is at `after` now. */
function placeBefore(edits: ReadonlyMap<number, Edit>, after: number): number {
  let shift = 0;
  for (const { at, length, by } of inOrder(edits)) {
    if (at + shift >= after) break;
    shift += by.length - length;
  }
  return after - shift;
}

function inOrder(edits: ReadonlyMap<number, Edit>): Edit[] {
  return [...edits.values()].sort((a, b) => a.at - b.at);
}
