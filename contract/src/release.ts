/**
 * The release that this is, as `major.minor.patch`: what processes tell the database, documents tell readers, and every
 * package.json repeats.
 */
export const RELEASE = '0.2.0';
