/**
 * This release, as `major.minor.patch`: processes write it to the database, OpenAPI documents state it, and every
 * package.json repeats it.
 */
export const RELEASE = '0.2.0';
