import { fixedLimits, Info, RELEASE } from '@fechatter/contract';
import { open } from '../procedures.ts';

/** What every deployment of this release has. */
const features = ['files', 'reactions', 'receipts', 'threads'];

export const get = open
  .output(Info)
  .meta({
    openapi: {
      method: 'GET',
      path: '/info',
      summary: 'Get what this deployment offers',
      description:
        'The release, the features that a client can use here, and the limits of what it can send. If `mail` is ' +
        'among the features, addresses can be verified and forgotten passwords reset; with `passkeys` people can use those.',
      tags: ['info'],
      refusals: [],
    },
  })
  .query(({ ctx: { deps } }) => {
    const { auth, files, limits, mail, search } = deps.config;
    return {
      release: RELEASE,
      features: [
        ...features,
        ...(search.enabled ? ['search'] : []),
        ...(mail.via === 'off' ? [] : ['mail']),
        ...(auth.passkeys.rpId === '' ? [] : ['passkeys']),
      ],
      filesUrl: files.publicUrl ?? null,
      limits: {
        ...fixedLimits,
        sendsPerMinute: limits.sendsPerMinute,
        reactionsPerMinute: limits.reactionsPerMinute,
        fileMaxBytes: files.fileMaxBytes,
      },
    };
  });
