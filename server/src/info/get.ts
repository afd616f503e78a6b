import { fixedLimits, Info, RELEASE } from '@fechatter/contract';
import { open } from '../procedures.ts';
import { publishedPushKinds } from './published-push-kinds.ts';

/** What every deployment of this release has. */
const features = ['bots', 'emoji', 'files', 'reactions', 'receipts', 'threads', 'webhooks'];

export const get = open
  .output(Info)
  .meta({
    openapi: {
      method: 'GET',
      path: '/info',
      summary: 'Get what this deployment offers',
      description:
        'The release, the features that a client can use here, and the limits of what it can send. If `mail` is ' +
        'among the features, addresses can be verified and forgotten passwords reset; with `passkeys` people can use those. ' +
        '`push_kinds` says which devices are notified while they have no stream.',
      tags: ['info'],
      refusals: [],
    },
  })
  .query(async ({ ctx: { deps } }) => {
    const pushKinds = await publishedPushKinds(deps.db.pool);
    const { auth, files, limits, mail, search } = deps.config;
    return {
      release: RELEASE,
      features: [
        ...features,
        ...(search.enabled ? ['search'] : []),
        ...(mail.via === 'off' ? [] : ['mail']),
        ...(auth.passkeys.rpId === '' ? [] : ['passkeys']),
        ...(pushKinds.length === 0 ? [] : ['push']),
      ],
      pushKinds,
      filesUrl: files.publicUrl ?? null,
      limits: {
        ...fixedLimits,
        sendsPerMinute: limits.sendsPerMinute,
        reactionsPerMinute: limits.reactionsPerMinute,
        fileMaxBytes: files.fileMaxBytes,
      },
    };
  });
