import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './drizzle/src/schema.ts',
  out: './drizzle/migrations',
});
