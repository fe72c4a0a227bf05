/** Cron's schedules of five fields, as robfig/cron 3 reads them: what Argo CD plans windows with. */

const day = 86_400_000;
const minute = 60_000;
/** robfig/cron looks no further for a time that fits. */
const longestDays = 5 * 366;

interface Field {
  values: ReadonlySet<number>;
  /** "*" or "?": of the two fields for days, the other one decides alone */
  isAny: boolean;
}

interface Schedule {
  minutes: Field;
  hours: Field;
  days: Field;
  months: Field;
  weekdays: Field;
}

const monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const weekdayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/**
 * Whether a schedule came up less than a duration ago; undefined for what is no schedule.
 *
 * @param text "0 22 * * mon-fri", in the time of `zone`
 * @param zone of the IANA's database, "Europe/Berlin"; UTC where there is none of that name
 */
export function cameUpWithin(
  text: string,
  { durationMs, zone, now }: { durationMs: number; zone: string; now: Date },
): boolean | undefined {
  const schedule = scheduleIn(text);
  if (!schedule) return undefined;
  // the time on the wall there, counted as if that were UTC
  const until = now.getTime() + offsetMs(zone, now);
  const since = until - durationMs;
  const last = Math.floor(until / day);
  const first = Math.max(Math.floor(since / day), last - longestDays);
  for (let date = last; date >= first; date--) {
    if (!isOnDay(schedule, new Date(date * day))) continue;
    for (const hour of schedule.hours.values)
      for (const at of schedule.minutes.values) {
        const time = date * day + (hour * 60 + at) * minute;
        if (time > since && time < until) return true;
      }
  }
  return false;
}

function isOnDay({ days, months, weekdays }: Schedule, date: Date): boolean {
  if (!months.values.has(date.getUTCMonth() + 1)) return false;
  const fits = [days.values.has(date.getUTCDate()), weekdays.values.has(date.getUTCDay())];
  return days.isAny || weekdays.isAny ? fits.every(Boolean) : fits.some(Boolean);
}

function scheduleIn(text: string): Schedule | undefined {
  const [a, b, c, d, e, ...more] = text.trim().split(/\s+/);
  const minutes = fieldIn(a, 0, 59);
  const hours = fieldIn(b, 0, 23);
  const days = fieldIn(c, 1, 31);
  const months = fieldIn(d, 1, 12, monthNames);
  const weekdays = fieldIn(e, 0, 6, weekdayNames);
  const isWhole = minutes && hours && days && months && weekdays && more.length === 0;
  return isWhole ? { minutes, hours, days, months, weekdays } : undefined;
}

function fieldIn(text = "", least: number, most: number, names: readonly string[] = []): Field | undefined {
  const number = (word: string) => {
    const named = names.indexOf(word.toLowerCase());
    return named >= 0 ? named + least : /^\d+$/.test(word) ? Number(word) : Number.NaN;
  };
  const values = new Set<number>();
  let isAny = false;
  if (text === "") return undefined;
  for (const part of text.split(",").filter((item) => item !== "")) {
    const [, from = "", to, steps] = /^([^-/]+)(?:-([^-/]+))?(?:\/(\d+))?$/.exec(part) ?? [];
    const isOpen = from === "*" || from === "?";
    const step = steps === undefined ? 1 : Number(steps);
    const start = isOpen ? least : number(from);
    const end = isOpen || (to === undefined && steps !== undefined) ? most : number(to ?? from);
    if (!(start >= least && end <= most && start <= end && step > 0)) return undefined;
    for (let value = start; value <= end; value += step) values.add(value);
    if (isOpen && step === 1) isAny = true;
  }
  return { values, isAny };
}

/** How far the clocks of a zone are ahead of UTC at a moment. */
function offsetMs(zone: string, moment: Date): number {
  if (zone === "") return 0;
  try {
    const format = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
    const name = format.formatToParts(moment).find(({ type }) => type === "timeZoneName")?.value ?? "";
    const [, sign, hours, minutes = "0"] = /^GMT([+-])(\d+)(?::(\d+))?/.exec(name) ?? [];
    if (sign === undefined) return 0;
    return Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * minute;
  } catch (error) {
    if (error instanceof RangeError) return 0;
    throw error;
  }
}
