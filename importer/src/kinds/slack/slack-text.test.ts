import { expect, test } from 'vitest';
import { emojiNamed } from '../emoji-named.ts';
import { slackText } from './slack-text.ts';

test('mrkdwn is read: mentions, channels, groups, links, escapes', () => {
  const names = { channelName: (id: string) => (id === 'C1' ? 'general' : undefined) };
  const read = (text: string) => slackText(text, names);
  const plain = (text: string) => read(text).map(String).join('');
  expect(read('hi <@U1> and <@U2|bob>!')).toEqual(['hi ', { person: 'U1' }, ' and ', { person: 'U2' }, '!']);
  expect(read('<!here> <!channel>')).toEqual([{ everyone: true }, ' ', { everyone: true }]);
  expect(plain('<!subteam^S1|@crew> <!subteam^S2> <!date^1^{date}|May 1>')).toBe('@crew @group May 1');
  expect(plain('<#C1> <#C2|old> <#C3>')).toBe('#general #old #unknown-channel');
  expect(plain('<https://a.example/?x=1&amp;y|label> <https://a.example> <mailto:a@b.example|a@b.example>')).toBe(
    'label (https://a.example/?x=1&y) https://a.example a@b.example',
  );
  expect(read('1 &lt; 2 &amp;&amp; 3 &gt; 2 &amp;lt;')).toEqual(['1 < 2 && 3 > 2 &lt;']);
  expect(read('<>')).toEqual(['<>']);
});

test('emoji names become emoji', () => {
  expect(['+1', 'heart', 'tada', 'wave::skin-tone-6', 'constructor'].map(emojiNamed)).toEqual([
    '👍',
    '❤️',
    '🎉',
    '👋🏿',
    ':constructor:',
  ]);
});
