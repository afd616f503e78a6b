// What the worker and imports need of it.
export { isPicture } from './media-type.ts';
export { readContent, type StoredFile } from './read-content.ts';
export { storedParts } from './stored-parts.ts';
export { placeOf } from './write-part.ts';
export { createFileContent, type FileContent } from './file-content.ts';
export { sniffedType } from './sniffed-type.ts';
export { takeRoom } from './take-room.ts';
export { writePart } from './write-part.ts';
