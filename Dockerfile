# Roadbase with an embedded PostgreSQL. docs/guides/deployment.md says how to run it.
# Debian 13, because the binary of uWebSockets.js for Node.js 24 needs glibc 2.38; it does not run on Alpine.
ARG NODE_IMAGE=docker.io/library/node:24-trixie-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /source
COPY package.json package-lock.json ./
COPY server/package.json server/
COPY sdk/package.json sdk/
COPY cli/package.json cli/
# No scripts of packages run: what they would do is done by what makes the tree.
RUN npm ci --include=dev --include=optional --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/image/write.mjs /image

FROM ${NODE_IMAGE}
ARG VERSION=0.1.0
ARG REVISION
LABEL org.opencontainers.image.title="Roadbase" \
      org.opencontainers.image.description="A self-hosted realtime backend-as-a-service. One app is one document." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production \
    ROADBASE_HOST=0.0.0.0 \
    ROADBASE_PORT=8080 \
    ROADBASE_DATA=/data \
    ROADBASE_APPS=/apps
COPY --from=build /image /app
# Apps may be mounted at /apps, also read-only. The user of the base image has a name, which PostgreSQL asks for.
RUN ln -s /app/cli/bin/roadbase.js /usr/local/bin/roadbase \
 && mkdir /apps /data \
 && chown node:node /data
WORKDIR /data
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "/app/scripts/image/healthcheck.mjs"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["roadbase"]
CMD ["serve"]
