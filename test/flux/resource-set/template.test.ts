import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { Budget } from "../../../src/flux/resource-set/template/budget.js";
import { NotTold, TemplateError } from "../../../src/flux/resource-set/template/errors.js";
import { fillIn } from "../../../src/flux/resource-set/template/fill-in.js";
import { parseTemplate } from "../../../src/flux/resource-set/template/parse.js";
import type { Value } from "../../../src/flux/resource-set/template/values.js";
import { goRun, NoPrograms } from "../../cluster/go-build.js";

const inputs: Value = {
  tenant: "team1",
  app: { version: "6.7.x", replicas: 2, "odd-key": "x" },
  big: 1234567,
  small: 0.00001,
  half: 2.5,
  yes: true,
  no: false,
  none: null,
  empty: "",
  parts: ["front", "back"],
  ports: { web: 80, admin: 8080 },
  lines: "a\nb",
  wide: " Höhen ",
};

/** Each is asked of Go, too. */
const filled: readonly (readonly [template: string, text: string])[] = [
  ["no action", "no action"],
  ["<< inputs.tenant >>|<<inputs.app.version>>", "team1|6.7.x"],
  ["<< (inputs.app).version >> << inputs.app >>", "6.7.x map[odd-key:x replicas:2 version:6.7.x]"],
  [
    "<< inputs.app.replicas >> << inputs.big >> << inputs.small >> << inputs.half >>",
    "2 1.234567e+06 1e-05 2.5",
  ],
  [
    '<< inputs.big | int >> << int "12" >> << int "x" >> << int inputs.half >> << int inputs.yes >>',
    "1234567 12 0 2 1",
  ],
  ["<< inputs.none >> << inputs.yes >> << inputs.parts >>", "<no value> true [front back]"],
  [
    '<< inputs.tenant | quote >> << quote inputs.yes inputs.none 2 >> << quote "a\\"b\\n" >>',
    '"team1" "true" "2" "a\\"b\\n"',
  ],
  ["<< `raw \\n` >> << 7 >> << -1.5 >> << true >>", "raw \\n 7 -1.5 true"],
  [
    '<< inputs.empty | default "d" >> << default 3 inputs.no >> << default 1 inputs.tenant >> << default 1 >>',
    "d 3 team1 1",
  ],
  ['<< inputs.wide | trim | upper >> << lower "ABC" >>|<< trim " x " >>', "HÖHEN abc|x"],
  [
    "<< trunc 3 inputs.tenant >> << trunc -2 inputs.tenant >> << trunc 9 inputs.tenant >> << trunc -9 inputs.tenant >>",
    "tea m1 team1 team1",
  ],
  ['<< inputs.tenant | replace "team" "t-$&" >>', "t-$&1"],
  ["<< indent 2 inputs.lines >>|<< inputs.lines | nindent 2 >>", "  a\n  b|\n  a\n  b"],
  ["a  <<- inputs.tenant ->>  b\n<<- /* said */ ->>\nc", "ateam1bc"],
  ['<</* ends >> here */>>x << ">>" >>', "x >>"],
  ["<< if inputs.no >>a<< else if inputs.yes >>b<< else >>c<< end >>", "b"],
  ['<< if eq inputs.tenant "team2" "team1" >>a<< end >><< if ne inputs.tenant "x" >>b<< end >>', "ab"],
  [
    "<< if and inputs.yes (not inputs.no) >>a<< end >><< if or inputs.no inputs.none >>b<< else >>c<< end >>",
    "ac",
  ],
  ["<< and inputs.no inputs.gone >> << or inputs.tenant inputs.gone >>", "false team1"],
  ["<< with inputs.app >><< .version >> << inputs.tenant >><< else >>x<< end >>", "6.7.x team1"],
  ["<< with $v := inputs.app.version >><< $v >><< . >><< end >>", "6.7.x6.7.x"],
  ["<< with inputs.no >>a<< else with inputs.tenant >><< . >><< end >>", "team1"],
  ["<< range inputs.parts >><< . >>,<< end >>", "front,back,"],
  ["<< range $i, $p := inputs.parts >><< $i >>=<< $p >> << end >>", "0=front 1=back "],
  ["<< range $k, $v := inputs.ports >><< $k >>:<< $v >> << end >>", "admin:8080 web:80 "],
  ["<< range inputs.empty | default inputs.none >>a<< else >>b<< end >>", "b"],
  ['<< int "9223372036854775808" >> << int "-9223372036854775808" >>', "0 -9223372036854775808"],
  ['<< replace "" "-" "ab" >> << range 2 >><< . >><< end >>', "-a-b- 01"],
  ["<< $x := 1 >><< if true >><< $x = 2 >><< $y := 3 >><< $x >><< $y >><< end >><< $x >>", "232"],
  ['<< get inputs "gone" | default inputs.tenant >> << get inputs.app "odd-key" >>', "team1 x"],
];

/** Go fails with the same, in more words. */
const failing: readonly (readonly [template: string, why: string])[] = [
  ["<< inputs.gone >>", 'map has no entry for key "gone"'],
  ["<< if inputs.app.gone >>x<< end >>", 'map has no entry for key "gone"'],
  ["<< inputs.tenant.x >>", "can't evaluate field x in type "],
  ["<< lower inputs.app.replicas >>", "wrong type for value; expected string; got float64"],
  ['<< indent inputs.app.replicas "x" >>', "expected int; got float64"],
  ["<< lower >>", "wrong number of args for lower: want 1 got 0"],
  ["<< eq inputs.app.replicas 2 >>", "incompatible types for comparison"],
  ['<< inputs.tenant "x" >>', ""],
  ["<< 1 2 >>", "can't give argument to non-function"],
  ["<< range inputs.tenant >>x<< end >>", "range can't iterate over team1"],
  ["<< $gone >>", 'undefined variable "$gone"'],
  ["<< if inputs.yes >>x", ""],
  ["x<< end >>", ""],
  ["<< if inputs.yes >>x<< else >>y<< else >>z<< end >>", ""],
  ["<< inputs.tenant", ""],
  ["<< (inputs.tenant >>", "unclosed left paren"],
  ["<< >>", "missing value for command"],
  ['<< indent -1 "x" >>', "strings: negative Repeat count"],
  ["<< ; >>", ""],
];

function filledIn(template: string, by = inputs): string {
  const budget = new Budget(1_000_000);
  return fillIn(parseTemplate(template, budget), by, budget);
}

describe("fillIn()", () => {
  test.each(filled)("%j", (template, text) => expect(filledIn(template)).toBe(text));

  test.each(failing)("%j fails", (template, why) => {
    expect(() => filledIn(template)).toThrow(TemplateError);
    expect(() => filledIn(template)).toThrow(new RegExp(why.replaceAll(/[.()[\]$]/g, "\\$&")));
  });

  test.each([
    ["a range over a count", "<< range 1000000000000 >><< end >>"],
    ["ranges in ranges", "<< range 1000 >><< range 1000 >>x<< end >><< end >>"],
    ["an indentation", '<< indent 1000000000000 "a" >>'],
    ["an indentation of many lines", "<< inputs.lines | indent 10000 >>"],
    ["what a replacement makes", '<< inputs.long | replace "a" inputs.long >>'],
    ["a text that doubles", `<< $x := inputs.long >>${'<< $x = replace "a" "aa" $x >>'.repeat(20)}`],
    [
      "a long text, looked at again and again",
      "<< range 1000 >><< if eq inputs.long `b` >><< end >><< end >>",
    ],
    ["lists in lists, the same again and again", "<< inputs.lists | toYaml >>"],
    ["a list in itself", "<< inputs.circle >>"],
    ["a list as its own item, as YAML", "<< toYaml inputs.circle >>"],
    ["many variables", "<< $x := 1 >>".repeat(2000) + "<< $x >>".repeat(2000)],
    ["a template of its own", " ".repeat(1_000_001)],
  ])("%s: too much", (_, template) => {
    const circle: Value[] = [];
    circle.push(circle);
    let lists: Value = "a";
    for (let depth = 0; depth < 40; depth++) lists = [lists, lists];
    const by = { long: "a".repeat(10_000), lines: "\n".repeat(1000), lists, circle };
    expect(() => filledIn(template, by)).toThrow(new TemplateError("they make too much"));
  });

  test("an action of many words, and a slug of many hyphens, take no longer than their length tells", () => {
    expect(filledIn(`<< and ${"(1) ".repeat(100_000)}>>`)).toBe("1");
    expect(filledIn("<< slugify inputs.slug >>", { slug: `a${"_".repeat(100_000)}b` })).toHaveLength(100_002);
  });

  test.each([
    ["<< inputs.app | toYaml | nindent 2 >>", "\n  odd-key: x\n  replicas: 2\n  version: 6.7.x"],
    ["<< toYaml inputs.parts >>", "- front\n- back"],
    ['<< slugify "Feat/Some Branch_1-" >>', "feat-some-branch_1"],
  ])("%j, which the operator adds", (template, text) => expect(filledIn(template)).toBe(text));

  test.each([
    ["<< inputs.app | toYaml | sha256sum >>", "sha256sum"],
    ['<< if inputs.no >><< env "HOME" >><< end >>', "env"],
    ['<< define "x" >><< end >>', "define"],
    ["<< range inputs.parts >><< break >><< end >>", "break"],
    ["<< .tenant >>", ". outside of with and range"],
    ["<< $.tenant >>", "$"],
    ["<< 0x10 >>", "0x10"],
    ["<< slugify inputs.wide >>", 'slugify of " Höhen "'],
  ])("%j is not filled in", (template, word) => {
    expect(() => filledIn(template)).toThrow(
      new NotTold(`its template uses ${word}, which flamingo does not fill in`),
    );
  });
});

describe("Go says the same", () => {
  let answers: { text?: string; error?: string }[] | string;

  beforeAll(async () => {
    const templates = [...filled, ...failing].map(([template]) => template);
    const folder = fileURLToPath(new URL("../../go/template", import.meta.url));
    answers = await goRun(folder, JSON.stringify({ inputs, templates })).then(JSON.parse, (error) => {
      if (!(error instanceof NoPrograms) || process.env["CI"]) throw error;
      return error.message;
    });
  }, 300_000);

  test.for(filled.map(([template, text], index) => ({ template, text, index })))(
    "$template",
    ({ text, index }, { skip }) => {
      if (typeof answers === "string") return skip(answers);
      expect(answers[index]).toEqual({ text });
    },
  );

  test.for(failing.map(([template, why], index) => ({ template, why, index: filled.length + index })))(
    "$template fails",
    ({ why, index }, { skip }) => {
      if (typeof answers === "string") return skip(answers);
      expect(answers[index]?.error).toContain(why);
    },
  );
});
