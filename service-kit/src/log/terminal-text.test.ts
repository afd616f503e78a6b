import { expect, test } from 'vitest';
import { createLog } from './log.ts';
import { terminalJson, terminalLine } from './terminal-text.ts';

const hostile = 'a\u001b[2K\r\n\t\u007f\u009b1A\u0085\u2028\u2029\u202e\u2066\u200f\u061cb\u0000';
// oxlint-disable-next-line no-control-regex
const obeyed = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

test('a line for a terminal has no control sequences, and letters are unchanged', () => {
  expect(terminalLine(hostile)).not.toMatch(obeyed);
  expect(terminalLine(hostile)).toMatch(/^a\\u001b\[2K\\u000d\\u000a\\u0009\\u007f\\u009b1A/);
  expect(terminalLine('Zoë 👩‍💻 שלום')).toBe('Zoë 👩‍💻 שלום');
});

test('JSON for a terminal is the same value', () => {
  const json = JSON.stringify({ name: hostile });
  expect(terminalJson(json)).not.toMatch(obeyed);
  expect(JSON.parse(terminalJson(json))).toEqual({ name: hostile });
});

test.each([true, false])('a log has one line per entry, and no control sequences (pretty: %s)', (pretty) => {
  let written = '';
  const log = createLog({ name: 'server', level: 'info', pretty, to: { write: (line) => void (written += line) } });
  log.info({ path: hostile, nested: { [hostile]: hostile } }, hostile);
  expect(written.split('\n')).toEqual([expect.stringContaining('server'), '']);
  expect(written.slice(0, -1)).not.toMatch(obeyed);
});
