/** The command lines of flamingo that stand in texts of src/: in hints, remedies, refusals and examples. */

/** What may stand behind "flamingo" in a sentence that is no command line: "flamingo reads", "flamingo made". */
const prose = /^(?:alone|at|did|has|in|is|itself|made|must|that|was|would|[a-z]{3,}(?:s|ed))$/;

/** In the place of what is only known when it runs. */
const anything = "\0";

/**
 * Every "flamingo WORD …" in the texts of a file, as far as the sentence may be a command line: the word, and the flags behind it.
 * What a template fills in may be anything, and is left out.
 */
export function hintsIn(code: string): string[] {
  return textsIn(code)
    .flatMap((text) => [...text.matchAll(/\bflamingo ([a-z][^\n"';,)|]*)/g)])
    .flatMap(([, line = ""]) => hintIn(line));
}

/** The same of a page in Markdown: what it shows as code, and as typed. */
export function documentedIn(page: string): string[] {
  const typed = page.matchAll(/`flamingo ([a-z][^`|#]*)|^\$ flamingo ([a-z][^|#\n]*)/gm);
  return [...typed].flatMap(([, inline = "", line = inline]) => hintIn(line.trim()));
}

function hintIn(line: string): string[] {
  const [command = "", ...rest] = line.split(/\s+/).map((word) => word.replace(/\0.*$|[=:.…].*$/, ""));
  if (prose.test(command)) return [];
  return [[command, ...rest.filter((word) => /^--?[a-zA-Z]/.test(word))].join(" ")];
}

/** The texts between quotes, without comments. */
function textsIn(code: string): string[] {
  const bare = code.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const texts: string[] = [];
  for (let at = 0; at < bare.length; at++) {
    const quote = bare[at] ?? "";
    if (!"\"'`".includes(quote)) continue;
    const { text, end } = textAt(bare, at);
    texts.push(text);
    at = end;
  }
  return texts;
}

function textAt(code: string, start: number): { text: string; end: number } {
  const quote = code[start];
  let text = "";
  let at = start + 1;
  for (; at < code.length && code[at] !== quote; at++) {
    if (code[at] === "\\") at++;
    else if (quote === "`" && code.startsWith("${", at)) {
      at = endOfExpression(code, at + 2);
      text += anything;
      continue;
    }
    text += code[at];
  }
  return { text, end: at };
}

/** Where the "}" is that ends what a template fills in. */
function endOfExpression(code: string, start: number): number {
  let depth = 1;
  for (let at = start; at < code.length; at++) {
    const character = code[at] ?? "";
    if ("\"'`".includes(character)) at = textAt(code, at).end;
    else if (character === "{") depth++;
    else if (character === "}" && --depth === 0) return at;
  }
  throw new Error("a template does not end");
}
