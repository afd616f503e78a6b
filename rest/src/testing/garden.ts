import { type OpenApiMeta, refuse, type TrpcCall, trpcOptions } from '@fechatter/service-kit';
import { gate } from '@fechatter/service-kit/testing';
import { initTRPC } from '@trpc/server';
import { z } from 'zod';

type Context = Pick<TrpcCall, 'requestId' | 'resHeaders'> & { readonly authorization: string | null };

const t = initTRPC.context<Context>().meta<{ openapi: OpenApiMeta }>().create(trpcOptions());
const about = { summary: 'Tend the garden', tags: ['garden'] };
const signedIn = t.procedure.use(({ ctx, next }) => {
  if (ctx.authorization === null) throw refuse('not_signed_in');
  return next();
});

const Kind = z.enum(['FruitTree', 'RoseBush']);
const Plant = z.object({
  plantId: z.uuid(),
  commonName: z.string(),
  kind: Kind,
  plantedAt: z.date(),
  lastWatered: z.object({ wateredAt: z.date(), byWhom: z.string().nullable() }).nullable(),
  latinName: z.string().optional(),
});
const Sought = z.object({
  bedId: z.string(),
  minHeight: z.number().optional(),
  maxCount: z.int().min(1).default(10),
  inBloom: z.boolean().optional(),
  plantKinds: z.array(Kind).optional(),
  freeText: z.string().nullish(),
});
const plant: z.infer<typeof Plant> = {
  plantId: '0198f0e2-7c1a-7000-8000-000000000001',
  commonName: 'an_appleTree',
  kind: 'FruitTree',
  plantedAt: new Date('2026-01-02T03:04:05.678+02:00'),
  lastWatered: { wateredAt: new Date(0), byWhom: null },
};

/** A small router that uses everything that REST must translate; `left` settles when the caller of `wait` disconnects. */
export function gardenRouter() {
  const asked = gate();
  const left = gate();
  const router = t.router({
    plant: t.router({
      find: t.procedure
        .meta({ openapi: { ...about, method: 'GET', path: '/beds/{bed_id}/plants', isProtected: false } })
        .input(Sought)
        .output(z.object({ plants: z.array(Plant), soughtFor: Sought }))
        .query(({ input }) => ({ plants: [plant], soughtFor: input })),
      first: t.procedure
        .meta({ openapi: { ...about, method: 'GET', path: '/beds/first/plants', isProtected: false } })
        .input(z.object({ maxCount: z.int().optional() }).optional())
        .output(z.object({ givenInput: z.string() }))
        .query(({ input }) => ({ givenInput: JSON.stringify(input) })),
      add: signedIn
        .meta({
          openapi: { ...about, method: 'POST', path: '/beds/{bed_id}/plants', successStatus: 201, refusals: ['busy'] },
        })
        .input(z.object({ bedId: z.string(), newPlants: z.array(z.object({ commonName: z.string() })).min(1) }))
        .output(z.object({ bedId: z.string(), names: z.array(z.string()) }))
        .mutation(({ input, ctx }) => {
          ctx.resHeaders.set('RateLimit-Limit', '5');
          if (input.bedId === 'full') throw refuse('busy', { retryAfterMs: 1_500 });
          if (input.bedId === 'broken') throw new TypeError('a secret of ours');
          return { bedId: input.bedId, names: input.newPlants.map(({ commonName }) => commonName) };
        }),
      remove: signedIn
        .meta({ openapi: { ...about, method: 'DELETE', path: '/plants/{plant_id}', successStatus: 204 } })
        .input(z.object({ plantId: z.string() }))
        .output(z.void())
        .mutation(({ ctx }) => ctx.resHeaders.set('RateLimit-Limit', '5')),
      weather: t.procedure
        .meta({ openapi: { ...about, method: 'GET', path: '/weather', isProtected: false } })
        .output(z.object({ isSunny: z.boolean() }))
        .query(() => ({ isSunny: true })),
      rest: t.procedure
        .meta({ openapi: { ...about, method: 'POST', path: '/rest', successStatus: 204, isProtected: false } })
        .output(z.void())
        .mutation(() => {}),
      wait: t.procedure
        .meta({ openapi: { ...about, method: 'POST', path: '/wait', successStatus: 204, isProtected: false } })
        .output(z.void())
        .mutation(async ({ signal }) => {
          signal?.addEventListener('abort', left.open, { once: true });
          asked.open();
          await left.opened;
        }),
      grow: signedIn
        .meta({ openapi: { ...about, method: 'GET', path: '/growth' } })
        .input(z.object({ lastEventId: z.string().nullish() }).optional())
        .subscription(async function* () {
          yield await Promise.resolve(plant);
        }),
    }),
  });
  return { router, asked: asked.opened, left: left.opened };
}
