export { createFiles, type Files } from './create-files.ts';
export type { UploadInput, UploadOptions, UploadProgress } from './upload.ts';
