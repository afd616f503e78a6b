/**
 * The output of `superjson.stringify` for an event, made from its known shape: plain objects of strings, numbers, null
 * and dates, without cycles and free keys. A test checks that the bytes equal superjson's; this is five times as fast.
 */
export function serialized(event: object): string {
  const json = JSON.stringify(event);
  const dates: string[] = [];
  collectDates(event, '', dates);
  if (dates.length === 0) return `{"json":${json}}`;
  return `{"json":${json},"meta":{"values":{${dates.join(',')}},"v":1}}`;
}

function collectDates(node: object, path: string, dates: string[]): void {
  for (const [key, value] of Object.entries(node) as [string, unknown][]) {
    if (typeof value !== 'object' || value === null) continue;
    if (value instanceof Date) dates.push(`"${path}${key}":["Date"]`);
    else collectDates(value, `${path}${key}.`, dates);
  }
}
