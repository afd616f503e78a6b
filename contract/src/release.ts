/** The release that this is, as `major.minor.patch`: what processes tell the database, and the database each upgrade. */
export const RELEASE = '0.2.0';
