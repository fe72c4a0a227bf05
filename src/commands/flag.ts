/** A flag as data: `cli/parse.ts` turns it into what the parsing library wants. */
export interface Flag<T = unknown> {
  /** as shown in the help: "-n, --namespace <namespace>"; no `<…>` means a switch */
  readonly usage: string;
  readonly description: string;
  /** may be given several times; the value is a list */
  readonly repeatable?: true;
  readonly choices?: readonly string[];
  /** the value that a bare `--flag` stands for; a value of one's own is then written `--flag=VALUE` */
  readonly bare?: string;
  /** text → value; throws usageError() */
  readonly parse?: (text: string) => T;
  /** the value when it is not given; the description tells it, too */
  readonly default?: T;
  /** accepted, but not worth a line in the help */
  readonly hidden?: true;
  /** carries T, never set */
  readonly shape?: T;
}

export type Flags = Readonly<Record<string, Flag>>;

/** The values of flags by the same keys: undefined for one that was not given and has no default. */
export type OptionsOf<F extends Flags> = {
  readonly [K in keyof F]: F[K] extends Flag<infer T>
    ? F[K] extends { readonly default: T }
      ? T
      : T | undefined
    : never;
};

export const toggle = (usage: string, description: string): Flag<boolean> => ({ usage, description });

export const text = (usage: string, description: string): Flag<string> => ({ usage, description });

export const texts = (usage: string, description: string): Flag<string[]> => ({
  usage,
  description,
  repeatable: true,
});

export const choice = <const C extends readonly string[]>(
  usage: string,
  choices: C,
  description: string,
): Flag<C[number]> => ({ usage, description, choices });

export const parsed = <T>(usage: string, description: string, parse: (text: string) => T): Flag<T> => ({
  usage,
  description,
  parse,
});
