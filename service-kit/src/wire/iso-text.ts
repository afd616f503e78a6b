const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
const DATE_CHARS = 11;

const padded = (count: number, text: (n: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, n) => text(n));
const two = (n: number) => String(n).padStart(2, '0');
const minutes = padded(DAY_MS / MINUTE_MS, (n) => `${two(Math.floor(n / 60))}:${two(n % 60)}:`);
const seconds = padded(60, (n) => `${two(n)}.`);
const millis = padded(SECOND_MS, (n) => `${String(n).padStart(3, '0')}Z`);

let knownDay = Number.NaN;
let knownDate = '';

/** The text of `toISOString`, at a quarter of its cost where times of the same day come together. */
export function isoText(date: Date): string {
  const ms = date.getTime();
  const day = Math.floor(ms / DAY_MS);
  if (day !== knownDay) {
    const text = date.toISOString();
    // A year with a sign has another length.
    if (text[DATE_CHARS - 1] !== 'T') return text;
    knownDay = day;
    knownDate = text.slice(0, DATE_CHARS);
  }
  const ofDay = ms - day * DAY_MS;
  const ofMinute = ofDay % MINUTE_MS;
  return (
    knownDate +
    minutes[(ofDay - ofMinute) / MINUTE_MS] +
    seconds[Math.floor(ofMinute / SECOND_MS)] +
    millis[ofMinute % SECOND_MS]
  );
}
