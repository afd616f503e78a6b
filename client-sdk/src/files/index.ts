export { createFiles, type Files } from './create-files.ts';
export type { EmojiInput } from './create-emoji.ts';
export type { UploadInput, UploadOptions, UploadPlace, UploadProgress } from './upload.ts';
