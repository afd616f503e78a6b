import { translated } from '../texts/translated.ts';

/** The texts of the pages to which mails lead. */
export const texts = translated('mail-links', {
  changed: 'Your password is changed',
  changedHint: 'All devices are signed out. Sign in with the new password.',
  signIn: 'Sign in',
  choose: 'Choose a new password',
  change: 'Change it',
  newPassword: 'New password',
  hint: 'At least 8 characters. All devices are signed out.',
  thanks: 'Thank you',
  confirmed: 'Your e-mail address is confirmed.',
  goOn: 'Go on',
  isYours: 'Is this address yours?',
  isYoursHint: 'You opened the link in our mail. Confirm that the address it came to is yours.',
  confirm: 'Confirm',
});
