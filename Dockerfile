# Four images: `docker build --target server .`, `--target notify`, `--target worker`, and `--target operator` for commands
# that are run by hand.
# Each has Node and 40 MB of our code: no sources, no package manager, no database, nothing for development.

FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS build
ENV CI=true
WORKDIR /source
COPY . .
RUN npx -y pnpm@12.21.0 install --frozen-lockfile --prod --filter-prod @fechatter/deploy...
WORKDIR /source/deploy
RUN node --import tsx src/main.ts /app

FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS runtime
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn-* \
    /usr/local/bin/yarn /usr/local/bin/yarnpkg
ENV NODE_ENV=production
COPY --from=build /app /app
# The mount point of the volume with the content of files: servers and workers share it.
RUN install -d -o 10001 -g 10001 -m 700 /var/lib/fechatter
WORKDIR /app
USER 10001:10001
ENTRYPOINT ["node"]

FROM runtime AS operator
ENTRYPOINT ["node", "bin/fechatter.js"]
CMD ["--help"]

FROM runtime AS worker
ENV FECHATTER_WORKER_HOST=0.0.0.0 FECHATTER_WORKER_PORT=6686
EXPOSE 6686
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["node", "bin/healthy.js", "6686"]
CMD ["bin/worker.js"]

FROM runtime AS notify
ENV FECHATTER_NOTIFY_HOST=0.0.0.0 FECHATTER_NOTIFY_PORT=6687
EXPOSE 6687
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["node", "bin/healthy.js", "6687"]
CMD ["--max-semi-space-size=4", "bin/notify.js"]

FROM runtime AS server
ENV FECHATTER_SERVER_HOST=0.0.0.0 FECHATTER_SERVER_PORT=6688
EXPOSE 6688
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["node", "bin/healthy.js", "6688"]
CMD ["bin/server.js"]
