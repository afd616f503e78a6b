import { linesOf, many, type Texts } from './text.ts';

const from = linesOf('When', 'From', 'With');

/** The mails in English. */
export const en: Texts = {
  attack: ({ name, when }) => ({
    subject: `Someone is guessing your password at ${name}`,
    paragraphs: [
      `Since ${when} someone has been trying passwords for your account at ${name}, without success so far.`,
      'Your account is not locked: sign in as always, best on a device that you have used before.',
      'If your password is short, or you use it elsewhere, choose another one now.',
    ],
  }),
  codeAttack: ({ name, when }) => ({
    subject: `Someone knows your password at ${name}`,
    paragraphs: [
      `Since ${when} someone who knows the password of your account at ${name} has been trying codes of your authenticator app, without success so far.`,
      'If that is not you, change your password now: on a device on which you are signed in, or by asking for a new one.',
    ],
  }),
  factorAdded: ({ name, when }) => ({
    subject: `Signing in at ${name} needs more than your password now`,
    paragraphs: [
      `Since ${when} there is another way to prove who you are at ${name}: an authenticator app or a passkey was added to your account.`,
      'Keep your recovery codes where you find them without your phone. If it was not you, remove what was added, and change your password.',
    ],
  }),
  factorRemoved: ({ name, when }) => ({
    subject: `A second factor was removed from your account at ${name}`,
    paragraphs: [
      `On ${when} an authenticator app or a passkey was removed from your account at ${name}.`,
      'If it was not you, change your password, and set it up again.',
    ],
  }),
  identityLinked: ({ name, when }) => ({
    subject: `Another way to sign in to your account at ${name}`,
    paragraphs: [
      `Since ${when} you can also sign in to your account at ${name} with a provider that was linked to it.`,
      'If it was not you, remove it in your account, change your password, and sign out all other devices.',
    ],
  }),
  identitiesUnlinked: ({ name, when }) => ({
    subject: `Fewer ways to sign in to your account at ${name}`,
    paragraphs: [
      `When your password was set anew on ${when}, other ways to sign in to your account at ${name} were removed: a provider or another app that led to it before this address was confirmed.`,
      'If they were yours, sign in with the new password, and link the provider again in your account.',
    ],
  }),
  recoveryCodeUsed: ({ name, when, details }) => ({
    subject: `Someone signed in at ${name} with a recovery code`,
    paragraphs: [
      `Someone signed in to your account at ${name} with your password and one of your recovery codes.`,
      from(when, details),
      'If that was you, think of making new codes before they run out. If not, change your password and make new codes.',
    ],
  }),
  newDevice: ({ name, when, details }) => ({
    subject: `New sign-in to your account at ${name}`,
    paragraphs: [
      `Someone signed in to your account at ${name} on a device that it did not know.`,
      from(when, details),
      'If that was you, there is nothing to do. If not, change your password: that signs out all other devices.',
    ],
  }),
  verify: ({ name, when, details }) => ({
    subject: `Confirm your address at ${name}`,
    paragraphs: [
      `Someone, we hope you, gave this address for an account at ${name}. Open this link to confirm that it is yours.`,
      from(when, details),
      'The link is good once, for 30 minutes. If it was not you, do nothing: the account would have your address, and its password is known to the person who made it.',
    ],
    link: 'Confirm this address',
  }),
  addressHeld: ({ name, when, details }) => ({
    subject: `Another account at ${name} wants your address`,
    paragraphs: [
      `Someone gave this address for an account at ${name} that did not have it before. Another account has been using it without having confirmed it. If that one is yours, do not open this link: you would lose it. Sign in to it and confirm your address there.`,
      from(when, details),
      'If you gave the address yourself, and the account that has been using it is not yours, open this link within 30 minutes. Then that account can no longer be signed in to.',
    ],
    link: 'Take this address from the other account',
  }),
  addressTaken: ({ name }) => ({
    subject: `You have an account at ${name}`,
    paragraphs: [
      `Someone, perhaps you, wanted to use this address for another account at ${name}. It has one already.`,
      'If that was you, sign in with it; a forgotten password can be set anew on the page where you sign in.',
      'If it was not you, there is nothing to do: nothing of yours has changed.',
    ],
  }),
  reset: ({ name }) => ({
    subject: `Set a new password at ${name}`,
    paragraphs: [
      `Someone asked for a new password for your account at ${name}. If it was you, open this link.`,
      'The link is good once, for 30 minutes. All devices are signed out by it. If it was not you, do nothing.',
    ],
    link: 'Choose a new password',
  }),
  passwordReset: ({ name, when }) => ({
    subject: `Your password at ${name} was set anew`,
    paragraphs: [
      `The password of your account at ${name} was set anew by a link in a mail to this address, on ${when}.`,
      'All devices were signed out. If it was not you, someone reads your mail: change its password, then this one.',
    ],
  }),
  emailChangeAsked: ({ name, when }) => ({
    subject: `Your account at ${name} is to have another address`,
    paragraphs: [
      `On ${when} someone who knows your password asked for another address for your account at ${name}.`,
      'It holds as soon as the new address is confirmed. If it was not you, change your password now.',
    ],
  }),
  emailChanged: ({ name, when }) => ({
    subject: `Your account at ${name} has another address`,
    paragraphs: [
      `Since ${when} your account at ${name} has another address, and this one is not used for it any more.`,
      'If it was not you, tell the people who run it.',
    ],
  }),
  webhookOff: ({ name, when, details: { webhookId = '' } }) => ({
    subject: `A webhook was switched off at ${name}`,
    paragraphs: [
      `On ${when} a webhook in one of your workspaces at ${name} was switched off: its receiver responded that it is gone, or failed for five days. Events are not sent to it any more.`,
      `Webhook: ${webhookId}`,
      'Its deliveries say what failed. When the receiver works again, switch the webhook on.',
    ],
  }),
  mentions: ({ name, details: { count = 1 } }) => ({
    subject: count === 1 ? `You were mentioned at ${name}` : `You were mentioned ${many(count)} times at ${name}`,
    paragraphs: [
      count === 1
        ? `A message at ${name} mentions you, and you have not read it for a day.`
        : `${many(count)} messages at ${name} mention you, and you have not read them. The first is a day old.`,
      'There is no second mail about them. A conversation that you mute sends you none.',
    ],
    link: `Open ${name}`,
  }),
  test: ({ name }) => ({
    subject: `A test from ${name}`,
    paragraphs: [`This is a test. ${name} can send you mail.`],
  }),
};
