import { translated } from '../texts/translated.ts';

/** The texts of a workspace's own emoji. */
export const texts = translated('emoji-settings', {
  title: 'Emoji',
  none: 'There is none yet.',
  intro: 'Everyone in the workspace can react with these, and write them as :name:.',
  new: 'New emoji',
  name: 'Its name',
  nameHint: '2 to 32 small letters, digits and underscores.',
  nameWrong: 'The name has 2 to 32 small letters, digits and underscores.',
  picture: 'Its picture',
  pictureHint: 'A PNG, JPEG, GIF, WebP or AVIF of at most 1 MiB. It is made at most 128 pixels wide and high.',
  tooLarge: 'The picture has more than 1 MiB.',
  noPicture: 'Choose a picture.',
  create: 'Add emoji',
  delete: 'Delete',
  deleteName: (name: string) => `Delete ${name}`,
  deleteSure: 'Delete it?',
});
