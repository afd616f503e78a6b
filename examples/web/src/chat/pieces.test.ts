import { expect, test } from 'vitest';
import { piecesOf } from './pieces.ts';

const shown = (content: string) => piecesOf(content).map(({ kind, text }) => `${kind}:${text}`);

test.each([
  ['see https://a.example/x?y=1#z.', ['words:see ', 'link:https://a.example/x?y=1#z', 'words:.']],
  ['(http://a.example/b_(c))', ['words:(', 'link:http://a.example/b_(c)', 'words:)']],
  ['run `npx x` now', ['words:run ', 'code:npx x', 'words: now']],
  ['```ts\nlet a = "https://a.example";\n```\nso', ['block:let a = "https://a.example";', 'words:so']],
  ['javascript:alert(1) data:text/html,x', ['words:javascript:alert(1) data:text/html,x']],
  ['https://', ['words:https://']],
  ['<b>no markup</b>', ['words:<b>no markup</b>']],
  ['https://a.example"onclick="x', ['link:https://a.example', 'words:"onclick="x']],
])('%s', (content, pieces) => {
  expect(shown(content)).toEqual(pieces);
});

test('nothing is lost, and odd texts take no time', () => {
  const text = `${'`a\n'.repeat(1_500)}${'https://'.repeat(300)}${'(https://a.example/'.repeat(50)}`;
  const beganAt = performance.now();
  const said = piecesOf(text).map((piece) => piece.text);
  expect(said.join('')).toBe(text);
  expect(performance.now() - beganAt).toBeLessThan(500);
});
