import { expect, test } from 'vitest';
import { texts as reactionTexts } from '../reactions/texts.ts';
import { texts as typingTexts } from '../typing/texts.ts';

test('what people call themselves, and what they react with, is shown as it is', () => {
  expect(typingTexts.typing(['C# Ada'])).toBe('C# Ada is typing…');
  expect(typingTexts.typing(['C# Ada', 'Bob #2'])).toBe('C# Ada and Bob #2 are typing…');
  expect(reactionTexts.chip('#️⃣', 3)).toBe('#️⃣, 3 people');
});
