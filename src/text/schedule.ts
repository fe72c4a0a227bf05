import { Cron } from "croner";

/**
 * Whether a cron schedule came up less than a duration ago; undefined for what is no schedule of five fields.
 *
 * @param text "0 22 * * mon-fri", in the time of `zone`
 * @param zone of the IANA's database, "Europe/Berlin"; UTC where there is none of that name
 */
export function cameUpWithin(
  text: string,
  { durationMs, zone, now }: { durationMs: number; zone: string; now: Date },
): boolean | undefined {
  const schedule = scheduleIn(text, isZone(zone) ? zone : "UTC");
  if (!schedule) return undefined;
  const next = schedule.nextRun(new Date(now.getTime() - durationMs));
  return next !== null && next < now;
}

function scheduleIn(text: string, timezone: string): Cron | undefined {
  // names such as @daily are none of the five fields
  if (text.trim().startsWith("@")) return undefined;
  try {
    return new Cron(text, { mode: "5-part", sloppyRanges: true, timezone, paused: true });
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function isZone(zone: string): boolean {
  if (zone === "") return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }) !== undefined;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
