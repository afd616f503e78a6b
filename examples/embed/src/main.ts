import { serve } from '@hono/node-server';
import { build } from 'esbuild';
import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import { fileURLToPath } from 'node:url';
import { createChatDesk } from './chat-desk.ts';
import { customerOf, signIn } from './customers.ts';

// A shop that had its own customers and sign-in before it had a chat. docs/embedding.md walks through it.

const { SERVER = 'http://127.0.0.1:6688', NOTIFY = 'http://127.0.0.1:6687', PORT = '3000' } = process.env;
const { SERVICE_KEY: serviceKey = '', ISSUER_SECRET: issuerSecret = '' } = process.env;
const desk = await createChatDesk({ serverUrl: SERVER, serviceKey, issuerSecret });
const entry = fileURLToPath(new URL('chat.ts', import.meta.url));
const script = await build({ entryPoints: [entry], bundle: true, format: 'esm', minify: true, write: false });

const shop = new Hono();

const page = (body: ReturnType<typeof html>) => html`<!doctype html>
  <html lang="en">
    <title>The shop</title>
    <meta name="viewport" content="width=device-width">
    <h1>The shop</h1>
    ${body}
  </html>`;

shop.get('/', (c) => {
  const customer = customerOf(getCookie(c, 'shop'));
  if (customer === undefined)
    return c.html(
      page(html`<form method="post" action="/sign-in">
        <label>Name <input name="name" required></label>
        <label>Password <input name="password" type="password" required></label>
        <button>Sign in</button>
      </form>`),
    );
  return c.html(
    page(html`<p>Hello, ${customer.name}!</p>
      <form method="post" action="/orders"><button>Order a teapot</button></form>
      <section id="chat" data-server="${SERVER}" data-notify="${NOTIFY}">
        <h2>Chat</h2>
        <ol aria-live="polite"></ol>
        <form><input name="content" aria-label="Message" autocomplete="off" required><button>Send</button></form>
      </section>
      <script type="module" src="/chat.js"></script>`),
  );
});

shop.post('/sign-in', async (c) => {
  const { name = '', password = '' } = Object.fromEntries(new URLSearchParams(await c.req.text()));
  const signedIn = signIn(name, password);
  if (signedIn === undefined) return c.html(page(html`<p>Wrong name or password.</p>`), 403);
  await desk.welcome(signedIn.customer);
  setCookie(c, 'shop', signedIn.cookie, { httpOnly: true, sameSite: 'Lax', path: '/' });
  return c.redirect('/', 303);
});

shop.post('/orders', async (c) => {
  const customer = customerOf(getCookie(c, 'shop'));
  if (customer === undefined) return c.redirect('/', 303);
  await desk.announce(crypto.randomUUID(), `${customer.name} ordered a teapot.`);
  return c.redirect('/', 303);
});

// Only a customer gets a token, and only one for themselves.
shop.post('/chat-token', async (c) => {
  const customer = customerOf(getCookie(c, 'shop'));
  if (customer === undefined) return c.json({}, 401);
  c.header('cache-control', 'no-store');
  return c.json({ token: await desk.token(customer) });
});

shop.get('/chat.js', (c) => c.body(script.outputFiles[0]?.text ?? '', 200, { 'content-type': 'text/javascript' }));

serve({ fetch: shop.fetch, hostname: '127.0.0.1', port: Number(PORT) }, ({ port }) =>
  process.stdout.write(`The shop is open at http://127.0.0.1:${port}\n`),
);
