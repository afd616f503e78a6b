import { expect, test } from 'vitest';
import { texts } from './texts.ts';

test('the sentences about refusals name nothing that only programmers know', () => {
  for (const [reason, sentence] of Object.entries(texts.reasons)) {
    expect(sentence, reason).toMatch(/^[A-Z0-9].*\.$/);
    expect(sentence, reason).not.toMatch(/`|token|header|operator|call|deployment|Retry-After|request id/i);
  }
});
