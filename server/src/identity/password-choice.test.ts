import { expect, test } from 'vitest';
import { checkPasswordChoice } from './password-choice.ts';

const blanks = [' '.repeat(8), '\t \u3000'.repeat(4)];
test.each(['password', 'PassWord', 'password1', '12345678', ' qwertyuiop ', 'ｐａｓｓｗｏｒｄ', ...blanks])(
  '%j is guessed first',
  async (password) => {
    await expect(checkPasswordChoice(password)).rejects.toMatchObject({ reason: 'password_too_common' });
  },
);

test.each(['correct horse battery staple', 'password of my own', 'пароль-из-леса', '12345678 is no good'])(
  '%j is not',
  async (password) => {
    await expect(checkPasswordChoice(password)).resolves.toBeUndefined();
  },
);
